"""Documents into pages: PDF through reportlab, plain text, HTML, and a scan made from a page's picture.

Why: the sample must look like what archives hold, and be built again byte for byte from its texts.
Idea: one small style sheet and two faces (Caladea, Source Sans Pro: free fonts shipped by the packages ``font-caladea``
and ``font-source-sans-pro``); everything that could vary (dates, ids, noise) is fixed.
Limits: A4, one or two columns, one size of table.
"""

from __future__ import annotations

import html
import importlib.util
import random
import re
import textwrap
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from tools.build_corpus.damage import HARD_SPACE, LYING_SUFFIX, rewrite_maps
from tools.build_corpus.source import NBSP, Block, Document, unmarked

FACES = {  # face: (package, its module, regular, bold, italic)
    "serif": ("font-caladea", "font_caladea", "Caladea-Regular", "Caladea-Bold", "Caladea-Italic"),
    "sans": (
        "font-source-sans-pro",
        "font_source_sans_pro",
        "SourceSansPro-Regular",
        "SourceSansPro-Bold",
        "SourceSansPro-It",
    ),
}
WIDTH, HEIGHT = A4
MARGIN, TOP, FOOT = 62.0, 74.0, 60.0
RULE = colors.Color(0.35, 0.35, 0.4)
FIGURE = re.compile(r"[*\d\W]*\d[*\d\W]*")
PALE = colors.Color(0.9, 0.9, 0.92)


class FontMissing(RuntimeError):
    """A font package is not installed; the message names it."""


def font_files(face: str) -> list[Path]:
    """The regular, bold and italic files of a face. Raises ``FontMissing``."""
    package, module, *names = FACES[face]
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise FontMissing(f"The sample corpus is set in a font of the package {package}: pip install {package}")
    return [Path(spec.origin).parent / "files" / f"{name}.ttf" for name in names]


def render(document: Document) -> bytes:
    """The bytes of one document, in the format its file name asks for."""
    suffix = Path(document.file).suffix
    if suffix == ".txt":
        newline, encoding, width = document.head["layout"].split()
        text = plain_text_page(document, int(width)).replace("\n", {"crlf": "\r\n", "lf": "\n"}[newline])
        return text.encode(encoding)
    if suffix == ".html":
        return html_page(document).encode("utf-8")
    pdf = rewrite_maps(pdf_bytes(document), document.head.get("lies"))
    return scan_bytes(pdf, seed=document.file) if document.head["layout"] == "scan" else pdf


def plain_text_page(document: Document, width: int) -> str:
    """The document as a typist would leave it: lines of ``width`` characters, a blank line between blocks."""
    wrap = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
    page = ""
    before = ""
    for block in document.blocks:
        text = "\n".join(" ; ".join(row) for row in block.rows) or unmarked(block.text)
        tight = block.kind == before == "item"
        page += ("" if tight or not page else "\n") + wrap.fill(("- " if block.kind == "item" else "") + text) + "\n"
        before = block.kind
    return page


def html_page(document: Document) -> str:
    """The document as a page of a web site, with a menu and a foot that are not its text."""
    tags = {"title": "h1", "heading": "h2", "paragraph": "p", "lines": "p", "item": "li"}
    body = []
    for block in document.blocks:
        if block.rows:
            titles, *rows = block.rows
            body.append("<table>\n<tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in titles) + "</tr>")
            body += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in rows]
            body.append("</table>")
        else:
            text = html.escape(unmarked(block.text), quote=False).replace("\n", "<br>\n").replace(NBSP, "&nbsp;")
            body.append(f"<{tags[block.kind]}>{text}</{tags[block.kind]}>")
    content = re.sub(r"(?:<li>.*</li>\n?)+", lambda run: f"<ul>\n{run[0].rstrip()}\n</ul>\n", "\n".join(body))
    head = document.head
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{html.escape(head['title'])}</title>\n"
        f'<meta name="author" content="{html.escape(head["issuer"])}">\n'
        f'<meta name="date" content="{head["date"]}">\n</head>\n<body>\n'
        '<nav><a href="#">Accueil</a> <a href="#">Dossiers</a> <a href="#">Archives</a></nav>\n'
        f"<main>\n<article>\n{content}\n</article>\n</main>\n"
        f"<footer>{html.escape(head['shelfmark'])} – {html.escape(head['rights'])}</footer>\n</body>\n</html>\n"
    )


