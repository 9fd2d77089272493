"""Papers with known text, drawn by reportlab when the tests run: what a reader must find, and in which order.

Why: on real documents nobody knows the whole truth; here the words, their order and their places are known exactly.
Idea: each function draws one paper and returns the words a reader should get, margins left out, hyphens rejoined.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

SENTENCES = """
La convention pluriannuelle du projet de renouvellement urbain est signée par la commune et par tous les bailleurs.
Le comité de pilotage s’est réuni en préfecture le 14 février 2019 sous la présidence du sous-préfet délégué à la ville.
Il est rappelé que deux cent quarante logements sociaux seront démolis avant la fin de l’année 2024.
Les habitants relogés bénéficient d’un accompagnement social assuré par l’équipe de maîtrise d’œuvre.
La création d’une place publique, bordée de commerces, doit rendre au quartier son unité perdue.
Le conseil municipal, après en avoir délibéré, approuve l’avenant à l’unanimité des membres présents.
Le financement provient pour un tiers de la région, pour un tiers de l’agence nationale et pour le reste du bailleur.
Les premières études ont montré la fragilité des fondations du centre commercial, bâti en 1968 sur d’anciens marais.
Une réunion publique a permis d’entendre les associations, qui craignaient la disparition des jardins partagés.
Le groupe scolaire sera reconstruit à l’emplacement de l’ancienne caserne, cédée par l’État à l’euro symbolique.
La desserte par le tramway, attendue depuis vingt ans, ouvre le plateau vers la gare et l’université.
Le règlement de la zone prévoit des hauteurs limitées à quatre étages le long de l’avenue principale.
Chaque année, un rapport d’avancement est remis au ministère chargé de la politique de la ville.
Les parkings souterrains, fermés après l’incendie de 1997, ont été comblés puis recouverts d’un mail planté.
""".strip().split("\n")  # fmt: skip

PAGE_WIDTH, PAGE_HEIGHT = 595.0, 842.0


def sentences(start: int, count: int) -> str:
    """``count`` sentences from the ``start``-th on."""
    return " ".join(islice(cycle(SENTENCES), start, start + count))


def soft_breaks(word: str) -> list[int]:
    """Where a long word may be cut at a line's end: before a consonant followed by a vowel, three letters inside."""
    vowels = "aeiouyéèêàâîôûœ"
    return [i for i in range(3, len(word) - 3) if word.isalpha() and word[i] not in vowels and word[i + 1] in vowels]


@dataclass
class Paper:
    """A canvas that remembers what it was given to draw."""

    path: Path
    words: list[str] = field(default_factory=list)
    font: str = "Times-Roman"
    size: float = 10.5

    def __post_init__(self) -> None:
        self.canvas = Canvas(str(self.path), pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)

    def tell(self, text: str) -> None:
        """Note words a reader should find next."""
        self.words += text.split()

    def line(
        self, text: str, x: float, y: float, *, told: bool = True, size: float | None = None, font: str = ""
    ) -> None:
        """Draw one line."""
        self.canvas.setFont(font or self.font, size or self.size)
        self.canvas.drawString(x, y, text)
        if told:
            self.tell(text)

    def wrap(self, text: str, width: float, *, hyphenate: bool = False, indent: float = 0.0) -> list[str]:
        """Cut a text into lines no wider than ``width``."""
        lines, current, room = [], "", width - indent
        for word in text.split():
            longer = f"{current} {word}".strip()
            if stringWidth(longer, self.font, self.size) <= room:
                current = longer
                continue
            if hyphenate:
                for cut in reversed(soft_breaks(word)):
                    head = f"{current} {word[:cut]}-".strip()
                    if stringWidth(head, self.font, self.size) <= room:
                        current, word = head, word[cut:]
                        break
            lines.append(current)
            current, room = word, width
        return [*lines, current]

    def column(
        self,
        text: str,
        x: float,
        y: float,
        width: float,
        *,
        justify: bool = False,
        hyphenate: bool = False,
        indent: float = 0.0,
        told: bool = True,
        leading: float = 1.2,
    ) -> float:
        """Draw a paragraph; returns the height of the next line."""
        lines = self.wrap(text, width, hyphenate=hyphenate, indent=indent)
        for number, line in enumerate(lines):
            shift = indent if number == 0 else 0.0
            words = line.split()
            spare = width - shift - stringWidth(line, self.font, self.size)
            stretch = spare / (len(words) - 1) if justify and number < len(lines) - 1 and len(words) > 1 else 0.0
            pen = self.canvas.beginText(x + shift, y)
            pen.setFont(self.font, self.size)
            pen.setWordSpace(stretch)
            pen.textOut(line)
            self.canvas.drawText(pen)
            y -= leading * self.size
        if told:
            self.tell(text)
        return y

    def save(self) -> list[str]:
        """Write the file; returns the words to find."""
        self.canvas.save()
        return self.words


