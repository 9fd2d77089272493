"""What may follow a head: « of X », « X », « X, Y et Z », « « X » », « 47 », or a phrase in lower case.

Why: where a name ends is a question of shape; what the head makes of it is another (``heads.py``).
Idea: a row of heads says which shapes it takes; each gives the span of the name, and whether the head belongs to it.
Limits: a number and one shape a head, the first that its row allows; a phrase has at most six complements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Literal

from pipeline.entities.head import Head
from pipeline.entities.knowledge import Hit
from pipeline.entities.names import APPOSED, DIGITS, LIST_JOIN, OF, is_plain, name_at
from pipeline.entities.reading import Reading
from pipeline.entities.wordings import wording
from pipeline.records import Span

_PHRASE = wording("phrase")
_INTITLED = wording("entitled")
_NUMBER = wording("estate_number")
_QUALIFIER = wording("qualifier")
# « communauté de communes Auzance, Vertonne et Vie »
_SERIES_NAME = re.compile(r", [A-ZÀ-Ý][\w'-]+ et [A-ZÀ-Ý][\w'-]+")
_PARTNER = re.compile(r" et [A-ZÀ-Ý][\w'-]+(?![\w'-]| [A-ZÀ-Ý])")
_SERIES = re.compile(r",(?=[ ](?:du|de la|de l'|des|d')[ ]?[^.;:()\n]{3,60}?[ ]et[ ](?:du|de|des))")
_INTRODUCES = re.compile(r"(?: [a-zà-ÿ'-]{3,}){0,4} ?(?::|\() ?(?:la |le |les |l'|de |du |des |d')?(?=[A-ZÀ-Ý«])")
_ADJECTIVE = wording("adjective_of_name")
_HEADING = re.compile(r" (?:DE |DU |DES |D'|CHARG)[^\n:;()–|]{3,110}(?<![ ,])")  # the rest of a letterhead's line
_LONG = re.compile(r"[ ][–-][ ](?=[A-ZÀ-Ý])")
_PROGRAMME_TITLE = wording("programme_title")


Mode = Literal["inside", "outside", "apposed"]


def tails(reading: Reading, at: int, hit: Hit, head: Head, places: Mapping[int, int]) -> Iterator[tuple[Mode, Span]]:
    """What follows the head that ends at ``at``: how, and the span of the name; a number (« blocs A12 et A13 »), then a name.

    ``inside``: the head belongs to the name; ``outside``: it does not; ``apposed``: it does not, and the name stands right
    behind it. ``places``: start and end of the known place names of the page.
    """
    if head.digits and (digits := DIGITS.match(reading.flat, at)):
        yield "inside", digits.span(1)
    if found := _name(reading, at, hit, head, places):
        yield found


def _name(reading: Reading, at: int, hit: Hit, head: Head, places: Mapping[int, int]) -> tuple[Mode, Span] | None:
    if head.apposed == "quoted" or head.tail in ("policy", "title"):
        return _fixed_tail(reading, at, head)
    plural = hit.pattern.plural
    colon = _INTRODUCES.match(reading.flat, at) if plural and head.listed else None
    if colon and (name := _tail_name(reading, colon.end(), head, places)):
        return "outside", name
    heading = _HEADING.match(reading.flat, at) if head.heading and reading.in_capitals(at) else None
    if heading:
        return "inside", heading.span()
    joined = _joined(reading, at, plural=plural, head=head, places=places)
    if joined is None:
        return None
    mode, name = joined
    numbered = reading.flat[name[0]].isdigit()  # « cité des 4000 »: a number needs its word
    return "inside" if numbered else mode, _double_name(reading, name, head, places)


def _joined(
    reading: Reading, at: int, *, plural: bool, head: Head, places: Mapping[int, int]
) -> tuple[Mode, Span] | None:
    """A name behind « de », a phrase, or a name right behind the head, as the row allows."""
    of_mode = (head.of_plural or head.of) if plural else head.of
    if of_mode != "no" and (of := OF.match(reading.flat, at)):
        name = _of_name(reading, at, of.end(), head, places)
        return (of_mode, name) if name else None
    if head.tail == "words" and _phrase_opens(reading, at, head) and (name := _phrase(reading, at)):
        return "inside", name
    apposed = APPOSED.match(reading.flat, at) if head.apposed != "no" else None
    name = _tail_name(reading, apposed.end(), head, places) if apposed else None
    if name is None:
        return None
    if plural:
        return "outside", name
    return "inside" if head.apposed == "inside" else "apposed", name


def others(reading: Reading, at: int, head: Head, places: Mapping[int, int]) -> Iterator[Span]:
    """The rest of a list « X, Y et Z » after its first name."""
    while (join := LIST_JOIN.match(reading.flat, at)) and not _in_town(reading, join.end(), places):
        name = _tail_name(reading, join.end(), head, places)
        if name is None or (head.tail == "place" and join.end() not in places):
            return
        yield name
        at = name[1]


def _fixed_tail(reading: Reading, at: int, head: Head) -> tuple[Mode, Span] | None:
    """What follows a programme's head: a name in inverted commas, the policy it serves, or a title."""
    if head.apposed == "quoted":
        quoted = _INTITLED.match(reading.flat, at)
        return ("outside", quoted.span("name")) if quoted and quoted["name"][0].isalnum() else None
    if head.tail == "policy":
        ahead = reading.flat[at : at + 120]
        policy = re.compile(head.policy).match(ahead.lower() if reading.in_capitals(at) else ahead)
        return ("inside", (at, at + policy.end())) if policy else None
    title = _PROGRAMME_TITLE.match(reading.flat, at)
    named = title and is_plain(title["first"]) and not reading.in_capitals(at)
    return ("outside", title.span("title")) if title and named else None


