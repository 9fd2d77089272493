"""References to statutes: « loi n° 2003-710 du 1er août 2003 », « article L. 302-1 du code de … », « loi SRU », « décret du 24 mai 1973 ».

Why: laws date and found programmes and bodies, and the date inside a law is no event of the document.
Idea: one pattern for a cited text (type, own title, number, date, in any order met), one for codes, one for articles; known
texts and their short names come from ``gazetteers/laws.csv``, which also turns a date alone into a number (« loi du 21 février 2014 »).
Limits: arrêtés and délibérations are not laws; a bare « la loi » refers to nothing here; article numbers need a law, a code or a
letter (L., R., D.), else they are the document's own.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold

MONTHS = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_DATE = (
    r"(?:en[ \n]date[ \n])?du[ \n](?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)[ \n])?"
    r"(?:(?P<d{0}>\d{{1,2}})(?:er)?[ \n](?P<m{0}>" + "|".join(MONTHS) + r")[ \n](?P<y{0}>\d{{4}})(?!\d)"
    r"|(?P<nd{0}>\d{{2}})[./](?P<nm{0}>\d{{2}})[./](?P<ny{0}>\d{{4}})(?!\d))"
)
_NUMBER = r"(?:(?:n ?°s?|no\.?|numero)[ \n]?(?=(?P<n{0}>[\w./-]*\d[\w/-]*))|(?=(?P<b{0}>(?:[4-9]\d|19\d\d|20\d\d)-\d{{1,4}}(?![\w-]))))[\w./-]*\d[\w/-]*"
_ARTICLE = (
    r"(?:(?:l|r|d|a|lo)\*?\.? ?\*?)?\d+(?:[-.]\d+)*(?:er)?(?: ?(?:bis|ter|quater)| [a-z](?= du | de | et |,))?(?![\w°])"
)
_ARTICLES = (
    rf"(?:(?:l'|les |aux |des |d')?(?:(?:\d+e|premier|second|dernier) alinea de l')?)?(?P<articles>(?:articles?|art\.)[ \n]"
    rf"{_ARTICLE}(?:(?:, ?| et | a | ou )(?:des articles )?{_ARTICLE})*(?: et suivants?)?)"
)


class Text(NamedTuple):
    """One row of ``gazetteers/laws.csv``."""

    identity: str
    name: str
    aliases: tuple[str, ...]
    date: str


class _Grammar(NamedTuple):
    cited: re.Pattern[str]
    more: re.Pattern[str]
    code: re.Pattern[str]
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


@lru_cache(maxsize=1)
def _grammar() -> _Grammar:
    table = tomllib.loads(Path(__file__).with_name("laws.toml").read_text(encoding="utf-8"))
    types = "|".join(f"(?P<t_{row['key']}>{row['pattern']})" for row in table["type"])
    title, stop = table["title"]["pattern"], table["title"]["stop"]
    gap = rf"(?:,?[ \n](?:{title})(?:(?!(?<!\w)(?:{stop})(?!\w)|n ?°|\n\n)[^.;:()]){{0,160}}?)?(?:[ \n]\(\w[\w ]{{1,14}}\))?"
    codes = {fold(row["name"]): row["name"] for row in table["code"]}
    codes |= {acronym: row["name"] for row in table["code"] for acronym in row["acronyms"]}
    full = sorted((name for name in codes if name.startswith("code ")), key=len, reverse=True)
    short = "|".join(sorted((name for name in codes if not name.startswith("code ")), key=len, reverse=True))
    written = "|".join(name.replace(" ", "[ \\n]") for name in full)
    article = r"(?:,[ \n](?:article|art\.)[ \n]\d+(?:-\d+)*(?: (?:bis|ter))?(?!\w))?"
    date1, date2, date3 = _DATE.format(1), _DATE.format(2), _DATE.format(3)
    number1, number2 = _NUMBER.format(1), _NUMBER.format(2)
    cited = (
        rf"(?<![\w-])(?:{types})(?:{gap}[ \n]{number1}(?:{gap},?[ \n]{date1})?|{gap}[ \n]{date2}(?:,?[ \n]{number2})?"
        rf"|[ \n](?:de[ \n])?(?P<year>1[89]\d\d|20[0-4]\d)(?![\w-])|[ \n]de[ \n]finances(?: rectificative| initiale)?"
        rf"[ \n](?:pour[ \n]|de[ \n])?(?P<budget>(?:19|20)\d\d)(?!\d)){article}"
    )
    more = rf"(?:,| et)[ \n](?:(?:de |a )?(?:la |le |celle |celui |l')?)?(?:{number1}(?:[ \n]{date1})?|{date2})"
    names = "|".join(
        re.escape(alias).replace("\\ ", "[ \\n]") for alias in sorted(known_texts()[1], key=len, reverse=True)
    )
    named = rf"(?<![\w-])(?:(?P<alias>{names})(?![\w-])|(?P<type>lois?|circulaires?|ordonnances?)[ \n](?:dite?s?[ \n])?(?P<name>\w[\w'-]+(?: i{{1,3}}| \d)?)(?!\w))"
    code = rf"(?:{_ARTICLES},?[ \n]du[ \n](?P<code>{written}|nouveau[ \n]code[ \n]des[ \n]marches[ \n]publics|{short})|(?<!\w)(?P<alone>{written}|cgct|cgppp|cg3p))(?!\w)"
    lettered = rf"(?<![\w.])(?:(?:articles?|art\.)[ \n](?=[lrd]\*?\.?[ \n]?\d)|(?=[lrd]\.[ \n]?\d{{2,4}}-\d)){_ARTICLE}(?:(?:, ?| et | a | ou ){_ARTICLE})*(?: et suivants?)?"
    owner = rf"{_ARTICLES},?[ \n](?:de la |de l'|du |de ladite |dudit )\Z"
    compiled = [
        re.compile(pattern) for pattern in (cited, more, code, lettered, named, table["before"]["pattern"], owner)
    ]
    kinds = {row["key"]: (row["key"], row["name"]) for row in table["type"]}
    return _Grammar(*compiled, types=kinds, codes=codes)  # type: ignore[call-arg]


def find_laws(text: str) -> list[Candidate]:
    """Every reference to a statute in ``text``, in order, not overlapping; ``identity`` is that of the text cited."""
    key = fold(text)
    found: list[Candidate] = []
    taken: list[tuple[int, int]] = []
    for finder in (_cited, _codes, _named, _lettered):
        for candidate in finder(key, text):
            if all(candidate.end <= start or end <= candidate.start for start, end in taken):
                found.append(candidate)
                taken.append((candidate.start, candidate.end))
    return _with_owners(sorted(found, key=lambda item: item.start))


def _law(start: int, end: int, how: str, confidence: float, identity: str | None, name: str | None) -> Candidate:
    return Candidate(
        start=start, end=end, kind="law", method=f"law: {how}", confidence=confidence, identity=identity, name=name
    )


def _iso(match: re.Match[str], slot: int) -> str | None:
    """The date in one slot of a pattern as ``YYYY-MM-DD``; ``None`` where the slot is empty or no such day exists."""
    groups = match.groupdict()
    if groups.get(f"d{slot}"):
        day, month, year = match[f"d{slot}"], MONTHS.index(match[f"m{slot}"]) + 1, match[f"y{slot}"]
    elif groups.get(f"nd{slot}"):
        day, month, year = match[f"nd{slot}"], int(match[f"nm{slot}"]), match[f"ny{slot}"]
    else:
        return None
    return f"{year}-{month:02d}-{int(day):02d}"


def _french(iso: str) -> str:
    year, month, day = iso.split("-")
    names = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
    return f"{'1er' if day == '01' else int(day)} {names[(int(month) - 1) % 12]} {year}"


def _identify(kind: str, label: str, number: str | None, iso: str | None) -> tuple[str, str]:
    """Identity and citation of a text from its number and date, as the gazetteer has them where it knows the text."""
    by_key, _ = known_texts()
    known = by_key.get(f"{kind}:{number}") if number else by_key.get(f"{kind}:{iso}")
    if known:
        return known.identity, known.name
    citation = label + (f" n° {number}" if number else "") + (f" du {_french(iso)}" if iso else "")
    return f"{kind}:{number or iso}", citation


def _cited(key: str, text: str) -> Iterator[Candidate]:
    """Texts cited by number, date or year, with the article before them and the list after (« et n° 83-8 du … »)."""
    grammar = _grammar()
    for match in grammar.cited.finditer(key):
        kind, label = next(
            grammar.types[name[2:]] for name, value in match.groupdict().items() if value and name[:2] == "t_"
        )
        start = match.start()
        if grammar.before.search(key[max(0, start - 20) : start]):
            continue
        number, iso = (
            (match["n1"] or match["b1"] or match["n2"] or match["b2"] or "").rstrip(".-/") or None,
            _iso(match, 1) or _iso(match, 2),
        )
        year = match["year"] or match["budget"]
        if year and match["year"] and kind != "loi":
            continue
        identity, name = (
            _identify(kind, label, number, iso)
            if not year
            else (f"{kind}:{year}", " ".join(key[start : match.end()].split()))
        )
        articles = grammar.articles.search(key[max(0, start - 160) : start])
        if articles:
            start = max(0, start - 160) + articles.start("articles")
        yield _law(start, match.end(), "number or date", 0.98, identity, name)
        end = match.end()
        while (more := grammar.more.match(key, end)) is not None:
            first = min(more.start(group) for group in ("n1", "d2", "nd2") if more[group])
            first = (
                max(key.rfind("n", more.start(), first), more.start())
                if more["n1"]
                else key.rfind("du", more.start(), first)
            )
            identity, name = _identify(kind, label, more["n1"], _iso(more, 1) or _iso(more, 2))
            if not more["n1"] and not re.search(r"s(?:\W|\Z)", match[0].split()[0] + " "):
                break
            yield _law(first, more.end(), "list of laws", 0.9, identity, name)
            end = more.end()


def _codes(key: str, text: str) -> Iterator[Candidate]:
    """Codes by name, and articles of codes."""
    grammar = _grammar()
    for match in grammar.code.finditer(key):
        word = " ".join((match["code"] or match["alone"]).split())
        name = grammar.codes.get(word, "code des marchés publics")
        identity = "code:" + re.sub(r"\W+", "-", fold(name).removeprefix("code ")).strip("-")
        start = match.start("articles") if match["code"] else match.start("alone")
        yield _law(start, match.end(), "code", 0.97, identity, name)


def _named(key: str, text: str) -> Iterator[Candidate]:
    """Short names: those of the gazetteer, and any « loi » before a capital (« loi Borloo »)."""
    grammar = _grammar()
    _, by_alias = known_texts()
    for match in grammar.named.finditer(key):
        start = match.start()
        if grammar.before.search(key[max(0, start - 20) : start]):
            continue
        known = by_alias.get(" ".join(match["alias"].split())) if match["alias"] else None
        if known is None and not _is_name(text, match):
            continue
        if match["alias"] and " " not in match[0] and "\n" not in match[0] and not text[start : match.end()].isupper():
            continue
        articles = grammar.articles.search(key[max(0, start - 160) : start])
        if articles:
            start = max(0, start - 160) + articles.start("articles")
        identity = known.identity if known else "loi:" + "-".join(match["name"].split())
        yield _law(
            start,
            match.end(),
            "short name",
            0.93 if known else 0.8,
            identity,
            known.name if known else text[match.start() : match.end()],
        )


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the word after « loi » is a name: a capital there, and running text (not a title in capitals)."""
    if match["name"] is None:
        return False
    kind, name = text[match.start("type") : match.end("type")], text[match.start("name") : match.end("name")]
    return name[0].isupper() and not kind[1:].isupper() and len(name) > 2 and match["name"].split()[0] not in MONTHS


def _lettered(key: str, text: str) -> Iterator[Candidate]:
    """Articles by letter and number whose code stands elsewhere (« article L. 2121-29 »)."""
    for match in _grammar().lettered.finditer(key):
        letter = re.search(r"(?<![a-z])[lrd](?=\*?\.?[ \n]?\d)", match[0])
        if letter and text[match.start() + letter.start()].isupper():
            yield _law(match.start(), match.end(), "article alone", 0.9, None, None)


def _with_owners(found: list[Candidate]) -> list[Candidate]:
    """An article alone belongs to the code named last before it, else to none."""
    owned: list[Candidate] = []
    last: Candidate | None = None
    for law in found:
        if law.method == "law: article alone" and last is not None:
            law = _law(law.start, law.end, "article alone", law.confidence, last.identity, last.name)
        elif law.identity and law.identity.startswith("code:"):
            last = law
        owned.append(law)
    return owned