def one_column(path: Path) -> list[str]:
    """Four pages with running heads, feet and page numbers; paragraphs indented."""
    paper = Paper(path)
    for page in range(1, 5):
        paper.line("Ville de Sault-le-Haut", 60, 800, told=False, size=9)
        paper.line("Compte rendu du 12 mars 2019", 400, 800, told=False, size=9)
        y = 760.0
        for number in range(5):
            y = paper.column(sentences(page * 3 + number, 5), 60, y, 470, indent=18)
        paper.line(f"Direction de l’urbanisme – page {page} sur 4", 60, 40, told=False, size=8)
        paper.line(str(page), 520, 40, told=False, size=8)
        paper.canvas.showPage()
    return paper.save()


def repeated_formulas(path: Path) -> list[str]:
    """Eight pages under one head: a formula opens two of them, a file number ends another."""
    paper = Paper(path)
    for page in range(1, 9):
        paper.line("Ville de Sault-le-Haut", 60, 800, told=False, size=9)
        if page in (3, 5):
            paper.line("Le conseil, après avoir entendu son rapporteur, décide à l’unanimité :", 60, 770)
        paper.column(sentences(page * 3, 12), 60, 740, 470)
        if page == 4:
            paper.line("(dossier n° 2013/2).", 60, 70)
            paper.line("2013/2).", 60, 55)
        paper.canvas.showPage()
    return paper.save()


def two_columns_under_title(path: Path) -> list[str]:
    """A full-width title, two justified columns, a full-width closing paragraph."""
    paper = Paper(path)
    for page in range(2):
        title = ("Le renouvellement du plateau, une histoire de trente années", "Ce que disent les habitants")[page]
        paper.line(title, 60, 790, size=18, font="Times-Bold")
        left, right = sentences(page, 8), sentences(page + 5, 8)
        bottom = paper.column(left, 60, 750, 225, justify=True)
        bottom = min(bottom, paper.column(right, 310, 750, 225, justify=True))
        paper.column(sentences(page + 9, 3), 60, bottom - 24, 475)
        paper.canvas.showPage()
    return paper.save()


def three_columns(path: Path) -> list[str]:
    """A newspaper page: three narrow columns, hyphenated, with a headline over two of them."""
    paper = Paper(path, size=9.5)
    paper.line("Le journal du plateau", 60, 800, size=22, font="Times-Bold")
    for column in range(3):
        x, y = 50 + column * 170, 760.0
        for number in range(4):
            y = paper.column(sentences(column * 4 + number * 2, 3), x, y, 150, hyphenate=True, indent=10)
    return paper.save()


def uneven_columns(path: Path) -> list[str]:
    """Two columns of other sizes and leadings, whose lines stand level nowhere; drawn line by line across."""
    paper = Paper(path)
    paper.column(sentences(0, 9), 60, 780, 300, leading=1.3)
    paper.font, paper.size = "Helvetica", 8.5
    paper.column(sentences(6, 5), 400, 776, 140, leading=1.45)
    return paper.save()


