"""Names that no list and no head explains: what the words around them say.

Why: « à Keredern », « Podeliha a démoli », « (CREPAH) »: half the archive's names are met only once, and alone.
Idea: each capitalised name that nothing else takes is cut to what is a name, and claimed as the kind its cues speak for
(``cues.py``), weakly enough that a list or a head wins.
Limits: a plain word that opens a sentence is not taken for a name, so a name that is one may be missed there.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache

from pipeline.entities.claims import Claim
from pipeline.entities.cues import plain_word, weigh
from pipeline.entities.knowledge import Knowledge, words_key
from pipeline.entities.lookups import ANY, DEPARTMENT
from pipeline.entities.names import (
    ADDRESS_AFTER,
    JOIN,
    adjective_end,
    is_common,
    names,
    opens_sentence,
    without_town,
)
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording, words
from pipeline.records import Span

_BLOCKS = re.compile(r"(?<=[a-zà-ÿ]{3}) [A-Z]\d{1,2}(?:[-/ ][A-Z]?\d{1,2})*\Z")  # « Floréal A4-A5 »
_FIRST_WORD = re.compile(r"[\w'.-]+")
_JOIN = re.compile(JOIN)
_FORMS = words("bare_forms")
_FIRM = wording("firm")
_TEAM = wording("in_team")
_TITLE_WORD = re.compile(r" [A-ZÀ-Ý][a-zà-ÿ]")
_FILE_NUMBER = re.compile(r" \d{4}")  # « INSEE 30189 »
_ACRONYM_OPENS = re.compile(r"(?:[A-ZÀ-Ý]{2,7}(?:-[A-Z]{1,4})?\d{0,4}\+?|(?:[A-ZÀ-Ý]\.){2,}[A-ZÀ-Ý]?\.?)(?=[ ]|\Z)")
_YEARS = re.compile(r" (?:19|20)\d\d ?[-–] ?(?:19|20)\d\d(?!\d)")  # « PRIU 2007-2013 »
_RUNNING_HEAD = re.compile(r"(?:^|\n)[ ]*[A-ZÀ-Ý][\w-]+ [A-Z]{2,5} ?\d{1,4}[ ]*(?=\n|\Z)")  # « Chronoville CHV 1 »
_IDENTIFIER = re.compile(r"[a-zà-ÿ][A-ZÀ-Ý]|_|[a-zà-ÿ]\d$")  # « CharacterString », « Subventions_2013 », « Niveau2 »
_SHELFMARK = re.compile(r"[A-Z]{2,5} \d{1,4}[.:](?= )")  # « CHV 11. Note sur … », an item of an inventory
_NOT_NAMES = wording("not_names")


def unknown_claims(
    reading: Reading,
    taken: Iterable[Span],
    towns: Iterable[Span],
    home_towns: Mapping[int, int],
    departments: Iterable[str],
    knowledge: Knowledge,
    large: Container[Span] = (),
    doubtful: Container[Span] = (),
) -> list[Claim]:
    """A weak claim for every capitalised name outside ``taken`` spans that some cue explains.

    ``towns``: spans of known place names: a name that is one is no rare word, and one that opens with one is no plain
    word; ``home_towns``: those of them that no quarter's name ends with; ``departments``: codes of the
    document's own, which an acronym may carry; ``large``: spans of large towns and territories, which keep their kind
    elsewhere; ``doubtful``: place names that here are hardly places.
    """
    towns = tuple(towns)
    known = frozenset(town for town in towns if town not in doubtful)
    town_starts = frozenset(start for start, _ in towns)
    busy, stop = sorted(taken), not_names(knowledge)
    busy_ends = [high for _, high in busy]
    claims = []
    for span in names(reading):
        for start, end in _parts(reading, span, stop, town_starts):
            paired = "/" in reading.flat[start:end]
            # busy spans do not overlap: the first that ends later tells
            near = busy[bisect_right(busy_ends, start) :][:1]
            if any((low <= start and end <= high) or (not paired and low < end) for low, high in near):
                continue
            whole = end if (start, end) in known else adjective_end(reading.flat, (start, end))
            kind, score = weigh(reading, start, whole, knowledge, rare=(start, end) not in known)
            coded = kind == "body" or reading.flat[end + 1 : end + 3] in departments
            if coded and end - start > 2 and reading.flat[start:end].isupper():
                end += 3 if DEPARTMENT.match(reading.flat, end) else 0  # « SODEDAT 93 »
            end = max(end, whole)
            if kind == "programme" and (acronym := _ACRONYM_OPENS.match(reading.flat, start, end)):
                end = acronym.end()  # « NPNRU de Bellevue » is a programme, and a quarter
            shorter = without_town(reading, (start, end), home_towns)
            if kind == "site" and not is_common(reading.flat[slice(*shorter)]):  # « Pays de Lens » is not « Pays »
                start, end = shorter
            if kind == "site" and (blocks := _BLOCKS.search(reading.flat, start, end)):
                end = blocks.start()
            if kind == "site" and (
                _IDENTIFIER.search(reading.flat, start, end) or ADDRESS_AFTER.match(reading.flat, end)
            ):
                continue
            lasting = (score > 0.5 or not plain_word(reading.flat[start:end])) and (start, end) not in large
            claims.append(Claim(start=start, end=end, kind=kind, score=score, method=f"cues:{kind}", lasting=lasting))
    return claims


@lru_cache(maxsize=2)  # asked for every page of a run, whose knowledge is one
def not_names(knowledge: Knowledge) -> frozenset[str]:
    """Folded words that a capital does not make a name: titles, roles, nouns that refer back, and the lists of them."""
    rows = [row for section in ("person", "role", "back") for row in knowledge.grammar[section]]
    lists = knowledge.grammar["no_names"]
    return frozenset(words_key(word) for words in (*(row["words"] for row in rows), *lists.values()) for word in words)


def _parts(reading: Reading, span: Span, stop: frozenset[str], towns: frozenset[int]) -> list[Span]:
    """The name, without a plain word that merely opens the sentence."""
    start, end = span
    surface = reading.flat[start:end]
    first = _FIRST_WORD.match(surface)
    opens = opens_sentence(reading.flat, start) and start not in towns
    # « Bouygues Immobilier »: two names in a row
    followed = first and _TITLE_WORD.match(reading.flat, start + first.end())
    firm = _FIRM.search(surface) or _TEAM.match(reading.flat, end)
    plain = opens and not firm and first is not None and plain_word(first.group(), opening=not followed)
    if first and (words_key(first.group()) in stop or plain):
        rest = _JOIN.match(reading.flat, start + first.end())
        return _parts(reading, (rest.end(), end), stop, towns) if rest and rest.end() < end else []
    filed = surface.isupper() and _FILE_NUMBER.match(reading.flat, end) and not _YEARS.match(reading.flat, end)
    line = reading.flat.rfind("\n", 0, start)
    headed = _RUNNING_HEAD.match(reading.flat, max(0, line))
    shelved = opens and _SHELFMARK.match(reading.flat, start)
    sort = surface in _FORMS and ANY.match(reading.flat, end)
    return [] if filed or headed or shelved or sort or _not_a_name(surface, stop) else [span]


def _not_a_name(surface: str, stop: frozenset[str]) -> bool:
    return bool(_NOT_NAMES.match(surface)) or words_key(surface) in stop
