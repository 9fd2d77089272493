"""How statutes are written, and which are known: the patterns made of ``laws.toml`` and ``gazetteers/laws.csv``.

Why: a citation is long (type, own title, number, date, in any order) and its words are data; the readers of ``laws.py`` should
not see how a pattern is put together.
Idea: patterns over folded text, compiled once; a text is known by its number, its day (« loi du 21 février 2014 ») or its name.
Limits: a text of another year than its number says, or two of one day and type, are told apart by the gazetteer alone.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import lexicon
from pipeline.entities.folding import fold
from pipeline.wordings import word_table

MONTHS = [fold(name) for name in lexicon.MONTHS]
_DATE = (
    r"(?:en[ \n]date[ \n])?du[ \n](?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)[ \n])?"
    r"(?:(?P<d{0}>\d{{1,2}})(?:er)?[ \n](?P<m{0}>" + "|".join(MONTHS) + r")[ \n](?P<y{0}>\d{{4}})(?!\d)"
    r"|(?P<nd{0}>\d{{2}})[./](?P<nm{0}>\d{{2}})[./](?P<ny{0}>\d{{4}})(?!\d))"
)
_NUMBER = (  # « n° 2003-710 », or the number alone where only a law is so numbered (« décret 2000-1276 »)
    r"(?:(?:n ?°s?|nos?\.?|numeros?)[ \n]?(?=(?P<n{0}>[\w./-]*\d[\w/-]*))"
    r"|(?=(?P<b{0}>(?:[4-9]\d|19\d\d|20\d\d)-\d{{1,4}}(?![\w-])|\d{{2,4}}/\d{{1,4}}/(?:ue|cee?)(?!\w))))[\w./-]*\d[\w/-]*"
)
_ARTICLE = (
    r"(?:(?:l|r|d|a|lo)\*?\.?[ \n]?\*?)?\d+(?:[-.]\d+)*(?:er)?"
    r"(?: ?(?:bis|ter|quater)| [a-z](?= du | de | et |,))?(?![\w°])"
)
_MORE_ARTICLES = rf"(?:(?:, ?| et | a | ou )(?:des articles )?{_ARTICLE})*(?: et suivants?)?"
_ARTICLES = rf"(?P<articles>(?:articles?|art\.)[ \n]{_ARTICLE}{_MORE_ARTICLES})"
LETTER = r"[lrd]\*?\.?[ \n]?\*?\d"


class Text(NamedTuple):
    """One row of ``gazetteers/laws.csv``."""

    identity: str
    name: str
    aliases: tuple[str, ...]
    date: str


class Grammar(NamedTuple):
    """The patterns, over folded text, and what their groups mean.

    ``types``: key of a type of text, and its name as cited; ``codes``: folded names and acronyms, and the codes' names.
    """

    cited: re.Pattern[str]
    more: re.Pattern[str]
    code: re.Pattern[str]
    behind: re.Pattern[str]
    lettered: re.Pattern[str]
    named: re.Pattern[str]
    before: re.Pattern[str]
    articles: re.Pattern[str]
    types: dict[str, tuple[str, str]]
    codes: dict[str, str]


@lru_cache(maxsize=1)
def known_texts() -> tuple[dict[str, Text], dict[str, Text]]:
    """The gazetteer twice: by identity (``loi:2003-710``, and ``loi:2003-08-01``), and by folded short name (``loi sru``)."""
    by_key: dict[str, Text] = {}
    by_alias: dict[str, Text] = {}
    path = Path(__file__).parent / "gazetteers" / "laws.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            aliases = tuple(alias for alias in row["aliases"].split(";") if alias)
            text = Text(row["id"], row["name"], aliases, row["date"])
            kind = row["id"].split(":")[0]
            by_key[text.identity] = text
            by_key.setdefault(f"{kind}:{text.date}", text)
            for alias in aliases:
                short = fold(alias)
                if short.startswith("lo") or short.startswith(kind):
                    by_alias.setdefault(short, text)
                bare = re.sub(
                    rf"^{kind} (?:portant|pour|relative a la|relative a l'|relative a|visant a la) ?", f"{kind} ", short
                )
                by_alias.setdefault(bare, text)
                if not short.startswith(kind):
                    by_alias.setdefault(f"{kind} {short}", text)
    return by_key, by_alias


def _cited_patterns(table: dict[str, Any]) -> tuple[str, str]:
    """A text cited by number, date or year; and what may follow it in a list of laws (« et n° 83-8 du … »)."""
    types = "|".join(f"(?P<t_{row['key']}>{row['pattern']})" for row in table["type"])
    title, stop = table["title"]["pattern"], table["title"]["stop"]
    gap = (
        rf"(?:,?[ \n](?:{title})(?:(?!(?<!\w)(?:{stop})(?!\w)|n ?°|\n\n)[^.;:()]){{0,160}}?)?"
        r"(?:[ \n]\(\w[\w ]{1,14}\))?"
    )
    number, number_after, day, day_alone = _NUMBER.format(1), _NUMBER.format(2), _DATE.format(1), _DATE.format(2)
    cited = (
        rf"(?:{types})(?:{gap}[ \n]{number}(?:{gap},?[ \n]{day})?|{gap}[ \n]{day_alone}(?:,?[ \n]{number_after})?"
        r"|[ \n](?:de[ \n])?(?P<year>1[89]\d\d|20[0-4]\d)(?![\w-])"
        r"|[ \n]de[ \n]finances(?: rectificative| initiale)?[ \n](?:pour[ \n]|de[ \n])?(?P<budget>(?:19|20)\d\d)(?!\d))"
        r"(?:,[ \n](?:article|art\.)[ \n]\d+(?:-\d+)*(?: (?:bis|ter))?(?!\w))?"
    )
    link = r"(?:,| et)[ \n](?:(?:de |a )?(?:la |le |celle |celui |l')?)?"
    return cited, rf"{link}(?:{number}(?:[ \n]{day})?|{day_alone})"


def _dotted(acronym: str) -> str:
    """An acronym with or without its dots."""
    return r"\.?".join(acronym) + r"(?:(?<=\.\w)\.)?"


def _code_pattern(codes: dict[str, str]) -> tuple[str, str]:
    """A code by its name, or by its acronym behind an article (« article 8 du CMP »); and what follows such an article."""
    full = sorted((name for name in codes if name.startswith("code ")), key=len, reverse=True)
    short = sorted((name for name in codes if not name.startswith("code ")), key=len, reverse=True)
    written = "(?:nouveau[ \\n])?(?:" + "|".join(name.replace(" ", "[ \\n]") for name in full) + ")"
    behind = rf",?[ \n]du[ \n](?P<code>{written}|{'|'.join(_dotted(name) for name in short)})"
    return rf"(?:{_ARTICLES}{behind}|(?P<alone>{written}|{_dotted('cgct')}|cgppp|cg3p))(?!\w)", rf"{behind}(?!\w)"


def _named_pattern() -> str:
    """A short name of the gazetteer, or a name behind « loi »."""
    aliases = sorted(known_texts()[1], key=len, reverse=True)
    names = "|".join(re.escape(alias).replace("\\ ", "[ \\n]") for alias in aliases)
    return (
        rf"(?:(?P<alias>{names})(?![\w-])|(?P<type>lois?|circulaires?|ordonnances?)[ \n](?:dite?s?[ \n])?(?P<quote>[«\"][ ]?)?"
        r"(?P<name>\w[\w'-]+(?: i{1,3}| \d)?)(?!\w)(?(quote)[ ]?[»\"]))"
    )


@lru_cache(maxsize=1)
def grammar() -> Grammar:
    """The patterns made of ``laws.toml`` and of the gazetteer."""
    table = word_table(__file__, "laws.toml")
    codes = {fold(row["name"]): row["name"] for row in table["code"]}
    codes |= {acronym: row["name"] for row in table["code"] for acronym in row["acronyms"]}
    cited, more = _cited_patterns(table)
    code, behind = _code_pattern(codes)
    return Grammar(
        cited=re.compile(cited),
        more=re.compile(more),
        code=re.compile(code),
        behind=re.compile(behind),
        lettered=re.compile(
            rf"(?:(?:articles?|art\.)[ \n](?={LETTER})|(?=[lrd]\.[ \n]?\d{{2,4}}-\d)){_ARTICLE}{_MORE_ARTICLES}"
        ),
        named=re.compile(_named_pattern()),
        before=re.compile(table["before"]["pattern"]),
        articles=re.compile(rf"{_ARTICLES},?[ \n](?:de la |de l'|du |de ladite |dudit )\Z"),
        types={row["key"]: (row["key"], row["name"]) for row in table["type"]},
        codes=codes,
    )


def identify(kind: str, label: str, number: str | None, iso: str | None) -> tuple[str, str]:
    """Identity and citation of a text from its number and date, as the gazetteer has them where it knows the text."""
    by_key, _ = known_texts()
    known = by_key.get(f"{kind}:{number}") if number else by_key.get(f"{kind}:{iso}")
    if known:
        return known.identity, known.name
    citation = label + (f" n° {number}" if number else "") + (f" du {_french_day(iso)}" if iso else "")
    return f"{kind}:{number or iso}", citation


def _french_day(iso: str) -> str:
    year, month, day = iso.split("-")
    return f"{'1er' if day == '01' else int(day)} {lexicon.MONTHS[(int(month) - 1) % 12]} {year}"


def known_code(written: str) -> tuple[str, str]:
    """Identity and name of a code as written (folded), in full or as an acronym."""
    word = " ".join(written.split()).removeprefix("nouveau ")
    word = word if word.startswith("code ") else word.replace(".", "")
    name = grammar().codes[word]
    return "code:" + re.sub(r"\W+", "-", fold(name).removeprefix("code ")).strip("-"), name
