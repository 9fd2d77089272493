"""References to statutes: « loi n° 2003-710 du 1er août 2003 », « article L. 302-1 du code de … », « décret du 24 mai 1973 ».

Why: laws date and found programmes and bodies, and the date inside a law is no event of the document.
Idea: a word that may open a reference chooses its readers: a text cited by number or date, one by its short name, a code, an
article. How each is written is in ``laws_grammar.py``.
Limits: arrêtés and délibérations are not laws; a bare « la loi » refers to nothing here; article numbers need a law, a code or
a letter (L., R., D.), else they are the document's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.entities.candidate import Candidate
from pipeline.entities.folding import fold
from pipeline.entities.laws_grammar import LETTER, MONTHS, grammar, identify, known_code, known_texts

_DAY_OF = r"(?<!\d)({0}\d{{1,2}})(?:er)?(?:[ \n]({1}" + "|".join(MONTHS) + r"))?(?:[ \n]({2}\d{{4}})(?!\d))?"
_SHARED_DAY = re.compile(_DAY_OF.format("?P<d>", "?P<m>", "?P<y>"))
_ANY_DAY = _DAY_OF.format("?:", "?:", "?:")
_SEVERAL = re.compile(  # « lois des 2 mars et 22 juillet 1982 »
    rf"(?P<type>lois|decrets|ordonnances|circulaires)[ \n]des[ \n]"
    rf"(?P<days>{_ANY_DAY}(?:(?:,|,? et)[ \n](?:du[ \n])?{_ANY_DAY})+)"
)
DATED_BY_YEAR = frozenset(("loi", "ordonnance", "decret", "circulaire"))
"""Texts that a year alone may date (« l'ordonnance de 1945 »)."""
_SIGNED = re.compile(  # « loi Borloo du 1er août (2003) »
    r",?[ \n](?:du[ \n]\d{1,2}(?:er)?[ \n](?:"
    + "|".join(MONTHS)
    + r")(?:[ \n]\d{4}(?!\d))?|de[ \n](?:19|20)\d\d)(?!\w)"
)
_OPENING = re.compile(
    r"\b(?:(?P<text>lois?(?:-(?:cadre|programme|plan)s?)?|decrets?|ordonnances?|circulaires?|directives?|reglements?|instructions?)|(?P<acronym>lo[a-z]{1,6})"
    r"|(?P<articles>articles?|art\.)|(?P<code>code|nouveau code|cg[a-z3]{2,3}|c(?=\.g\.c\.t))|(?P<letter>[lrd]\.))(?![\w])"
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


def _with_articles(key: str, start: int) -> int:
    """Where the article before a text begins (« article 10 de la loi … »), else ``start``."""
    window = max(0, start - 160)
    articles = grammar().articles.search(key, window, start)
    return articles.start("articles") if articles else start


def _cited(key: str, text: str, start: int) -> Iterator[Candidate]:
    """A text cited by number, date or year, with the article before it and the list after (« et n° 83-8 du … »)."""
    match = grammar().cited.match(key, start)
    if match is None or grammar().before.search(key, max(0, start - 20), start):
        return
    groups = match.groupdict()
    kind, label = next(grammar().types[name[2:]] for name, value in groups.items() if value and name[:2] == "t_")
    number = next((groups[slot].rstrip(".-/") for slot in ("n1", "b1", "n2", "b2") if groups[slot]), None)
    if match["year"] and kind not in DATED_BY_YEAR:
        return
    if match["year"] or match["budget"]:
        identity, name = f"{kind}:{match['year'] or match['budget']}", " ".join(text[start : match.end()].split())
    else:
        identity, name = identify(kind, label, number, _iso(match, 1) or _iso(match, 2))
    yield _law(_with_articles(key, start), match.end(), "number or date", 0.98, identity, name)
    several = key[start : match.end()].split()[0].endswith("s")
    end = match.end()
    while (more := grammar().more.match(key, end)) is not None and (more["n1"] or more["b1"] or several):
        first = more.start() + re.search(r"n ?°|no|numero|\d+-|du[ \n]", more[0]).start()  # type: ignore[union-attr]
        identity, name = identify(kind, label, more["n1"] or more["b1"], _iso(more, 1) or _iso(more, 2))
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
        identity, name = identify(kind, text[start : match.end("type")].lower().rstrip("s"), None, iso)
        made.append(_law(start if number == 0 else day.start(), day.end(), "list of laws", 0.95, identity, name))
    yield from reversed(made)


def _code(key: str, _text: str, start: int) -> Iterator[Candidate]:
    """A code by name, or articles of a code."""
    match = grammar().code.match(key, start)
    if match is None:
        return
    identity, name = known_code(match["code"] or match["alone"])
    yield _law(start, match.end(), "code", 0.97, identity, name)


def _named(key: str, text: str, start: int) -> Iterator[Candidate]:
    """A short name: one of the gazetteer, or any « loi » before a capital (« loi Borloo »)."""
    match = grammar().named.match(key, start)
    if match is None or grammar().before.search(key, max(0, start - 20), start):
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
    match = grammar().lettered.match(key, start)
    letter = match and re.search(rf"(?<![a-z]){LETTER}", match[0])
    if match and letter and text[start + letter.start()].isupper():
        behind = grammar().behind.match(key, match.end())
        if behind:
            identity, name = known_code(behind["code"])
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