def _phrase_opens(reading: Reading, at: int, head: Head) -> bool:
    """Whether a phrase in lower case may follow here: after some heads only an adjective opens one."""
    return not head.of_only or _QUALIFIER.match(reading.flat, at) is not None


def _of_name(reading: Reading, at: int, after: int, head: Head, places: Mapping[int, int]) -> Span | None:
    """What follows « de »: a name, or a phrase, or a number, as the head allows."""
    name = _tail_name(reading, after, head, places)
    if head.tail == "words":
        phrase = _phrase(reading, at)
        return max((span for span in (name, phrase) if span), key=lambda span: span[1], default=None)
    if name is None and head.digits and (number := _NUMBER.match(reading.flat, after)):
        return number.span()
    return name


def _tail_name(reading: Reading, at: int, head: Head, places: Mapping[int, int]) -> Span | None:
    if head.tail == "place" and at in places:
        return at, places[at]
    if reading.in_capitals(at):
        return (at, places[at]) if at in places else None
    name = name_at(reading, at, loose=head.loose, title=head.title)
    if name and head.series and (more := _SERIES_NAME.match(reading.flat, name[1])):
        return name[0], more.end()
    if name and head.pair and (other := _PARTNER.match(reading.flat, name[1])):
        return name[0], other.end()
    if name and head.adjective and re.match(r"L(?:es?|a) |L'", reading.flat[name[0] :]):
        adjective = _ADJECTIVE.match(reading.flat, name[1])
        name = (name[0], adjective.end()) if adjective else name
    if name and head.tail == "long" and (more := _LONG.match(reading.flat, name[1])):
        rest = name_at(reading, more.end())
        return (name[0], rest[1]) if rest else name
    return name


def _double_name(reading: Reading, name: Span, head: Head, places: Mapping[int, int]) -> Span:
    """« Canal – Bras de Fer »: a quarter's two names, unless the second is a town."""
    more = _LONG.match(reading.flat, name[1]) if head.double else None
    second = name_at(reading, more.end()) if more else None
    return (name[0], second[1]) if more and second and places.get(more.end()) != second[1] else name


def _phrase(reading: Reading, at: int) -> Span | None:
    """A phrase in lower case after a head: complements joined by prepositions, up to six of them."""
    adjective = _QUALIFIER.match(reading.flat, at)
    end = adjective.end() if adjective else at
    for _ in range(6):
        more = _PHRASE.match(reading.flat, end)
        if not more:
            break
        end = more.end()
        comma = _SERIES.match(reading.flat, end)
        end = comma.end() if comma and _PHRASE.match(reading.flat, comma.end()) else end
    return (at, end) if end > at else None


def _in_town(reading: Reading, at: int, places: Mapping[int, int]) -> bool:
    """« , à Metz »: where the list's things are, not one of them."""
    return at in places and reading.flat[max(0, at - 2) : at] == "à "