def pdf_bytes(document: Document) -> bytes:
    """The document as an A4 PDF whose maps are still honest."""
    fonts = _register(document.head.get("face", "serif"), document.head.get("lying", "regular"))
    if lying_role := document.head.get("all-lying"):
        fonts[lying_role] = fonts["lying"]
    pdfmetrics.registerFontFamily(fonts["regular"], normal=fonts["regular"], bold=fonts["bold"], italic=fonts["italic"])
    styles = _styles(fonts, columns=document.head["layout"] == "columns")
    out = BytesIO()
    template = BaseDocTemplate(
        out,
        pagesize=A4,
        title=document.head["title"],
        author=document.head["issuer"],
        invariant=1,
        lang="fr",
    )
    template.addPageTemplates(_page_templates(document, fonts))
    story: list[Flowable] = [NextPageTemplate("next")]
    for block in document.blocks:
        story += _flowables(block, styles, fonts)
    template.build(story)
    return out.getvalue()


def scan_bytes(pdf: bytes, *, seed: str) -> bytes:
    """Pages as a flat-bed scanner leaves them: 300 dpi, black and white, a little askew, with specks; no text."""
    dust = random.Random(seed)
    sheets = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            picture = page.render(scale=300 / 72, grayscale=True).to_pil()
            picture = picture.rotate(dust.uniform(-0.6, 0.6), resample=Image.Resampling.BICUBIC, fillcolor=255)
            for _ in range(400):
                spot = dust.randrange(picture.width - 2), dust.randrange(picture.height - 2)
                picture.paste(
                    dust.choice((0, 255)), (*spot, spot[0] + dust.randint(1, 2), spot[1] + dust.randint(1, 2))
                )
            sheets.append(picture.point(lambda level: 255 * (level > 150)).convert("1"))
    out = BytesIO()
    fixed = time.struct_time((2001, 1, 1, 0, 0, 0, 0, 1, 0))
    first, *others = sheets
    first.save(out, "PDF", resolution=300, save_all=True, append_images=others, creationDate=fixed, modDate=fixed)
    return rewrite_maps(out.getvalue(), None)


def _register(face: str, lying: str) -> dict[str, str]:
    """Register a face and the lying copy of its ``lying`` weight; return role -> font name."""
    roles = dict(zip(("regular", "bold", "italic"), font_files(face), strict=True))
    names = {}
    for role, path in [*roles.items(), ("lying", roles[lying])]:
        names[role] = f"{path.stem}{LYING_SUFFIX if role == 'lying' else ''}"
        font = TTFont(names[role], str(path))
        font.face.name = names[role].encode("ascii")
        hard, space = ord(HARD_SPACE), ord(" ")
        font.face.charToGlyph[hard] = font.face.charToGlyph[space]
        font.face.charWidths[hard] = font.face.charWidths[space]
        pdfmetrics.registerFont(font)
    return names


def _styles(fonts: dict[str, str], *, columns: bool) -> dict[str, ParagraphStyle]:
    size = 9.6 if columns else 11.0
    body = ParagraphStyle(
        "paragraph",
        fontName=fonts["regular"],
        fontSize=size,
        leading=size * 1.36,
        spaceAfter=size * 0.62,
        alignment=TA_JUSTIFY,
    )
    cell = ParagraphStyle("cell", parent=body, fontSize=size - 1, leading=size * 1.2, alignment=0, spaceAfter=0)
    bold = fonts["bold"]
    return {
        "paragraph": body,
        "lines": ParagraphStyle("lines", parent=body, alignment=0),
        "item": ParagraphStyle("item", parent=body, leftIndent=16, bulletIndent=4, spaceAfter=5),
        "title": ParagraphStyle(
            "title", parent=body, fontName=bold, fontSize=15.5, leading=20, alignment=TA_CENTER, spaceAfter=14
        ),
        "heading": ParagraphStyle(
            "heading", parent=body, fontName=bold, fontSize=size + 1, alignment=0, spaceBefore=8, keepWithNext=1
        ),
        "cell": cell,
        "figure": ParagraphStyle("figure", parent=cell, alignment=TA_RIGHT),
    }