def footnotes(path: Path) -> list[str]:
    """Body text with raised note numbers, and notes in small type under a rule."""
    paper = Paper(path)
    y = paper.column(sentences(0, 7), 60, 780, 470)
    y -= 8
    start = "Le protocole de préfiguration a été signé en 2015"
    paper.line(start, 60, y)
    end = 60 + stringWidth(start, paper.font, paper.size)
    paper.line("1", end, y + 4, told=False, size=6.5)
    paper.words[-1] += "1"
    paper.line("puis prolongé deux fois.", end + 7, y)
    paper.column(sentences(3, 6), 60, y - 20, 470)
    paper.canvas.line(60, 120, 200, 120)
    paper.size = 8
    paper.line("1", 60, 108, size=5.5, told=False)
    paper.line("Protocole du 3 mars 2015, archives municipales, cote 12 W 45.", 66, 105, told=False)
    paper.tell("1 Protocole du 3 mars 2015, archives municipales, cote 12 W 45.")
    return paper.save()


ROWS = [
    ("Démolition de la tour Nord", "Office public", "1 250 000,00", "2017"),
    ("Réhabilitation de l’îlot des Tanneurs", "Société coopérative", "3 480 500,50", "2018"),
    ("Création du mail planté", "Commune", "640 000,00", "2018"),
    ("Groupe scolaire Jean-Macé", "Commune", "5 112 300,00", "2019"),
    ("Relogement et accompagnement", "Office public", "310 000,00", "2020"),
]


def ruled_table(path: Path) -> list[str]:
    """A paragraph, a ruled financing table, a paragraph."""
    paper = Paper(path)
    y = paper.column(sentences(1, 3), 60, 780, 470) - 10
    edges = [60, 250, 370, 460, 520]
    top = y + 12
    for row in [("Opération", "Maître d’ouvrage", "Montant en euros", "Année"), *ROWS]:
        for x, cell in zip(edges, row, strict=False):
            paper.line(cell, x + 4, y, size=9.5)
        y -= 18
    for number in range(len(ROWS) + 2):
        paper.canvas.line(60, top - 18 * number, 520, top - 18 * number)
    for x in edges:
        paper.canvas.line(x, top, x, top - 18 * (len(ROWS) + 1))
    paper.column(sentences(4, 4), 60, y - 12, 470)
    return paper.save()


def bare_table(path: Path) -> list[str]:
    """A table without rules, figures set right, between two paragraphs."""
    paper = Paper(path)
    y = paper.column(sentences(2, 3), 60, 780, 470) - 12
    for name, owner, amount, year in ROWS:
        paper.line(name, 60, y)
        paper.line(owner, 270, y)
        paper.canvas.drawRightString(440, y, amount)
        paper.tell(amount)
        paper.line(year, 480, y)
        y -= 15
    paper.column(sentences(6, 4), 60, y - 12, 470)
    return paper.save()


def fake_bold(path: Path) -> list[str]:
    """Headings printed twice, a fraction of a point apart, as old word processors made bold."""
    paper = Paper(path)
    y = 780.0
    for number in range(4):
        title = ("Première partie", "Bilan des opérations", "Annulation des appels", "Calendrier")[number]
        paper.line(title, 60, y, size=13)
        for shift in (0.35, 0.7):
            paper.line(title, 60 + shift, y, size=13, told=False)
        y = paper.column(sentences(number * 3, 4), 60, y - 22, 470) - 14
    return paper.save()


def turned(path: Path) -> list[str]:
    """A page to be shown turned by a quarter, and one with a line of text running up its margin."""
    paper = Paper(path)
    paper.canvas.setPageRotation(90)  # reportlab lays the sheet on its side as well
    paper.canvas.translate(PAGE_HEIGHT, 0)
    paper.canvas.rotate(90)
    paper.column(sentences(0, 8), 60, 780, 470)
    paper.canvas.showPage()
    paper.canvas.setPageRotation(0)
    paper.column(sentences(5, 8), 80, 780, 440)
    paper.canvas.saveState()
    paper.canvas.translate(40, 300)
    paper.canvas.rotate(90)
    paper.line("Archives départementales, série W", 0, 0)
    paper.canvas.restoreState()
    return paper.save()


