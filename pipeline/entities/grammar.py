"""Heads and what follows them: « quartier … », « OPAC de … », « l'association … », as claims.

Why: most names of the archive are in no list, but the words beside them say what they are.
Idea: heads are rows of ``grammar.toml``, found with the gazetteers in one pass; this module only knows the shapes of what
may follow (« head de X », « head X », « heads X, Y et Z », « head « X » », « head 47 »).
Limits: a head far from its name (« quartiers prioritaires de la politique de la ville : X ») is not seen.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from pipeline.entities.claims import Claim, ClaimKind
from pipeline.entities.knowledge import Hit, Knowledge, words_key
from pipeline.entities.names import APPOSED, DIGITS, LIST_JOIN, OF, is_plain, name_at, opens_sentence, without_town
from pipeline.entities.reading import Reading
from pipeline.entities.unknown import not_names
from pipeline.records import Span

SECTIONS = ("site", "body", "programme", "place", "nothing")
_PHRASE = re.compile(
    r"(?:[ ](?:de la|de l'|de|du|des|d'|à la|à l'|à|au|aux|pour la|pour le|pour l'|pour les|pour(?! \w+[ei]r\b)|sur|en|et|"
    r"et de la|et de l'|et des|et du|et de(?! \w+(?:ettre|endre|uire|oir|iser|ifier|oyer|urer)\b)|et d'|"
    r"et à la|et à l'|contre les|contre la|dans les)(?:[ ]|(?<=')))(?!\d|fut |est |sera )"
    r"(?!l'[A-ZÀ-Ý]|(?:les|une?|cette|ces|son|ses|leurs?|notre|nos|votre|vos|chaque|plusieurs|tous|toute|toutes)\b)"
    r"(?:(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|vingt|trente|quarante|cinquante|cent|mille)[ ])?(?:[\w’'-]{3,})"
    r"(?:[ ](?!(?:qui|que|est|a|ont|sont|et|de|du|des|dans|pour|par|le|la|les|au|aux|en|avec|sur|se|ne|dont|où|un|une|lui|"
    r"parfois|toutefois|autrefois|quelquefois|retards?|regards?|son|sa|ses|leur|mais|ou|puis|fut|sera|avait|était|peut|doit)\b)[a-zà-öø-ÿœ-]{4,}(?:ale?s?|aux|elles?|els?|ifs?|ives?|iques?|aires?|"
    r"ains?|aines?|oires?|oise?s?|aises?|ards?|éens?|ées?|és?|eur|eurs|ienne?s?|istes?|bles?))?"
)
CARDINALS = frozenset(
    (
        "Nord",
        "Sud",
        "Est",
        "Ouest",
        "Centre",
        "Haut",
        "Bas",
        "Nord-Est",
        "Nord-Ouest",
        "Sud-Est",
        "Sud-Ouest",
        "Haute",
        "Basse",
    )
)
_INTITLED = re.compile(
    r"(?:[ ](?:intitulée?|dénommée?|dite?|appelée?|baptisée?|nationale?))?[ ]*[«“\"][ ]?(?P<name>[^«»”\"\n]{2,80}?)[ ]?[»”\"]"
)
_NUMBER = re.compile(
    r"(?:n°[ ]?)?(?:\d{1,3}(?:[-/]\d{1,3})+(?![\d/])|[1-9](?:[ .]?000|\d00)"
    r"(?!\d|[,.]\d| ?(?:[%€]|logements|habitants|hab\b|ménages|places|familles|m[²2]|francs|ha\b|F\b|k€|M€|euros)))"
)
_QUALIFIER = re.compile(
    r"[ ][a-zà-öø-ÿœ]{4,}(?:ale?s?|iques?|aires?|elles?|els?|ées?"
    r"|aises?|oises?|iennes?|ives?|ières?|aines?)\b"
)
_GROUND = re.compile(
    r"(?:\bpr[ée]f\w+|\b[Dd]ans|\bsur|\bvilles?|\bcommunes?|\bnord|\bsud|\best|\bouest|\btoute?|\bterritoire"
    r"|\bhabitants|\bpopulation|\béchelle|\bquartiers|\bsites|\bagglomérations?|\bhors|\bcentre|\bcœur|\b[Ee]n|\btravers)"
    r" (?:de |du |d')?(?:la |le |l')?(?:même |seule? )?$"
)
_SERIES_NAME = re.compile(
    r", [A-ZÀ-Ý][\w'-]+ et [A-ZÀ-Ý][\w'-]+"
)  # « communauté de communes Auzance, Vertonne et Vie »
_PARTNER = re.compile(r" et [A-ZÀ-Ý][\w'-]+(?! [A-ZÀ-Ý])")
_SERIES = re.compile(r",(?=[ ](?:du|de la|de l'|des|d')[ ]?[^.;:()\n]{3,60}?[ ]et[ ](?:du|de|des))")
_INTRODUCES = re.compile(r"(?: [a-zà-ÿ'-]{3,}){0,4} ?(?::|\() ?(?:la |le |les |l'|de |du |des |d')?(?=[A-ZÀ-Ý«])")
_ADJECTIVE = re.compile(
    r" [a-zà-ÿ]{3,}(?:ais|ois|aise|oise|ains?|iens?|ienne|al|ale|eux|ique|els?|ois|and|in|ine|and|urbain|francilien)\b"
)
_OF_NUMBER = re.compile(r" de \d")
_DETERMINED = re.compile(r"(?:\b[ld]'|, )\Z", re.IGNORECASE)
_DWELLINGS = re.compile(r" ?\((?:les )?\d[\d .]* ?(?:logements|lgts|pavillons|appartements)\b")
_HEADING = re.compile(r" (?:DE |DU |DES |D'|CHARG)[^\n:;()–|]{3,110}(?<![ ,])")  # the rest of a letterhead's line
_LETTERHEAD = re.compile(r"\w+(?: (?:de la |de l'|de |du |des |d'|et |l')?[A-ZÀ-Ý][\w'-]*)+[ ]*(?=\n|$)")
APPOSED_SITE = 0.92  # of a name right behind a quarter's word, whatever else bears it
ALONE = 0.6  # a head without a name, however good a head it is
_LONG = re.compile(r"[ ][–-][ ](?=[A-ZÀ-Ý])")
_SHORT_FORM = re.compile(r"[A-ZÀ-Ý]{2,6}(?![\w.])")
_PROGRAMME_TITLE = re.compile(  # « Habitat et vie sociale », « Action cœur de ville », « Villes et territoires »
    r" (?P<title>(?P<first>[A-ZÀ-Ý][a-zà-ÿ-]{2,})(?:(?: (?:et|de|du|des|de la|pour|sans|en))?(?: de)? "
    r"(?!(?:est|a|ont|sont|fut|sera|qui|que|dont|à|par|en|dans|depuis|pour|le|la|les|et|de|du|des|au|aux|sur|avec|puis|mais"
    r"|ou|où|se|ne|son|sa|ses|un|une|sous|entre|vers|dès)\b)(?![a-zà-ÿ]+(?:ée?s?|ie?s?|er|ait|ent)\b)[a-zà-ÿ][\w-]{2,}){1,4})"
    r"(?=[ ]?[,.;:)»]|\n|$| )"
)
_AFTER_DASH = re.compile(r"[^\W\d][.)]? [–-] \Z")
_ITEM_OPENS, _ITEM_LABEL = (
    re.compile(r"(?:^|\n)[ •–-]*\Z"),
    re.compile(r" ?(?:\([^()\n]{1,40}\) ?)?: ?\d"),
)  # « - Etat : 3 MF »
_OPENING, _CLOSING = re.compile(r"[«“\"] ?\Z"), re.compile(r" ?[»”\"]")
_HOUSE_NUMBER = re.compile(r"\d+[ ]?(?:bis|ter)?[ ]?,?\s$")
_LOCATED = re.compile(
    r"\b(?:dans|sur|hors de|territoire de|population de|habitants de) (?:la|une|toute la)\s$"
    r"|\b(?:contrats?|politique|chartes?|conventions?|grands? projets?|hôtels?|centre|entrée|cœur|fonds)[ -](?:de (?:la )?)?$",
    re.IGNORECASE,
)


def head_claims(reading: Reading, hits: Iterable[Hit], knowledge: Knowledge, places: Mapping[int, int],
               home_towns: Mapping[int, int], large: Container[Span] = ()) -> list[Claim]:  # fmt: skip
    """Claims made by heads; ``large``: spans of large towns.

    ``places``: start of every known place name of the page, and the end of its longest form; ``home_towns``: end and start
    of communes of the document's own départements, which are no part of a quarter's name (« République d'Avion »).
    """
    claims: list[Claim] = []
    hits, stop = list(hits), not_names(knowledge)
    bodies = sorted({reading.starts[hit.first] for hit in hits if _is_body(hit, reading, knowledge)})
    for hit in _longest(hit for hit in hits if hit.pattern.section in SECTIONS):
        row = knowledge.grammar[hit.pattern.section][hit.pattern.row]
        made = _claims_of(reading, hit, row, places, home_towns)
        claims += (
            claim
            for claim in made
            if claim.kind != "site"
            or not (
                (row.get("towns") == "no" and (claim.start, claim.end) in large)
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
    reading: Reading, hit: Hit, row: Mapping[str, Any], places: Mapping[int, int], home_towns: Mapping[int, int]
) -> Iterator[Claim]:
    start, end = reading.starts[hit.first], reading.ends[hit.last]
    if reading.text[end : end + 1] == "." and "." in reading.text[start:end] and reading.text[end - 1] != ".":
        end += 1
    capital = reading.text[start].isupper() and not reading.in_capitals(start)
    if (
        (row.get("needs_capital") and not capital)
        or (row.get("needs_lower") and reading.text[start].isupper())
        or not _fits(reading, start, end, row)
    ):
        return
    before = reading.flat[max(0, start - 30) : start]
    kind: ClaimKind = hit.pattern.section  # type: ignore[assignment]  # the sections are the kinds, see SECTIONS
    if row.get("street") and (_HOUSE_NUMBER.search(before) or reading.text[start].isdigit()):
        kind = "nothing"
    for mode, whole in _tails(reading, end, hit, row, places):
        inside = mode == "inside"
        name = whole if inside or row.get("loose") else without_town(reading, whole, home_towns)
        inside = inside or (reading.flat[slice(*name)] in CARDINALS and not hit.pattern.plural)
        named = capital and kind in ("site", "body") and _inner(reading.flat, start)  # « chez Atelier Castor »
        if kind == "body" and _DWELLINGS.match(reading.flat, name[1]):
            kind = "site"  # « le groupe X (264 logements) »
        sure = kind == "site" and mode == "apposed"  # « résidence Les Lilas » is no town
        named = named and not _SHORT_FORM.match(
            reading.flat, start
        )  # « la SEM Vitropole »: capitals of the form itself
        if named and (mode == "apposed" or (mode == "outside" and reading.text[start + 1] != ".")):
            made = _claim(kind, start, _close(reading.flat, name), row, (start, start), reading)
            made = replace(made, short=reading.flat[slice(*name)])
        else:
            made = _claim(kind, start if inside else name[0], name[1], row, name, reading)
        yield replace(made, score=max(made.score, APPOSED_SITE)) if sure else made
        if hit.pattern.plural and not inside:
            for other in _others(reading, name[1], row, places):
                yield _claim(kind, *other, row, other, reading)
    counted = _OF_NUMBER.match(reading.flat, end)  # « Sous-préfecture de 25 900 habitants » is the town
    if row.get("alone") == "always" or (row.get("alone") == "capital" and capital and not counted):
        yield Claim(start=start, end=end, kind=kind, score=min(row["score"], ALONE), method=_method(row))


def _inner(flat: str, start: int) -> bool:
    """Whether a capital at ``start`` is the name's own, since it opens neither a sentence nor a line."""
    return not opens_sentence(flat, start) or _AFTER_DASH.search(flat, max(0, start - 12), start) is not None


def _close(flat: str, name: Span) -> int:
    """The end of a name with the inverted comma that closes it, where one opened before."""
    closed = _CLOSING.match(flat, name[1]) if _OPENING.search(flat, max(0, name[0] - 2), name[0]) else None
    return closed.end() if closed else name[1]


def _fits(reading: Reading, start: int, end: int, row: Mapping[str, Any]) -> bool:
    """Whether a row's own conditions on what stands before the head hold."""
    if row.get("street") and reading.text[start:end].lower().endswith("é"):  # « placé », « porté par » are no squares
        return False
    if row.get("inner") and opens_sentence(reading.flat, start):
        return False
    if "not_after" in row and _policy(row["not_after"]).search(reading.flat, max(0, start - 30), start):
        return False
    if row.get("determined") and not _DETERMINED.search(reading.flat, max(0, start - 4), start):
        return bool(_ITEM_OPENS.search(reading.flat, max(0, start - 6), start) and _ITEM_LABEL.match(reading.flat, end))
    if row.get("acts") and (
        reading.in_capitals(start)
        or _letterhead(reading, start)
        or _GROUND.search(reading.flat[max(0, start - 40) : start])
    ):
        return False
    town = row.get("tail") == "place" and "ville" in row["words"]
    return not (town and _LOCATED.search(reading.flat[max(0, start - 30) : start]))


def _tails(
    reading: Reading, at: int, hit: Hit, row: Mapping[str, Any], places: Mapping[int, int]
) -> Iterator[tuple[str, Span]]:
    """Every (mode, name span) that may follow the head ending at ``at``."""
    if row.get("apposed") == "quoted" or row.get("tail") in ("policy", "title"):
        yield from _fixed_tail(reading, at, row)
        return
    if row.get("digits") and (digits := DIGITS.match(reading.flat, at)):
        yield "inside", digits.span(1)
    plural = hit.pattern.plural
    colon = _INTRODUCES.match(reading.flat, at) if plural and row.get("listed") else None
    if colon and (name := _tail_name(reading, colon.end(), row, places)):
        yield "outside", name
        return
    mode = row.get("of_plural", row.get("of", "no")) if plural else row.get("of", "no")
    heading = _HEADING.match(reading.flat, at) if row.get("heading") and reading.in_capitals(at) else None
    if heading:
        yield "inside", heading.span()
        return
    of = OF.match(reading.flat, at) if mode != "no" else None
    if of:
        name = _of_name(reading, at, of.end(), row, places)
    elif row.get("tail") == "words" and _phrase_opens(reading, at, row) and (name := _phrase(reading, at)):
        mode = "inside"
    else:
        apposed = APPOSED.match(reading.flat, at)
        mode = "outside" if plural and row.get("apposed", "no") != "no" else row.get("apposed", "no")
        name = _tail_name(reading, apposed.end(), row, places) if apposed and mode != "no" else None
        mode = "apposed" if mode == "outside" and not plural else mode
    if name and reading.flat[name[0]].isdigit():
        mode = "inside"  # « cité des 4000 »: a number needs its word
    if name:
        yield mode, _double_name(reading, name, row, places)


def _fixed_tail(reading: Reading, at: int, row: Mapping[str, Any]) -> Iterator[tuple[str, Span]]:
    """What follows a programme's head: a name in inverted commas, the policy it serves, or a title."""
    if row.get("apposed") == "quoted":
        quoted = _INTITLED.match(reading.flat, at)
        if quoted and quoted["name"][0].isalnum():
            yield "outside", quoted.span("name")
    elif row["tail"] == "policy":
        ahead = reading.flat[at : at + 120]
        policy = _policy(row["policy"]).match(ahead.lower() if reading.in_capitals(at) else ahead)
        if policy:
            yield "inside", (at, at + policy.end())
    else:
        title = _PROGRAMME_TITLE.match(reading.flat, at)
        if title and is_plain(title["first"]) and not reading.in_capitals(at):
            yield "outside", title.span("title")


@lru_cache(maxsize=32)
def _policy(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _phrase_opens(reading: Reading, at: int, row: Mapping[str, Any]) -> bool:
    """Whether a phrase in lower case may follow here: after some heads only an adjective opens one."""
    return not row.get("of_only") or _QUALIFIER.match(reading.flat, at) is not None


def _of_name(reading: Reading, at: int, after: int, row: Mapping[str, Any], places: Mapping[int, int]) -> Span | None:
    """What follows « de »: a name, or a phrase, or a number, as the row allows."""
    name = _tail_name(reading, after, row, places)
    if row.get("tail") == "words":
        phrase = _phrase(reading, at)
        return max((span for span in (name, phrase) if span), key=lambda span: span[1], default=None)
    if name is None and row.get("digits") and (number := _NUMBER.match(reading.flat, after)):
        return number.span()
    return name


def _tail_name(reading: Reading, at: int, row: Mapping[str, Any], places: Mapping[int, int]) -> Span | None:
    if row.get("tail") == "place" and at in places:
        return at, places[at]
    if reading.in_capitals(at):
        return (at, places[at]) if at in places else None
    name = name_at(reading, at, loose=row.get("loose", False), title=row.get("title", False))
    if name and row.get("series") and (more := _SERIES_NAME.match(reading.flat, name[1])):
        return name[0], more.end()
    if name and row.get("pair") and (other := _PARTNER.match(reading.flat, name[1])):
        return name[0], other.end()
    if name and row.get("adjective") and re.match(r"L(?:es?|a) |L'", reading.flat[name[0] :]):
        adjective = _ADJECTIVE.match(reading.flat, name[1])
        name = (name[0], adjective.end()) if adjective else name
    if name and row.get("tail") == "long" and (more := _LONG.match(reading.flat, name[1])):
        rest = name_at(reading, more.end())
        return (name[0], rest[1]) if rest else name
    return name


def _double_name(reading: Reading, name: Span, row: Mapping[str, Any], places: Mapping[int, int]) -> Span:
    """« Canal – Bras de Fer »: a quarter's two names, unless the second is a town."""
    more = _LONG.match(reading.flat, name[1]) if row.get("double") else None
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


def _others(reading: Reading, at: int, row: Mapping[str, Any], places: Mapping[int, int]) -> Iterator[Span]:
    """The rest of a list « X, Y et Z » after its first name."""
    while (join := LIST_JOIN.match(reading.flat, at)) and not _in_town(reading, join.end(), places):
        name = _tail_name(reading, join.end(), row, places)
        if name is None or (row.get("tail") == "place" and join.end() not in places):
            return
        yield name
        at = name[1]


def _in_town(reading: Reading, at: int, places: Mapping[int, int]) -> bool:
    """« , à Metz »: where the list's things are, not one of them."""
    return at in places and reading.flat[max(0, at - 2) : at] == "à "


def _claim(kind: ClaimKind, start: int, end: int, row: Mapping[str, Any], name: Span, reading: Reading) -> Claim:
    return Claim(
        start=start,
        end=end,
        kind=kind,
        score=row["score_outside"] if start == name[0] and "score_outside" in row else row["score"],
        method=_method(row),
        name=row["name"].replace("{de}", _de(reading.flat[name[0] : name[1]])) if "name" in row else None,
        lasting=kind in ("site", "body", "programme") and row.get("tail") != "place",
    )


def _method(row: Mapping[str, Any]) -> str:
    return f"grammar:{row['words'][0]}"


def _de(name: str) -> str:
    """« de Lens », « d'Avion », « du Mée-sur-Seine », « des Mureaux »."""
    for article, short in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return short + name.removeprefix(article)
    return ("d'" if name[:1].upper() in "AEIOUYÉÈÊÀÂÎÔŒHÉ" and name[:1] != "Y" else "de ") + name
