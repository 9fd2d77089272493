"""Who belongs to which body: a person by an office held or a signature given, a body by joining another.

Why: « which agency did this name speak for » is asked of every attendance list and every signature.
Idea: names stand side by side, and the few words between them say the bond: « X, directrice de Y », « Y, représenté par X »,
« Pour Y, X », « sa présidente », « chez Y, X »; a possessive takes up the body told of before it.
Limits: an office told two sentences away from its body is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Parsed
from .identities import each_once
from .lexis import plain
from .reading import Claim, Reading, as_written, is_office, neighbours

SAYS = wordings(__file__, "members.toml")

OPENING = 4  # sentences in which a paper says who writes it
ACTORS = frozenset({"person", "body"})


def members(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« Mme X, directrice de Y », « M. X (Y) », and in a list « Y : M. X, Mme Z »."""
    body: Mention | None = None
    led_by: Mention | None = None
    for first, second in neighbours(parsed):
        if first.kind not in ACTORS or second.kind not in ACTORS:
            body = None
            continue
        gap = reading.between(first, second)
        if (
            first.kind == "person"
            and second.kind == "body"
            and (SAYS["role_words"].fullmatch(gap) or SAYS["who_led"].fullmatch(gap))
        ):
            yield from membership(reading, parsed, first, second)
        led = first.kind == "body" and second.kind == "person"
        if led and signed_for(reading, parsed, first, gap):
            yield from membership(reading, parsed, second, first)
        elif led and (SAYS["led"].fullmatch(gap) or SAYS["deputed"].fullmatch(gap)):
            yield from membership(reading, parsed, second, first)
            led_by = first
        if led_by is not None and first.kind == second.kind == "person" and SAYS["and_person"].fullmatch(gap):
            yield from membership(reading, parsed, second, led_by)
        if first.kind == second.kind == "body" and SAYS["affiliated"].fullmatch(gap):
            yield from membership(reading, parsed, reading.first_name(first), second)
        heads = first.kind == "body" and second.kind == "person" and SAYS["for_body"].fullmatch(gap) is not None
        if heads:
            body = reading.first_name(first) if gap.lstrip().startswith(")") else first  # « … (DDT) : Mme X »
        goes_on = first.kind == second.kind == "person" and SAYS["and_person"].fullmatch(gap)
        if body is not None and second.kind == "person" and (heads or goes_on):
            yield from membership(reading, parsed, second, body)
        elif not goes_on:
            body = None


def signed_for(reading: Reading, parsed: Parsed, body: Mention, gap: str) -> bool:
    """« Pour la CDC, le directeur régional, X », « Chez Y, X »."""
    before = reading.text(parsed)[: body.start - parsed.sentence.start]
    led_in = SAYS["signs_for"].search(before) or SAYS["at"].search(before)
    return led_in is not None and SAYS["signer"].fullmatch(gap) is not None


def its_officers(reading: Reading, number: int) -> Iterator[Claim]:
    """« Son directeur, M. X », « Mme Y, sa présidente », « Z, notre trésorier »: of the body told of, or that writes."""
    parsed = reading.parsed[number]
    text, start = reading.text(parsed), parsed.sentence.start
    for person in parsed.sentence.named:
        if person.kind != "person":
            continue
        before = text[: person.start - start]
        its = SAYS["its"].search(before) or SAYS["its_after"].match(text, person.end - start)
        if its is None and SAYS["led_by"].search(before) is None:
            continue
        if its is not None and its["whose"] == "notre":
            heads = [row for row in reading.parsed[:OPENING] if not row.finite]
            opening = [m for row in heads for m in row.sentence.named if m.kind == "body"]
            bodies = [m for m in opening if not is_office(m)][:1]
        else:
            bodies = told_bodies(reading, number, person)
        for body in bodies:
            yield from membership(reading, parsed, person, body)


def told_bodies(reading: Reading, number: int, person: Mention) -> list[Mention]:
    """The body last named before a person in the sentence, else what the sentence before is about, else its last body."""
    here = [m for m in reading.parsed[number].sentence.named if m.kind == "body" and m.start < person.start]
    before = reading.parsed[number - 1].sentence.named if number else ()
    topic = [m for m in (reading.told[number - 1] if number else None) or [] if m.kind == "body"]
    return here[-1:] or topic[-1:] or [m for m in before if m.kind == "body"][-1:]


def addressed(reading: Reading, number: int) -> Iterator[Claim]:
    """A name on one line and « Directeur général de l'X » on the next: an address, a signature."""
    if number + 1 >= len(reading.parsed):
        return
    named, below = reading.parsed[number].sentence, reading.parsed[number + 1].sentence
    if len(named.tokens) > 5 or len(below.tokens) > 12 or not below.first or not below.named:
        return
    person, body = named.named[-1:], below.named[0]
    if person and person[0].kind == "person" and person[0].end == named.end and body.kind == "body":
        words = plain(reading.texts[below.page][below.start : body.start])
        if SAYS["role_words"].fullmatch(", " + words):
            yield from membership(reading, reading.parsed[number + 1], person[0], body)


def officers(reading: Reading, parsed: Parsed) -> Iterator[Claim]:
    """« M. X, directeur, et M. Y, receveur » in the minutes of one body: they are that body's."""
    issuers = each_once(m for m in reading.pieces.letterhead if not is_office(m))
    if len(issuers) != 1:
        return
    pairs = list(neighbours(parsed))[:2]
    if any(one.kind == "body" and SAYS["for_body"].fullmatch(reading.between(one, other)) for one, other in pairs):
        return  # « Y : M. X, vice-président » in an attendance list: he is Y's
    text, start = reading.text(parsed), parsed.sentence.start
    for person in parsed.sentence.named:
        if person.kind == "person" and SAYS["officer"].match(text, person.end - start):
            yield from membership(reading, parsed, person, issuers[0])


def membership(reading: Reading, parsed: Parsed, person: Mention, body: Mention) -> Iterator[Claim]:
    """A person in a body, under the body's name as it stands, or in full where that is « l'office »."""
    if is_office(body):
        return
    yield Claim(as_written(person), "member_of", reading.in_full(body), parsed)