def hyphens(path: Path) -> list[str]:
    """Narrow justified text with many hyphens at line ends."""
    paper = Paper(path)
    y = 780.0
    for number in range(5):
        y = paper.column(sentences(number * 3, 4), 150, y, 210, justify=True, hyphenate=True, indent=12)
    return paper.save()


def two_fonts(path: Path) -> list[str]:
    """Sound text in one font and text in a font whose ToUnicode map gives Mac Roman codes plus 0x20."""
    paper = Paper(path)
    y = paper.column(sentences(0, 4), 60, 780, 470) - 20
    paper.font = "Helvetica"
    text = sentences(4, 4)
    paper.column(text, 60, y, 470, told=False)
    paper.tell(lie(text))
    paper.save()
    _make_font_lie(path, "Helvetica")
    return paper.words


def lie(text: str) -> str:
    """What a reader gets from the lying font."""
    return "".join(c if c < "\x80" else chr((c.encode("mac_roman")[0] + 0x20) & 0xFF) for c in text)


def _make_font_lie(path: Path, base: str) -> None:
    maps = [(code, bytes([code]).decode("cp1252", "ignore")) for code in range(0x80, 0x100)]
    lines = "\n".join(f"<{code:02X}> <{ord(lie(char)):04X}>" for code, char in maps if char and _in_mac_roman(char))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /L def 1 begincodespacerange <00> <FF> "
        f"endcodespacerange 1 beginbfrange <20> <7E> <0020> endbfrange {lines.count('<') // 2} beginbfchar\n{lines}\n"
        "endbfchar endcmap end end"
    )
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        for font in document.pages[0].Resources.Font.values():
            if str(font.BaseFont) == f"/{base}":
                font.ToUnicode = document.make_stream(cmap.encode())
        document.save(path, deterministic_id=True)


def _in_mac_roman(char: str) -> bool:
    try:
        char.encode("mac_roman")
    except UnicodeEncodeError:
        return False
    return True


def ligatures(path: Path) -> list[str]:
    """One glyph for two letters, alike or not, as typesetters' fonts have them."""
    paper = Paper(path, font="Helvetica")
    y = 780.0
    for start in range(3):
        text = sentences(start * 4, 4)
        paper.column(text.replace("tt", "Q").replace("ss", "X").replace("fi", "Z"), 60, y, 470, told=False)
        paper.tell(text)
        y -= 80
    paper.save()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        (font,) = (f for f in document.pages[0].Resources.Font.values() if str(f.BaseFont) == "/Helvetica")
        pairs = "\n".join(
            f"<{ord(key):02X}> <{ord(a):04X}{ord(b):04X}>"
            for key, (a, b) in zip("QXZ", ("tt", "ss", "fi"), strict=True)
        )
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /L def 1 begincodespacerange <00> "
            f"<FF> endcodespacerange 3 beginbfchar\n{pairs}\nendbfchar endcmap end end"
        )
        font.ToUnicode = document.make_stream(cmap.encode())
        document.save(path, deterministic_id=True)
    return paper.words


def letterhead(path: Path) -> list[str]:
    """A council's minutes: a narrow margin of particulars level with the opening paragraph, to be kept apart."""
    paper = Paper(path)
    margin = ["Nombre de conseillers", "en exercice : 17", "Présents : 15", "Votants : 15", "Procurations : 0"]
    for number, line in enumerate(margin):
        paper.line(line, 50, 740 - number * 1.2 * paper.size)
    paper.column(sentences(1, 5), 190, 740, 350, justify=True)
    paper.column(sentences(7, 6), 50, 600, 490)
    return paper.save()


def lists(path: Path) -> list[str]:
    """Headings, bullets, numbered items whose text runs over two lines."""
    paper = Paper(path)
    y = 780.0
    for number in range(3):
        paper.line(f"{number + 1}. Les actions engagées", 60, y, size=13, font="Times-Bold")
        y -= 22
        for item in range(3):
            paper.line("•", 70, y)
            y = paper.column(sentences(number * 3 + item, 2), 84, y, 440) - 2
        y -= 14
    return paper.save()


