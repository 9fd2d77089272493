"""What a document has taught its reader: names once established, acronyms once defined.

Why: « (ci-après P.N.R.U.) », « le quartier Wilson … à Wilson »: a name is explained once and used for the rest.
Idea: after a first decision, what a strong source established is sought again everywhere in the document, before and
after; an acronym in brackets takes kind and identity from the full name its letters spell out.
Limits: a name established for two kinds keeps the better established one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.entities.claims import Claim
from pipeline.entities.decide import THRESHOLD
from pipeline.entities.knowledge import words_key
from pipeline.entities.names import LIST_JOIN, is_common, opens_sentence
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording, words
from pipeline.records import Span

LONGEST_NAME = 20  # words; a longer one is no name, and comparing it everywhere costs the square of the page
ARTICLES = frozenset(("la", "le", "les", "l"))
GUESS, LEAST_VOTE = 0.5, 0.02  # the score of a guess without cues; what a guess votes with at least
CELLS = 4  # spaced dashes in a line: it is a row of a table
SHORT_VOTE = 0.1  # what « Collectif Bellevue » votes with for Bellevue alone being a body
BESIDE = 0.8  # of a town beside a town
LIST_REACH = 12  # names of a list, either way, that one known name speaks for
_AT = wording("at")
_JOIN_BEFORE = wording("join_before")
_SHORT_TOWN = wording("short_town")
_NO_TOWN = words("no_town")
_ARTICLE_JOIN = wording("article_join")
_ARTICLE = wording("lower_article")
_SCENE = wording("scene")
_TOPIC = wording("topic")
_DONE_TO = wording("done_to")
ByFirstWord = dict[str, list[tuple[tuple[str, ...], Claim]]]
PROPAGATED = {"place": 0.72, "site": 0.74, "body": 0.84, "programme": 0.84, "person": 0.8}


def remember(chosen: Iterable[tuple[Reading, Claim]]) -> dict[str, Claim]:
    """Names that later and earlier occurrences may rely on, each with the claim that established it best."""
    votes: dict[str, dict[str, float]] = defaultdict(dict)
    best: dict[tuple[str, str], Claim] = {}
    for reading, claim in chosen:
        if not claim.lasting or claim.kind not in PROPAGATED:
            continue
        surface = reading.text[claim.start : claim.end]
        for part in [*_forms(surface, claim.kind), *([claim.short] if claim.short else [])]:
            key = words_key(part)
            if claim.kind == "place" and key == words_key(surface) and not _by_company(claim):
                continue  # what a list knows is found without memory
            if claim.kind != "site" and " " not in key and is_common(key):
                continue
            if key.count(" ") >= LONGEST_NAME:
                continue
            named_after = part == claim.short and not part.startswith("Grand ")
            vote = min(SHORT_VOTE, _vote(claim)) if named_after else _vote(claim)
            votes[key][claim.kind] = votes[key].get(claim.kind, 0.0) + vote
            if (key, claim.kind) not in best or best[key, claim.kind].score < claim.score:
                best[key, claim.kind] = claim
    names = {}
    for key, kinds in votes.items():
        kind = max(kinds, key=lambda item: (kinds[item], item))
        names[key] = best[key, kind]
    return names


def surest(before: Mapping[str, Claim], here: Mapping[str, Claim]) -> dict[str, Claim]:
    """Names established on earlier pages or on these; where on both, by the claim that is surer, the earlier of two."""
    earlier = {key: claim for key, claim in before.items() if key not in here or claim.score >= here[key].score}
    return {**here, **earlier}


def _vote(claim: Claim) -> float:
    """What one occurrence says for its kind: a guess no more than what its cues add to the first guess of any name."""
    return max(LEAST_VOTE, claim.score - GUESS) if claim.method.startswith("cues:") else claim.score


def _by_company(claim: Claim) -> bool:
    """Whether a place owes its score to the towns it stands beside, not to its own size and home."""
    return claim.score == BESIDE


def _forms(surface: str, kind: str) -> list[str]:
    forms = [surface, re.sub(r"^(?:La |Le |Les |L['’])", "", surface)]
    if kind == "site" and "/" in surface:
        forms += [part.strip() for part in surface.split("/")]
    town = _SHORT_TOWN.match(surface) if kind == "place" else None
    if town and town[1].lower() not in _NO_TOWN and not is_common(town[1]):
        forms.append(town[1])  # « Hérouville » for Hérouville-Saint-Clair
    if kind == "person" and not is_common(surface.split(" ")[-1]):
        forms.append(surface.split(" ")[-1])
    return [form for form in dict.fromkeys(forms) if len(form) > 2]


def _recalled_score(known: Claim) -> float:
    weak = known.method.startswith("cues")
    return min(PROPAGATED[known.kind], known.score + 0.1) if weak else PROPAGATED[known.kind]


def by_first_word(names: Mapping[str, Claim]) -> ByFirstWord:
    """Remembered names ready to be sought: by the word they open with, each as its words."""
    known: ByFirstWord = defaultdict(list)
    for key, claim in names.items():
        parts = tuple(key.split())
        known[parts[0]].append((parts, claim))
    return known


def recalled(reading: Reading, names: ByFirstWord) -> list[Claim]:
    """Every occurrence on this page of a remembered name that is written as a name."""
    claims = []
    for index in [index for index, word in enumerate(reading.words) if word in names]:
        for parts, known in names[reading.words[index]]:
            last = index + len(parts) - 1
            if reading.words[index : last + 1] != parts:
                continue
            start, end = reading.starts[index], reading.ends[last]
            plain = len(parts) == 1 and is_common(parts[0]) and opens_sentence(reading.flat, start)
            if plain or "\t" in reading.flat[start:end]:
                continue
            # « le Logis berrichon » is found without its article
            article = parts[0] in ARTICLES and reading.text[start].islower()
            capital = any(char.isupper() or char.isdigit() for char in reading.text[start : start + 3])  # « m2A »
            if (capital or len(parts) > 2) and not article:
                claims.append(
                    Claim(
                        start=start,
                        end=end,
                        kind=known.kind,
                        score=_recalled_score(known),
                        method=f"document:{known.method}",
                        entity_ids=known.entity_ids,
                        name=known.name,
                    )
                )
    return claims


def listed(
    reading: Reading,
    chosen: Sequence[Claim],
    names: Sequence[Span],
    busy: Sequence[Span],
    places: Sequence[Claim],
    guessed: Mapping[Span, float],
) -> list[Claim]:
    """Claims for names that stand in a list beside one whose kind is known: « Mont-Gaillard, Bléville et Rouelles ».

    ``busy``: spans that keep their kind; ``places``: every claim for a place, of which a list of towns makes one sure;
    ``guessed``: names that only cues speak for, and how strongly: the surest of a list speaks for the others.
    """
    starts, ends = {start: end for start, end in names}, {end: start for start, end in names}
    claims = []
    busy_ends = [high for _, high in busy]
    towns = {(known.start, known.end): known for known in places}
    for claim in chosen:
        if claim.kind not in ("site", "body", "place") or claim.score < 0.5:
            continue
        for start, end in _neighbours(reading, claim, starts, ends):
            if re.match(r" ?:", reading.flat[end : end + 2]):  # « Concédant : X – Concessionnaire : Y »
                continue
            if claim.kind == "place" and _ARTICLE.search(reading.flat, max(0, start - 5), start):
                continue  # « Mantes, et la Noé »: a town would bear its article's capital
            if claim.kind == "place":
                claims += [replace(towns[start, end], score=BESIDE)] if (start, end) in towns else []
            elif (start, end) in towns and _town_at(reading, towns[start, end]):
                claims.append(replace(towns[start, end], score=BESIDE))
            elif guessed.get((start, end), 0.0) > claim.score or not _like(reading, start, end, claim):
                continue
            elif _free(start, end, busy, busy_ends):
                lasting = (start, end) not in towns  # a town that acts in one list stands for itself elsewhere
                claims.append(Claim(start=start, end=end, kind=claim.kind, score=0.74, method="list", lasting=lasting))
    return claims


def _amid(flat: str, start: int, end: int) -> bool:
    """Whether a name has others of its list on both sides: « les Belles-Terres, le Val et la Haute-Lande »."""
    return bool(LIST_JOIN.match(flat, end) and _JOIN_BEFORE.search(flat, max(0, start - 16), start))


def _town_at(reading: Reading, town: Claim) -> bool:
    """« X et Y, à Z »: where a list's things are, not one of them."""
    return town.score >= THRESHOLD and reading.flat[max(0, town.start - 2) : town.start] == "à "