def _flowables(block: Block, styles: dict[str, ParagraphStyle], fonts: dict[str, str]) -> list[Flowable]:
    if block.kind == "page":
        return [PageBreak()]
    if block.kind == "columns":
        return [FrameBreak()]
    if block.rows:
        return [Spacer(1, 4), _table(block, styles, fonts), Spacer(1, 12)]
    bullet = "–" if block.kind == "item" else None
    return [Paragraph(_markup(block.text, fonts), styles[block.kind], bulletText=bullet)]


def _table(block: Block, styles: dict[str, ParagraphStyle], fonts: dict[str, str]) -> Table:
    """A ruled table, figures to the right; or signatures side by side, with room to sign."""
    cells = []
    for row in block.rows:
        kinds = ["figure" if at and FIGURE.fullmatch(cell) else "cell" for at, cell in enumerate(row)]
        cells.append([Paragraph(_markup(cell, fonts), styles[kind]) for cell, kind in zip(row, kinds, strict=True)])
    room, count, signed = WIDTH - 2 * MARGIN, len(block.rows[0]), block.kind == "signatures"
    first = 1 / count if signed else 0.34 if count > 2 else 0.65 if FIGURE.fullmatch(block.rows[-1][1]) else 0.22
    widths = [room * first] + [room * (1 - first) / (count - 1)] * (count - 1)
    look: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP" if signed else "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
    if signed:
        look.append(("BOTTOMPADDING", (0, -1), (-1, -1), 26))
    else:
        look += [("GRID", (0, 0), (-1, -1), 0.6, colors.black), ("BACKGROUND", (0, 0), (-1, 0), PALE)]
    return Table(cells, colWidths=widths, repeatRows=0 if signed else 1, style=TableStyle(look))


def _markup(text: str, fonts: dict[str, str]) -> str:
    """The marks of a text as reportlab's inline tags."""
    text = html.escape(text, quote=False).replace(NBSP, HARD_SPACE).replace("~", "&shy;").replace("\n", "<br/>")
    text = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", text)
    return re.sub(r"\{(.+?)\}", rf'<font name="{fonts["lying"]}">\1</font>', text, flags=re.DOTALL)


def _page_templates(document: Document, fonts: dict[str, str]) -> list[PageTemplate]:
    room, height = WIDTH - 2 * MARGIN, HEIGHT - TOP - FOOT
    draw = _page_drawer(document, fonts)
    if document.head["layout"] != "columns":
        frame = Frame(MARGIN, FOOT, room, height, 0, 0, 0, 0)
        return [PageTemplate(name, [frame], onPage=draw) for name in ("first", "next")]
    gap, banner = 24.0, 96.0
    column = (room - gap) / 2

    def pair(tall: float) -> list[Frame]:
        return [Frame(x, FOOT, column, tall, 0, 0, 0, 0) for x in (MARGIN, MARGIN + column + gap)]

    top = Frame(MARGIN, FOOT + height - banner, room, banner, 0, 0, 0, 0)
    return [
        PageTemplate("first", [top, *pair(height - banner)], onPage=draw),
        PageTemplate("next", pair(height), onPage=draw),
    ]


def _page_drawer(document: Document, fonts: dict[str, str]) -> Callable[[Canvas, BaseDocTemplate], None]:
    """Running head, rule and foot of every page."""
    head = document.head.get("running", document.head["issuer"])
    foot = document.head.get("foot", document.head["shelfmark"])

    def draw(canvas: Canvas, template: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFillColor(colors.black if document.head["layout"] == "scan" else RULE)
        canvas.setStrokeColor(RULE)
        canvas.setFont(fonts["italic"], 9)
        canvas.drawString(MARGIN, HEIGHT - 48, head.replace(NBSP, " "))
        canvas.line(MARGIN, HEIGHT - 54, WIDTH - MARGIN, HEIGHT - 54)
        canvas.drawString(MARGIN, 38, foot)
        canvas.drawRightString(WIDTH - MARGIN, 38, f"Page {template.page}")
        canvas.restoreState()

    return draw
