"""Fonts judged by all they drew: the lying ones convicted, the sound ones never touched."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import numpy as np
import pytest

from pipeline.evaluate.damage import ACCENTED, FAMILIES, QUOTES
from pipeline.extract import open_document
from pipeline.records import Edit, Glyphs, Page
from pipeline.repair import repair_on
from pipeline.repair.changes import apply_changes, in_order
from pipeline.repair.doubts import font_doubts
from pipeline.repair.fonts import decide_fonts, family, font_changes
from pipeline.settings import Settings
from pipeline.sources import source_of

Drawn = Sequence[tuple[str, str]]  # (font, text) stretches
FIXED = {family.name: family.damage for family in FAMILIES}

BODY = (
    "La Délégation à l’aménagement a présenté son rapport à l’hôtel de ville. Les façades des immeubles élevés après la "
    "guerre étaient dégradées ; l’État, la région et les collectivités associées se sont engagés à les réhabiliter. "
    "Les crédits prévus ont été répartis entre les opérations de rénovation et la création d’équipements de proximité. "
)
SOUND = (
    "Le maire a répondu que le « café des Arts », né avant-guerre, était ouvert été comme hiver et qu’à ses yeux le "
    "problème n’était pas là : ® et © sont des marques, ç et è des lettres, õ un son de São Paulo. "
)

GERMAN = (
    "Außerdem wäre für Straßburg „die Große Insel“ zu nennen: Gäßchen, Höfe und Häuser, über die schon früh Bürger wie "
    "Müller, Böhm und Weiß geschrieben haben; möchte man mehr wissen, so öffne man die Bücher der Küfer und Färber. "
)


def page(stretches: Drawn, number: int = 1) -> Page:
    """A page drawn stretch by stretch, each in its font; line breaks are drawn by none."""
    fonts = tuple(dict.fromkeys(font for font, _ in stretches))
    text = "".join(piece for _, piece in stretches)
    ids = np.array([fonts.index(font) for font, piece in stretches for _ in piece], dtype=np.int16)
    ids[[place for place, char in enumerate(text) if char == "\n"]] = -1
    boxes = np.zeros((len(text), 4), dtype=np.float32)
    return Page(
        number=number,
        raw_text=text,
        method="text-layer",
        glyphs=Glyphs(fonts=fonts, font_ids=ids, boxes=boxes),
    )


def mended(pages: Sequence[Page]) -> list[str]:
    """The pages' texts with what was decided of their fonts undone."""
    decisions = decide_fonts(pages)
    return [apply_changes(one.raw_text, in_order(font_changes(one, decisions))) for one in pages]


def as_(name: str) -> Callable[[str], str]:
    """A damage without chance, as a function of the text."""
    return lambda text: FIXED[name](text, Random(0))


def mac_plus_32(text: str) -> str:
    return "".join(char if char.isascii() else chr(char.encode("mac_roman")[0] + 0x20) for char in text)


def cid(text: str) -> str:
    return re.sub(r"\S", lambda match: f"(cid:{match[0].encode('cp1252')[0]})", text)


def glyph_numbers(text: str) -> str:
    """Every glyph, the space too, printed as its number in Apple's standard order."""
    codes = ((char, char.encode("mac_roman")[0]) for char in text.replace("\u00a0", " "))
    return "".join(char if char == "\n" else f"(cid:{code - (29 if code < 0x80 else 30)})" for char, code in codes)


def private(text: str) -> str:
    return re.sub(r"\S", lambda match: chr(0xF000 + match[0].encode("cp1252")[0]), text)


ACCIDENTS = {
    "Mac Roman + 0x20": mac_plus_32,
    "Mac Roman as cp1252": as_("mac-roman as cp1252"),
    "cp1252 as Mac Roman": as_("cp1252 as mac-roman"),
    "cp850 as cp1252": as_("cp850 as cp1252"),
    "UTF-8 as cp1252": as_("utf-8 as cp1252"),
    "29 too low": as_("29 too low"),
    "29 too low, spaces too": as_("29 too low, spaces too"),
    "(cid:N), code": cid,
    "(cid:N), glyph number, spaces too": glyph_numbers,
    "private use, code": private,
}


@pytest.mark.parametrize("change", ACCIDENTS.values(), ids=ACCIDENTS)
def test_a_lying_font_is_mended_and_the_sound_one_beside_it_left(change: Callable[[str], str]) -> None:
    true = [("AAAAAA+Body", BODY), ("BBBBBB+Sound", SOUND), ("AAAAAA+Body", BODY[:150] + "\n"), ("BBBBBB+Sound", SOUND)]
    broken = [(font, change(text) if "Body" in font else text) for font, text in true]
    assert mended([page(broken)]) == ["".join(text for _, text in true)]


def test_evidence_adds_up_over_pages() -> None:
    words = re.findall(r"\S+ ", BODY)
    pages = [page([("Body", mac_plus_32(word)), ("Sound", SOUND)], number) for number, word in enumerate(words, 1)]
    assert mended(pages) == [word + SOUND for word in words]


def test_a_font_of_a_few_glyphs_follows_its_family() -> None:
    heading = "Les façades "
    lone = page([("CCCCCC+Garamond-Bold", mac_plus_32(heading)), ("Other", SOUND)])
    assert mended([lone]) == [lone.raw_text]
    kin = page(
        [("AAAAAA+Garamond", mac_plus_32(BODY)), ("CCCCCC+Garamond-Bold", mac_plus_32(heading)), ("Other", SOUND)]
    )
    assert mended([kin]) == [BODY + heading + SOUND]