def _like(reading: Reading, start: int, end: int, known: Claim) -> bool:
    """Whether a name may be what its known neighbour is.

    A plain word is only amid a list of quarters; « À Bellevue, la ville de X », « Les Saules, géré par X » name no actor.
    """
    if is_common(reading.flat[start:end]) and not (known.kind == "site" and _amid(reading.flat, start, end)):
        return False
    where = _stands_at(reading, start) and not _stands_at(reading, known.start)
    return known.kind != "body" or not (where or _DONE_TO.match(reading.flat, end))


def _stands_at(reading: Reading, start: int) -> bool:
    """Whether « à » stands before a name."""
    return _AT.search(reading.flat, max(0, start - 8), start) is not None


def _free(start: int, end: int, busy: Sequence[Span], busy_ends: Sequence[int]) -> bool:
    """Whether no busy span (sorted, apart) touches the stretch."""
    index = bisect_right(busy_ends, start)
    return index == len(busy) or busy[index][0] >= end


def _sets_scene(flat: str, start: int, join: str) -> bool:
    """« Pour les X, l'Y apporte », « les abords du X, la Y »: the first, at ``start``, says what for or where, not who."""
    if join.lstrip().startswith(",") and _TOPIC.search(flat, max(0, start - 30), start):
        return True
    return _ARTICLE_JOIN.fullmatch(join) is not None and _SCENE.search(flat, max(0, start - 10), start) is not None


def _in_cells(flat: str, claim: Claim) -> bool:
    """Whether a line is a row of a table whose cells a spaced dash keeps apart: no list of things alike."""
    start = flat.rfind("\n", 0, claim.start) + 1
    close = flat.find("\n", claim.end)
    return flat.count(" – ", start, close if close >= 0 else len(flat)) >= CELLS


def _neighbours(reading: Reading, claim: Claim, starts: dict[int, int], ends: dict[int, int]) -> Iterator[Span]:
    first, at = claim.start, claim.end
    cells = _in_cells(reading.flat, claim)
    for _ in range(LIST_REACH):
        join = LIST_JOIN.match(reading.flat, at)
        if not join or join.end() not in starts or (cells and "–" in join.group()):
            break
        if _sets_scene(reading.flat, first, join.group()):
            break
        yield join.end(), starts[join.end()]
        first, at = join.end(), starts[join.end()]
    at = claim.start
    for _ in range(LIST_REACH):
        join = _JOIN_BEFORE.search(reading.flat, max(0, at - 16), at)
        if not join or join.start() not in ends or _sets_scene(reading.flat, ends[join.start()], join.group()):
            break
        yield ends[join.start()], join.start()
        at = ends[join.start()]
