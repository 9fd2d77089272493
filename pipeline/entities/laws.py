"""References to statutes: « loi n° 2003-710 du 1er août 2003 », « article L. 302-1 du code de … », « décret du 24 mai 1973 ».

Why: laws date and found programmes and bodies, and the date inside a law is no event of the document.
Idea: one pattern for a cited text (type, own title, number, date, in any order met), one for codes, one for articles, one for
short names. Known texts come from ``gazetteers/laws.csv``, which also knows a law by its day (« loi du 21 février 2014 »).
Limits: arrêtés and délibérations are not laws; a bare « la loi » refers to nothing here; article numbers need a law, a code or
a letter (L., R., D.), else they are the document's own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold
from pipeline.lexicon import word_table

FRENCH_MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
MONTHS = [fold(name) for name in FRENCH_MONTHS]
_DATE = (
    r"(?:en[ \n]date[ \n])?du[ \n](?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)[ \n])?"
    r"(?:(?P<d{0}>\d{{1,2}})(?:er)?[ \n](?P<m{0}>" + "|".join(MONTHS) + r")[ \n](?P<y{0}>\d{{4}})(?!\d)"
    r"|(?P<nd{0}>\d{{2}})[./](?P<nm{0}>\d{{2}})[./](?P<ny{0}>\d{{4}})(?!\d))"
)
_NUMBER = (  # « n° 2003-710 », or the number alone where only a law is so numbered (« décret 2000-1276 »)
    r"(?:(?:n ?°s?|nos?\.?|numeros?)[ \n]?(?=(?P<n{0}>[\w./-]*\d[\w/-]*))"
    r"|(?=(?P<b{0}>(?:[4-9]\d|19\d\d|20\d\d)-\d{{1,4}}(?![\w-])|\d{{2,4}}/\d{{1,4}}/(?:ue|cee?)(?!\w))))[\w./-]*\d[\w/-]*"
)
_DAY_OF = r"(?<!\d)({0}\d{{1,2}})(?:er)?(?:[ \n]({1}" + "|".join(MONTHS) + r"))?(?:[ \n]({2}\d{{4}})(?!\d))?"
_SHARED_DAY = re.compile(_DAY_OF.format("?P<d>", "?P<m>", "?P<y>"))
_ANY_DAY = _DAY_OF.format("?:", "?:", "?:")
_SEVERAL = re.compile(  # « lois des 2 mars et 22 juillet 1982 »
    rf"(?P<type>lois|decrets|ordonnances|circulaires)[ \n]des[ \n]"
    rf"(?P<days>{_ANY_DAY}(?:(?:,|,? et)[ \n](?:du[ \n])?{_ANY_DAY})+)"
)
DATED_BY_YEAR = frozenset(("loi", "ordonnance", "decret", "circulaire"))
"""Texts that a year alone may date (« l'ordonnance de 1945 »)."""
_ARTICLE = (
    r"(?:(?:l|r|d|a|lo)\*?\.?[ \n]?\*?)?\d+(?:[-.]\d+)*(?:er)?"
    r"(?: ?(?:bis|ter|quater)| [a-z](?= du | de | et |,))?(?![\w°])"
)
_MORE_ARTICLES = rf"(?:(?:, ?| et | a | ou )(?:des articles )?{_ARTICLE})*(?: et suivants?)?"
_ARTICLES = rf"(?P<articles>(?:articles?|art\.)[ \n]{_ARTICLE}{_MORE_ARTICLES})"
_SIGNED = re.compile(  # « loi Borloo du 1er août (2003) »
    r",?[ \n](?:du[ \n]\d{1,2}(?:er)?[ \n](?:"
    + "|".join(MONTHS)
    + r")(?:[ \n]\d{4}(?!\d))?|de[ \n](?:19|20)\d\d)(?!\w)"
)
_LETTER = r"[lrd]\*?\.?[ \n]?\*?\d"
_OPENING = re.compile(
    r"\b(?:(?P<text>lois?(?:-(?:cadre|programme|plan)s?)?|decrets?|ordonnances?|circulaires?|directives?|reglements?|instructions?)|(?P<acronym>lo[a-z]{1,6})"
    r"|(?P<articles>articles?|art\.)|(?P<code>code|nouveau code|cg[a-z3]{2,3}|c(?=\.g\.c\.t))|(?P<letter>[lrd]\.))(?![\w])"
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
def _grammar() -> _Grammar:
    table = word_table(__file__, "laws.toml")
    codes = {fold(row["name"]): row["name"] for row in table["code"]}
    codes |= {acronym: row["name"] for row in table["code"] for acronym in row["acronyms"]}
    cited, more = _cited_patterns(table)
    code, behind = _code_pattern(codes)
    return _Grammar(
        cited=re.compile(cited),
        more=re.compile(more),
        code=re.compile(code),
        behind=re.compile(behind),
        lettered=re.compile(
            rf"(?:(?:articles?|art\.)[ \n](?={_LETTER})|(?=[lrd]\.[ \n]?\d{{2,4}}-\d)){_ARTICLE}{_MORE_ARTICLES}"
        ),
        named=re.compile(_named_pattern()),
        before=re.compile(table["before"]["pattern"]),
        articles=re.compile(rf"{_ARTICLES},?[ \n](?:de la |de l'|du |de ladite |dudit )\Z"),
        types={row["key"]: (row["key"], row["name"]) for row in table["type"]},
        codes=codes,
    )


def find_laws(text: str) -> list[Candidate]:
    """Every reference to a statute in ``text``, in order, not overlapping; ``identity`` is that of the text cited."""
    key = fold(text)
    found: list[Candidate] = []
    end = 0
    for opening in _OPENING.finditer(key):
        if opening.start() < end or key[opening.start() - 1 : opening.start()] == "-":
            continue
        for reader in READERS[opening.lastgroup or ""]:
            made = list(reader(key, text, opening.start()))
            found += made
            if made:
                end = made[-1].end
                break
    return _with_owners(_outermost(found))


def _outermost(found: list[Candidate]) -> list[Candidate]:
    """Drops what lies inside another (« article L. 1 » found before « article L. 1 de la loi n° … »)."""
    kept: list[Candidate] = []
    for law in sorted(found, key=lambda item: (item.start, -item.end)):
        if not kept or law.start >= kept[-1].end:
            kept.append(law)
    return kept


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
    return f"{'1er' if day == '01' else int(day)} {FRENCH_MONTHS[(int(month) - 1) % 12]} {year}"


def _identify(kind: str, label: str, number: str | None, iso: str | None) -> tuple[str, str]:
    """Identity and citation of a text from its number and date, as the gazetteer has them where it knows the text."""
    by_key, _ = known_texts()
    known = by_key.get(f"{kind}:{number}") if number else by_key.get(f"{kind}:{iso}")
    if known:
        return known.identity, known.name
    citation = label + (f" n° {number}" if number else "") + (f" du {_french(iso)}" if iso else "")
    return f"{kind}:{number or iso}", citation


def _with_articles(key: str, start: int) -> int:
    """Where the article before a text begins (« article 10 de la loi … »), else ``start``."""
    window = max(0, start - 160)
    articles = _grammar().articles.search(key, window, start)
    return articles.start("articles") if articles else start


def _cited(key: str, text: str, start: int) -> Iterator[Candidate]:
    """A text cited by number, date or year, with the article before it and the list after (« et n° 83-8 du … »)."""
    grammar = _grammar()
    match = grammar.cited.match(key, start)
    if match is None or grammar.before.search(key, max(0, start - 20), start):
        return
    groups = match.groupdict()
    kind, label = next(grammar.types[name[2:]] for name, value in groups.items() if value and name[:2] == "t_")
    number = next((groups[slot].rstrip(".-/") for slot in ("n1", "b1", "n2", "b2") if groups[slot]), None)
    if match["year"] and kind not in DATED_BY_YEAR:
        return
    if match["year"] or match["budget"]:
        identity, name = f"{kind}:{match['year'] or match['budget']}", " ".join(text[start : match.end()].split())
    else:
        identity, name = _identify(kind, label, number, _iso(match, 1) or _iso(match, 2))
    yield _law(_with_articles(key, start), match.end(), "number or date", 0.98, identity, name)
    several = key[start : match.end()].split()[0].endswith("s")
    end = match.end()
    while (more := grammar.more.match(key, end)) is not None and (more["n1"] or more["b1"] or several):
        first = more.start() + re.search(r"n ?°|no|numero|\d+-|du[ \n]", more[0]).start()  # type: ignore[union-attr]
        identity, name = _identify(kind, label, more["n1"] or more["b1"], _iso(more, 1) or _iso(more, 2))
        yield _law(first, more.end(), "list of laws", 0.9, identity, name)
        end = more.end()


def _several(key: str, text: str, start: int) -> Iterator[Candidate]:
    """Texts that share a month or a year: « les lois des 2 mars et 22 juillet 1982 »."""
    match = _SEVERAL.match(key, start)
    if match is None:
        return
    kind = match["type"].rstrip("s")
    days = list(_SHARED_DAY.finditer(key, match.start("days"), match.end("days")))
    month = year = None
    made = []
    for number in range(len(days) - 1, -1, -1):
        day = days[number]
        month, year = day["m"] or month, day["y"] or year
        if month is None or year is None:
            return
        iso = f"{year}-{MONTHS.index(month) + 1:02d}-{int(day['d']):02d}"
        identity, name = _identify(kind, text[start : match.end("type")].lower().rstrip("s"), None, iso)
        made.append(_law(start if number == 0 else day.start(), day.end(), "list of laws", 0.95, identity, name))
    yield from reversed(made)


def _code(key: str, _text: str, start: int) -> Iterator[Candidate]:
    """A code by name, or articles of a code."""
    match = _grammar().code.match(key, start)
    if match is None:
        return
    identity, name = _known_code(match["code"] or match["alone"])
    yield _law(start, match.end(), "code", 0.97, identity, name)


def _known_code(written: str) -> tuple[str, str]:
    """Identity and name of a code as written (folded), in full or as an acronym."""
    word = " ".join(written.split()).removeprefix("nouveau ")
    word = word if word.startswith("code ") else word.replace(".", "")
    name = _grammar().codes[word]
    return "code:" + re.sub(r"\W+", "-", fold(name).removeprefix("code ")).strip("-"), name


def _named(key: str, text: str, start: int) -> Iterator[Candidate]:
    """A short name: one of the gazetteer, or any « loi » before a capital (« loi Borloo »)."""
    grammar = _grammar()
    match = grammar.named.match(key, start)
    if match is None or grammar.before.search(key, max(0, start - 20), start):
        return
    dated = _SIGNED.match(key, match.end())
    short = match["alias"] or f"{match['type'].rstrip('s')} {match['name']}"
    known = known_texts()[1].get(" ".join(short.split()))
    written = text[start : match.end()]
    if (known is None and not _is_name(text, match)) or (
        match["alias"] and not re.search(r"\s", written) and not written.isupper()
    ):
        return
    kind = (match["type"] or "loi").rstrip("s")
    identity = known.identity if known else f"{kind}:" + "-".join(match["name"].split())
    name = known.name if known else written
    end = dated.end() if dated else match.end()
    yield _law(_with_articles(key, start), end, "short name", 0.93 if known else 0.8, identity, name)


def _is_name(text: str, match: re.Match[str]) -> bool:
    """Whether the word after « loi » is a name: a capital there, and running text (not a title in capitals)."""
    if match["name"] is None:
        return False
    kind, name = text[match.start("type") : match.end("type")], text[match.start("name") : match.end("name")]
    return name[0].isupper() and not kind[1:].isupper() and len(name) > 2 and match["name"].split()[0] not in MONTHS


def _lettered(key: str, text: str, start: int) -> Iterator[Candidate]:
    """Articles by letter and number whose code stands elsewhere (« article L. 2121-29 »)."""
    match = _grammar().lettered.match(key, start)
    letter = match and re.search(rf"(?<![a-z]){_LETTER}", match[0])
    if match and letter and text[start + letter.start()].isupper():
        behind = _grammar().behind.match(key, match.end())
        if behind:
            identity, name = _known_code(behind["code"])
            yield _law(start, behind.end(), "code", 0.97, identity, name)
        else:
            yield _law(start, match.end(), "article alone", 0.9, None, None)


Finder = Callable[[str, str, int], Iterator[Candidate]]
READERS: dict[str, tuple[Finder, ...]] = {
    "text": (_several, _cited, _named),
    "acronym": (_named,),
    "articles": (_code, _lettered),
    "code": (_code,),
    "letter": (_lettered,),
}


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