def test_a_font_that_only_drew_parts_of_words() -> None:
    true = [("Body", "La D"), ("Extra", "é"), ("Body", "l"), ("Extra", "é"), ("Body", "gation a cr"), ("Extra", "éé")]
    true += [("Body", " un comit"), ("Extra", "é"), ("Body", " d"), ("Extra", "é"), ("Body", "partemental.")]
    broken = [(font, text.replace("é", "®")) for font, text in true]
    assert mended([page(broken)]) == ["".join(text for _, text in true)]


def test_a_table_of_its_own_is_solved() -> None:
    signs = [chr(code) for code in range(0xA1, 0x100) if code != 0xAD]
    Random(5).shuffle(signs)
    table = str.maketrans(dict(zip(ACCENTED + QUOTES, signs, strict=False)))
    text = BODY + BODY.replace("Délégation", "municipalité").replace("crédits", "prêts")
    broken = page([("Body", text.translate(table)), ("Sound", SOUND)])
    assert mended([broken]) == [text + SOUND]
    assert decide_fonts([broken])["Body"].confidence > 0.8


@pytest.mark.parametrize(
    "stretches",
    [
        [("Body", BODY), ("Italic", SOUND)],
        [("Body", BODY), ("ABCDEE+Wingdings", "\uf0a7 \uf0b7 \uf0d8 \uf076 " * 40)],
        [("Body", BODY), ("Symbol", "· → ≤ ® © " * 20)],
        [("Body", "Ar c’hoarzh hag an dañs e Breizh-Izel, gant ar gêrioù kozh ha re nevez hon amzer. " * 10)],
        [("Body", "In São Paulo, João and María said: naïve façade, coöperate, Zürich, Łódź, Ærø, Ångström. " * 10)],
        [("Body", GERMAN * 5), ("Body-Bold", GERMAN)],
        [("Body", BODY), ("ABCDEF+CMSY10", "∈ R → k f : D ⊂ R m ")],
        [("Body", "n°BPC 12 X°C ® © ™ 35 m² ½ ¼ µm ± 3 § 12 ¶ " * 10)],
        [],
    ],
    ids=["French", "Wingdings", "Symbol", "Breton", "names", "German", "mathematics", "signs", "empty"],
)
def test_sound_fonts_are_never_touched(stretches: Drawn) -> None:
    pages = [page(stretches)]
    assert all(decision.accident is None for decision in decide_fonts(pages).values())
    assert font_changes(pages[0], decide_fonts(pages)) == []


def test_a_font_likely_but_not_surely_broken_is_left_and_doubted() -> None:
    codes = "".join(f"{letter}®{letter}®zq " for letter in "bcdfghjklmnpqrstvwxz")
    one = page([("Body", mac_plus_32(BODY[:110] + " ") + codes), ("Sound", SOUND)])
    decisions = decide_fonts([one])
    assert decisions["Body"].accident is None
    doubts = font_doubts(one, decisions, edits=())
    assert {doubt.suggestion for doubt in doubts} >= {"Délégation", "présenté"}
    assert all(one.raw_text[doubt.start : doubt.end] == doubt.before for doubt in doubts)
    edit = Edit(start=3, end=4, before="D", after="d", family="test", confidence=1.0)
    assert "Délégation" not in {doubt.suggestion for doubt in font_doubts(one, decisions, [edit])}


def test_pages_without_glyphs_have_no_fonts() -> None:
    plain = Page(number=1, raw_text="La D®l®gation", method="plain-text")
    assert decide_fonts([plain]) == {}
    assert font_changes(plain, {}) == []


@pytest.mark.parametrize(
    ("start", "lying"),
    [("03", 1), ("05", 1), ("09", 1), ("10", 1), ("11", 1), ("01", 0), ("06", 0), ("12", 0)],
)
def test_fonts_of_the_sample_corpus(start: str, lying: int) -> None:
    """In the sample PDFs the fonts whose ToUnicode map lies are those named ``-Body``; read through the real extractor."""
    (path,) = (Path(__file__).parent.parent / "corpus").glob(f"{start}-*.pdf")
    decisions = decide_fonts(list(open_document(source_of(path), Settings()).pages()))
    convicted = {font for font, decision in decisions.items() if decision.accident is not None}
    assert len(convicted) == lying
    assert all(font.endswith("-Body") for font in convicted)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ABCDEF+Arial-BoldMT", "arial"),
        ("Times New Roman,Bold", "times new roman"),
        ("TimesNewRomanPS-BoldItalicMT", "timesnewroman"),
        ("TimesNewRomanPSMT", "timesnewroman"),
        ("Caladea-Regular-Body", "caladea"),
    ],
)
def test_family_of_a_font(name: str, expected: str) -> None:
    assert family(name) == expected


def test_a_font_convicted_on_earlier_pages_needs_less_proof() -> None:
    """One word would convict no font, and a sound word is still left alone."""
    earlier, alone = page([("F1", mac_plus_32(BODY))]), page([("F1", mac_plus_32("Les murs dégradés"))])
    sound = page([("F1", "Les murs dégradés")])
    (_,), convicted = repair_on([earlier], None, {})
    assert decide_fonts([alone])["F1"].accident is None
    assert decide_fonts([alone], convicted)["F1"].accident == convicted["F1"]
    assert decide_fonts([sound], convicted)["F1"].accident is None
    (mended_later,), still = repair_on([alone], None, convicted)
    assert (mended_later.text, still) == ("Les murs dégradés", convicted)