def positioned_words(path: Path) -> list[str]:
    """No space is drawn: every word is put at its place, as typesetting programs do; the heading is letterspaced."""
    paper = Paper(path)
    paper.canvas.setFont("Helvetica-Bold", 14)
    pen = paper.canvas.beginText(60, 790)
    pen.setCharSpace(4)
    pen.textOut("RAPPORT ANNUEL")
    paper.canvas.drawText(pen)
    paper.tell("RAPPORT ANNUEL")
    y = 760.0
    for line in paper.wrap(sentences(0, 12), 470):
        x = 60.0
        for word in line.split():
            pen = paper.canvas.beginText(x, y)
            pen.setFont(paper.font, paper.size)
            pen.setCharSpace(0)
            pen.textOut(word)
            paper.canvas.drawText(pen)
            x += stringWidth(word + " ", paper.font, paper.size)
        y -= 13
    paper.tell(sentences(0, 12))
    return paper.save()


def scattered(path: Path) -> list[str]:
    """Two columns drawn from the bottom up, right column first."""
    paper = Paper(path)
    for text, x in ((sentences(6, 7), 310), (sentences(0, 7), 60)):
        lines = paper.wrap(text, 225)
        for number in reversed(range(len(lines))):
            paper.line(lines[number], x, 780 - 13 * number, told=False)
    paper.tell(sentences(0, 7))
    paper.tell(sentences(6, 7))
    return paper.save()


def text_cells(path: Path) -> list[str]:
    """A table of text: each row has two cells of several lines, read row by row."""
    paper = Paper(path, size=9.5)
    y = 780.0
    for number in range(5):
        one, two = sentences(number * 2, 1), sentences(number * 2 + 1, 2)
        bottom = paper.column(one, 60, y, 180)
        y = min(bottom, paper.column(two, 270, y, 260)) - 14
    return paper.save()


def cropped(path: Path) -> list[str]:
    """A page whose crop box hides printer's marks and whose media box starts elsewhere than at the origin."""
    paper = Paper(path)
    paper.column(sentences(0, 10), 90, 740, 400)
    paper.line("REPERE-IMPRIMEUR", 5, 825, told=False)
    paper.save()
    with pikepdf.open(path, allow_overwriting_input=True) as document:
        page = document.pages[0]
        page.MediaBox = pikepdf.Array([-20, -20, 615, 862])
        page.CropBox = pikepdf.Array([60, 60, 540, 800])
        document.save(path, deterministic_id=True)
    return paper.words


PAPERS: tuple[Callable[[Path], list[str]], ...] = (
    one_column, two_columns_under_title, three_columns, uneven_columns, footnotes, ruled_table, bare_table, fake_bold,
    turned, hyphens, two_fonts, ligatures, letterhead, lists, positioned_words, scattered, text_cells, cropped,
)  # fmt: skip


def scan(path: Path, *, layer: str = "") -> None:
    """A page that is one picture of text, with an invisible text layer if ``layer`` is given."""
    picture = Image.new("L", (1240, 1754), 255)
    pen = ImageDraw.Draw(picture)
    for number, sentence in enumerate(SENTENCES):
        pen.text((120, 150 + 60 * number), sentence[:90], fill=0, font_size=24)
    data = io.BytesIO()
    picture.save(data, "PNG")
    canvas = Canvas(str(path), pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1)
    canvas.drawImage(ImageReader(data), 0, 0, PAGE_WIDTH, PAGE_HEIGHT)
    if layer:
        for number, line in enumerate(layer.split("\n")):
            pen_text = canvas.beginText(58, 842 - 80 - 28.8 * number)
            pen_text.setFont("Times-Roman", 10)
            pen_text.setTextRenderMode(3)
            pen_text.textOut(line)
            canvas.drawText(pen_text)
    canvas.save()
