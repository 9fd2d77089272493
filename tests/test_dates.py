"""Dates: every wording of the annotation rules, archive wordings beyond them, what is no date, and invariants.

The texts of ``tests/cases/dates.toml`` carry their answers in place; « ⏎ » stands for a line break.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.entities.candidate import Candidate
from pipeline.entities.dates import DateContext, carry, date_context, find_dates
from pipeline.entities.dates_calendar import easter
from pipeline.entities.folding import fold
from pipeline.entities.numerals import letters
from pipeline.records import DateValue, DocumentInfo

CASES = tomllib.loads((Path(__file__).parent / "cases" / "dates.toml").read_text(encoding="utf-8"))
PARTIAL = tomllib.loads((Path(__file__).parent / "cases" / "dates_partial.toml").read_text(encoding="utf-8"))
MARK = re.compile(r"\[\[(.+?) -> (.+?)\]\]", re.DOTALL)
Expected = tuple[int, int, str]


def unmark(marked: str) -> tuple[str, list[Expected]]:
    """The plain text of a case and its answers: start, end, value."""
    marked = marked.replace("⏎", "\n")
    text, answers, position = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[position : match.start()]
        answers.append((len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        position = match.end()
    return text + marked[position:], answers


def context_of(case: dict[str, Any]) -> DateContext:
    day = date.fromisoformat(case["day"]) if "day" in case else None
    years = tuple(case["years"]) if "years" in case else (day.year, day.year) if day else None
    return DateContext(day=day, years=years, account=case.get("account"))


def as_case(case: str | dict[str, Any]) -> dict[str, Any]:
    return {"text": case} if isinstance(case, str) else case


def shown(found: list[Candidate], text: str) -> list[tuple[str, str]]:
    values = [(item, item.value) for item in found if isinstance(item.value, DateValue)]
    return [(text[item.start : item.end], f"{value.date_from}/{value.date_to}") for item, value in values]


def check(case: dict[str, Any], context: DateContext | None = None) -> None:
    text, answers = unmark(case["text"])
    found = find_dates(text, context=context or context_of(case))
    kept = [item for item in found if text[item.start : item.end] not in case.get("skip", [])]
    assert [value for _, value in shown(kept, text)] == [value for _, _, value in answers], shown(kept, text)
    for item, (start, end, _) in zip(kept, answers, strict=True):
        assert item.start < end and start < item.end, shown(kept, text)


@pytest.mark.parametrize("drawer", ["guidelines", "synthetic", "wild", "anchored", "must_not"])
def test_drawers_are_full(drawer: str) -> None:
    assert len(CASES[drawer]) >= 10


@pytest.mark.parametrize(
    "case",
    [as_case(case) for drawer in ("guidelines", "synthetic", "wild", "anchored", "must_not") for case in CASES[drawer]],
    ids=lambda case: case["text"][:60],
)
def test_date_cases(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize(
    "case",
    [as_case(case) for drawer in PARTIAL.values() for case in drawer],
    ids=lambda case: case["text"].replace("⏎", " ")[-60:],
)
def test_a_partial_date_is_completed_by_its_document(case: dict[str, Any]) -> None:
    check(case, context_of(case) if "day" in case else date_context([unmark(case["text"])[0]]))


WRITINGS = (
    str,
    str.upper,
    lambda form: form.replace(" ", "\n", 1),
    lambda form: form.replace(" ", "\u00a0"),
    "({})".format,
)


@pytest.mark.parametrize(("form", "value"), CASES["forms"])
def test_every_form_in_every_year_and_writing(form: str, value: str) -> None:
    for year in (1903, 1958, 1974, 1999, 2000, 2008, 2023):
        words = {"y": year, "n": year + 1}
        for write in WRITINGS:
            text = f"Projet livré {write(form.format(**words))}."
            assert [found for _, found in shown(find_dates(text), text)] == [value.format(**words)], text


@pytest.mark.parametrize("case", CASES["must_not"])
def test_what_is_no_date_stays_none_in_a_dated_document(case: str) -> None:
    context = DateContext(day=date(2004, 6, 15), years=(2004, 2004), account=2004)
    text, _ = unmark(case)
    assert shown(find_dates(text, context=context), text) == []


@pytest.mark.parametrize("case", [as_case(case) for case in CASES["failing"]], ids=lambda case: case["text"][:60])
@pytest.mark.xfail(strict=True, reason="known failures, each with its why")
def test_known_failures(case: dict[str, Any]) -> None:
    check(case)


@pytest.mark.parametrize(
    ("head", "day", "year"),
    [
        ("Question publiée au J.O. le 16/11/1998\nRéponse publiée au J.O. le 08/02/1999", date(1999, 2, 8), 1999),
        (
            "Question – JO du 2 mai 2006\nRéponse du ministère du Logement – JO du 4 juillet 2006",
            date(2006, 7, 4),
            2006,
        ),
        ("La Lettre, n° 31, 2e trimestre 2019\n", date(2019, 5, 15), 2019),
        ("Appel à projets – Règlement adopté par le conseil du 15 décembre 2022", date(2022, 12, 15), 2022),
        ("LENS, mardi 14 octobre 2014\n\nIl a fallu", date(2014, 10, 14), 2014),
        ("Cherbourg, le 9 janvier 2012\n\nMadame,", date(2012, 1, 9), 2012),
        ("Conseil municipal\nSéance du 3 avril 1998\n", date(1998, 4, 3), 1998),
        ("L’an deux mille dix-huit, le quinze février, à 18 heures", date(2018, 2, 15), 2018),
        ("COMPTE RENDU DE LA REUNION DU COMITE DE PILOTAGE DU 18 MAI 2010\n", date(2010, 5, 18), 2010),
        (
            "PROCÈS-VERBAL DU CONSEIL\n\nLe mardi 12 mai 2015, à dix-neuf heures trente, le conseil de communauté s’est "
            "réuni à Dole, convoqué le 5 mai.",
            date(2015, 5, 12),
            2015,
        ),
        ("La ville et ses tours\n\nLe 12 mai 1962, à midi, le conseil s’est réuni. On parla de mars.", None, 1962),
        ("Avis n° 14 rendu en séance plénière le 19 avril 2012\n\nSaisi en mars", date(2012, 4, 19), 2012),
        ("Délibération\n\nVu l’avis rendu par la commission le 19 avril 2012 ;", None, 2012),
        ("Rapport d’activité 2009\n\nLe mot du président", None, 2009),
        ("L’agence a lancé le 30 janvier 2020 un appel approuvé par le conseil le 3 mars 2020.", None, 2020),
        ("Convention\n\nFait à Reims, le 22 novembre 2004", None, 2004),
        ("Inventaire des papiers", None, None),
        ("SÉNAT – JO du 17 juin 2010, page 1517\nQuestion", date(2010, 6, 17), 2010),
        ("Feuille de l’Amicale – n° 57 – mars 2004 – 0,50 €", date(2004, 3, 15), 2004),
        ("DOSSIER DE PRESSE – sous embargo jusqu’au mercredi 21 septembre 2022, 10 h", date(2022, 9, 21), 2022),
        ("Marché notifié le 7 octobre 2013\nObjet : étude", None, 2013),
        ("Compte rendu annuel 2012\n\nCréée par délibération du 12 décembre 1991, la ZAC", None, 2012),
    ],
)
def test_the_document_says_when_it_speaks(head: str, day: date | None, year: int | None) -> None:
    found = date_context([head])
    assert found.day == day
    assert (found.years[0] if found.years else None) == year


def test_what_is_known_of_the_document_comes_first_where_the_head_is_silent() -> None:
    info = DocumentInfo(title="Lettre", date_from=date(1976, 3, 2), date_to=date(1976, 3, 2))
    assert date_context(["Monsieur le maire,"], info).day == date(1976, 3, 2)
    info = DocumentInfo(title="Rapport d’activité 1987")
    assert date_context(["Le mot du président"], info).years == (1987, 1987)


def test_a_page_of_history_points_from_the_day_it_was_written() -> None:
    context = date_context(
        ["Le quartier naît en 1956. La place sera inaugurée le 3 mai prochain.\n\nPage mise à jour le 12/01/2018."]
    )
    assert (context.day, context.written) == (None, date(2018, 1, 12))
    text = "La place sera inaugurée le 3 mai prochain."
    assert shown(find_dates(text, context=context), text) == [("3 mai prochain", "2018-05-03/2018-05-03")]


@pytest.mark.parametrize(
    ("year", "day"), [(1818, "03-22"), (1943, "04-25"), (1999, "04-04"), (2000, "04-23"), (2038, "04-25")]
)
def test_easter_falls_where_the_calendar_says(year: int, day: str) -> None:
    assert easter(year).isoformat() == f"{year}-{day}"


def test_a_page_hands_its_last_date_to_the_next() -> None:
    text = "Le comité se réunit le 4 juin 1985."
    context = carry(text, find_dates(text), DateContext())
    assert shown(find_dates("Il revient en septembre.", context=context), "Il revient en septembre.") == [
        ("septembre", "1985-09-01/1985-09-30")
    ]


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("deux mille dix-huit", 2018),
        ("mil neuf cent soixante et onze", 1971),
        ("quatre-vingt-dix-sept", 97),
        ("mille neuf cent quatre-vingts", 1980),
        ("trente-deux mille cinq cents", 32500),
        ("deux millions trois cent mille", 2300000),
        ("septante et un", 71),
        ("trois deux", None),
    ],
)
def test_numerals_in_letters(words: str, value: int | None) -> None:
    assert letters(words) == value


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=200)
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


WORDS = (
    "le du au et à de entre en 3 14 1er mars mai été 1978 2004 98 lundi trimestre fin début - / . , années soixante-dix"
    " l’année suivante siècle XIXe 12/03 30.06.04 logements an deux mille"
)
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre"


@given(st.lists(st.sampled_from(WORDS.split()), max_size=24))
@settings(deadline=None, max_examples=300)
def test_dates_are_ordered_real_and_inside_the_text(words: list[str]) -> None:
    text = " ".join(words)
    context = DateContext(day=date(2004, 6, 30), years=(2004, 2004))
    end = 0
    for item in find_dates(text, context=context):
        assert isinstance(item.value, DateValue)
        assert end <= item.start < item.end <= len(text)
        assert item.value.date_from <= item.value.date_to
        assert 0 < item.confidence <= 1
        end = item.end


@given(st.dates(min_value=date(1700, 1, 1), max_value=date(2049, 12, 31)))
@settings(deadline=None, max_examples=200)
def test_every_day_is_read_in_words_and_in_figures(day: date) -> None:
    months = MONTHS.split()
    ordinal = "1er" if day.day == 1 else str(day.day)
    for text in (
        f"le {ordinal} {months[day.month - 1]} {day.year}",
        f"LE {ordinal.upper()} {months[day.month - 1].upper()} {day.year}",
        f"le {day:%d/%m/%Y}",
        f"le {day:%d.%m.%Y}",
    ):
        assert [value for _, value in shown(find_dates(text), text)] == [f"{day}/{day}"]


def test_nothing_depends_on_today() -> None:
    assert find_dates("en mars, le 17 mai, dimanche, l’an dernier") == []
