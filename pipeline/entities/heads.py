"""Heads as claims: « quartier … », « OPAC de … », « l'association … ».

Why: most names of the archive are in no list, but the words beside them say what they are.
Idea: heads are rows of ``grammar.toml``, found with the gazetteers in one pass; ``tails.py`` says what may follow one, and
this module what the two make together.
Limits: a head far from its name (« quartiers prioritaires de la politique de la ville : X ») is not seen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.entities.claims import Claim, ClaimKind
from pipeline.entities.head import SECTIONS, Head, heads
from pipeline.entities.knowledge import Hit, Knowledge, words_key
from pipeline.entities.names import ADDRESS_AFTER, grand_of, number_end, opens_sentence, without_town
from pipeline.entities.reading import Reading
from pipeline.entities.tails import Mode, others, tails
from pipeline.entities.unknown import not_names
from pipeline.entities.wordings import wording, words
from pipeline.records import Span

CARDINALS = words("cardinal")
_TERRITORY_GROUND = wording("territory_not_actor")
_OF_NUMBER = re.compile(r" de \d")
_DETERMINED = re.compile(r"(?:\b[ld]'|, )\Z", re.IGNORECASE)
_NAMED = wording("named_phrase")
_DWELLINGS = wording("dwellings_counted")
_LETTERHEAD = re.compile(r"\w+(?: (?:de la |de l'|de |du |des |d'|et |l')?[A-ZÀ-Ý][\w'-]*)+[ ]*(?=\n|$)")
APPOSED_SITE = 0.92  # of a name right behind a quarter's word, whatever else bears it
YIELDING = "grammar:ground"
ALONE = 0.6  # a head without a name, however good a head it is
_SHORT_FORM = re.compile(r"[A-ZÀ-Ý]{2,6}(?![\w.])")
_AFTER_DASH = re.compile(r"[^\W\d][.)]? [–-] \Z")
_LABELLED = re.compile(r"[ •–-]*[A-ZÀ-Ý][^:\n]{2,40} ?: \Z")
_ITEM_OPENS = re.compile(r"(?:^|\n)[ •–-]*\Z")
_ITEM_LABEL = re.compile(r" ?(?:\([^()\n]{1,40}\) ?)?: ?\d")  # « - Etat : 3 MF »
_OPENING, _CLOSING = re.compile(r"[«“\"] ?\Z"), re.compile(r" ?[»”\"]")
_HOUSE_NUMBER = re.compile(r"\d+[ ]?(?:bis|ter)?[ ]?,?\s$")
_TOWN_GROUND = wording("town_not_actor")
_COMMUNE_GROUND = wording("commune_not_actor")


def head_claims(reading: Reading, hits: Iterable[Hit], knowledge: Knowledge, places: Mapping[int, int],
               home_towns: Mapping[int, int], large: Container[Span] = ()) -> list[Claim]:  # fmt: skip
    """Claims made by heads; ``large``: spans of large towns, départements and régions.

    ``places``: start of every known place name of the page, and the end of its longest form; ``home_towns``: end and start
    of communes of the document's own départements, which are no part of a quarter's name (« République d'Avion »).
    """
    claims: list[Claim] = []
    hits, rows, stop = list(hits), heads(knowledge), not_names(knowledge)
    bodies = sorted({reading.starts[hit.first] for hit in hits if _is_body(hit, reading, knowledge)})
    for hit in _longest(hit for hit in hits if hit.pattern.section in SECTIONS):
        head = rows[hit.pattern.section][hit.pattern.row]
        made = _claims_of(reading, hit, head, places, home_towns)
        claims += (
            replace(claim, lasting=False) if claim.kind == "body" and (claim.start, claim.end) in large else claim
            for claim in made
            if claim.kind != "site"
            or not (
                ADDRESS_AFTER.match(reading.flat, claim.end)
                or (not head.large_towns and (claim.start, claim.end) in large)
                or _holds_body(claim, bodies)
                or words_key(reading.flat[claim.start : claim.end]) in stop
            )
        )
    return claims


def _longest(hits: Iterable[Hit]) -> Iterator[Hit]:
    """Heads that lie in no longer head: « communes » in « communauté de communes » is none."""
    first = last = -1
    for hit in sorted(hits, key=lambda hit: (hit.first, -hit.last)):
        inside = hit.last <= last and (hit.first, hit.last) != (first, last)
        if not inside:
            first, last = hit.first, hit.last
            yield hit


def _is_body(hit: Hit, reading: Reading, knowledge: Knowledge) -> bool:
    entry = knowledge.entries.get(hit.pattern.entry_id)
    written = reading.text[reading.starts[hit.first] : reading.ends[hit.last]]
    return (
        entry is not None
        and entry.kind == "body"
        and written[0].isupper()
        and (bool(hit.pattern.acronym) or " " in written)
    )


def _letterhead(reading: Reading, start: int) -> bool:
    """Whether a line holds a territory's name and nothing else: where the paper comes from, not who acts."""
    opens = start == 0 or reading.flat[start - 1] == "\n"
    return opens and _LETTERHEAD.match(reading.flat, start) is not None


def _holds_body(claim: Claim, bodies: Sequence[int]) -> bool:
    """« le parc de l'OPAC », « le site de Habitat 62 »: what follows the head is a body, so no quarter is named."""
    following = bisect_left(bodies, claim.start)
    return following < len(bodies) and bodies[following] < claim.end


def _claims_of(
    reading: Reading, hit: Hit, head: Head, places: Mapping[int, int], home_towns: Mapping[int, int]
) -> Iterator[Claim]:
    start, end = reading.starts[hit.first], reading.ends[hit.last]
    if reading.text[end : end + 1] == "." and "." in reading.text[start:end] and reading.text[end - 1] != ".":
        end += 1
    capital = reading.text[start].isupper() and not reading.in_capitals(start)
    if (
        (head.needs_capital and not capital)
        or (head.needs_lower and reading.text[start].isupper())
        or not _fits(reading, start, end, head)
    ):
        return
    kind: ClaimKind = hit.pattern.section  # type: ignore[assignment]  # the sections are the kinds, see SECTIONS
    if head.street and (_HOUSE_NUMBER.search(reading.flat, max(0, start - 30), start) or reading.text[start].isdigit()):
        kind = "nothing"
    for mode, whole in tails(reading, end, hit, head, places):
        name = _whole(reading, whole, mode, kind, head, home_towns)
        written = reading.flat[slice(*name)]
        if head.named and not _NAMED.search(written):
            continue
        inside = mode == "inside" or (written in CARDINALS and not hit.pattern.plural)
        if kind == "body" and _DWELLINGS.match(reading.flat, name[1]):
            kind = "site"  # « le groupe X (264 logements) »
        if capital and kind in ("site", "body") and _own_capital(reading.flat, start, kind, mode):
            made = _claim(kind, start, _close(reading.flat, name), head, (start, start), reading)
            made = replace(made, short=written)
        else:
            made = _claim(kind, start if inside else name[0], name[1], head, name, reading)
        if kind == "site" and mode == "apposed":  # « résidence Les Lilas » is no town
            made = replace(made, score=max(made.score, APPOSED_SITE))
        yield _called_by(made, reading)
        if hit.pattern.plural and not inside:
            for other in others(reading, name[1], head, places):
                yield _claim(kind, *other, head, other, reading)
    counted = _OF_NUMBER.match(reading.flat, end)  # « Sous-préfecture de 25 900 habitants » is the town
    if head.alone == "always" or (head.alone == "capital" and capital and not counted):
        yield Claim(start=start, end=end, kind=kind, score=min(head.score, ALONE), method=_method(head))


def _called_by(claim: Claim, reading: Reading) -> Claim:
    """The claim with the short name its body is called by, where its own name tells it."""
    full = reading.flat[claim.start : claim.end]
    short = grand_of(full) if claim.kind == "body" else None
    return replace(claim, short=short, name=claim.name or full) if short else claim


def _whole(
    reading: Reading, name: Span, mode: Mode, kind: ClaimKind, head: Head, home_towns: Mapping[int, int]
) -> Span:
    """The name less the town that hangs on it, or with the number that is part of it (« université Paris 8 »)."""
    if mode != "inside" and not head.loose:
        name = without_town(reading, name, home_towns)
    numbered = kind == "body" and head.tail == "name" and not reading.flat[name[1] - 1].isdigit()
    return (name[0], number_end(reading.flat, name[1])) if numbered else name


def _own_capital(flat: str, start: int, kind: ClaimKind, mode: Mode) -> bool:
    """Whether its capital makes the head part of the name: « chez Atelier Castor », but not « la SEM Vitropole ».

    A capital that opens a sentence or a line, or is one of a form's letters, says nothing; nor that of « II – Quartier de X ».
    """
    apart = mode == "apposed" or (mode == "outside" and flat[start + 1] != ".")
    heading = kind == "site" and mode == "outside" and opens_sentence(flat, start)
    return apart and not heading and _inner(flat, start) and not _SHORT_FORM.match(flat, start)


def _inner(flat: str, start: int) -> bool:
    """Whether a capital at ``start`` is the name's own, since it opens neither a sentence nor a line, or follows a label."""
    labelled = _LABELLED.search(flat, flat.rfind("\n", 0, start) + 1, start)
    return (
        not opens_sentence(flat, start)
        or labelled is not None
        or _AFTER_DASH.search(flat, max(0, start - 12), start) is not None
    )


def _close(flat: str, name: Span) -> int:
    """The end of a name with the inverted comma that closes it, where one opened before."""
    closed = _CLOSING.match(flat, name[1]) if _OPENING.search(flat, max(0, name[0] - 2), name[0]) else None
    return closed.end() if closed else name[1]


def _fits(reading: Reading, start: int, end: int, head: Head) -> bool:
    """Whether a head's own conditions on what stands before the head hold."""
    if head.street and reading.text[start:end].lower().endswith("é"):  # « placé », « porté par » are no squares
        return False
    if head.inner and opens_sentence(reading.flat, start):
        return False
    if head.not_after and re.compile(head.not_after).search(reading.flat, max(0, start - 30), start):
        return False
    if head.determined and not _DETERMINED.search(reading.flat, max(0, start - 4), start):
        return bool(_ITEM_OPENS.search(reading.flat, max(0, start - 6), start) and _ITEM_LABEL.match(reading.flat, end))
    if head.acts == "territory":
        paper = reading.in_capitals(start) or _letterhead(reading, start)
        return not paper and not _TERRITORY_GROUND.search(reading.flat[max(0, start - 40) : start])
    before = reading.flat[max(0, start - 30) : start]
    if head.acts == "commune" and _COMMUNE_GROUND.search(before):
        return False
    return not (head.acts and _TOWN_GROUND.search(before))


def _claim(kind: ClaimKind, start: int, end: int, head: Head, name: Span, reading: Reading) -> Claim:
    return Claim(
        start=start,
        end=end,
        kind=kind,
        score=head.score_outside if start == name[0] and head.score_outside is not None else head.score,
        method=_method(head),
        name=head.name.replace("{de}", _de(reading.flat[name[0] : name[1]])) if head.name else None,
        lasting=kind in ("site", "body", "programme") and head.tail != "place",
    )


def _method(head: Head) -> str:
    return YIELDING if head.yields else f"grammar:{head.words[0]}"


def _de(name: str) -> str:
    """« de Lens », « d'Avion », « du Mée-sur-Seine », « des Mureaux »."""
    for article, short in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return short + name.removeprefix(article)
    return ("d'" if name[:1].upper() in "AEIOUYÉÈÊÀÂÎÔŒHÉ" and name[:1] != "Y" else "de ") + name
