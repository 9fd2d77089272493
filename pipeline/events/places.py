"""Where a document says its sites lie.

Why: a site's name is only unique within its commune, and most sentences leave the commune out.
Idea: a place right beside the site (« le quartier X, à Y », « à Y, les quartiers X et Z », « Y et son X ») decides, for every
mention of that site; else the place a heading gives; else the document's own commune: that of its title, or the one it
names most.
Limits: a document about three towns that never says which estate is whose gets no relation for it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ahocorasick_rs import AhoCorasick

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Parsed
from .lexis import bare, holds, plain
from .reading import Side, as_written
from .text import Sentence, lead_of, opens_block

SAYS = wordings(__file__, "places.toml")
COUNTRIES = frozenset({"france", "europe", "la france", "l'europe"})  # no place lies there worth saying


def key_of(mention: Mention) -> str:
    """Identity of a mention, or its plain name."""
    return mention.entity_id or bare(plain(mention.surface))


def beside(mentions: Sequence[Mention], texts: dict[int, str]) -> Iterator[tuple[Mention, Mention]]:
    """Pairs of site and place that stand together in one sentence."""
    for i, site in enumerate(mentions):
        if site.kind != "site":
            continue
        j = i + 1
        while (
            j < len(mentions)
            and mentions[j].kind == "site"
            and (
                SAYS["list"].fullmatch(_between(texts, mentions[j - 1], mentions[j]))
                or SAYS["part_of"].fullmatch(_between(texts, mentions[j - 1], mentions[j]))
            )
        ):
            j += 1
        if (
            j < len(mentions)
            and mentions[j].kind == "place"
            and SAYS["after"].fullmatch(_between(texts, mentions[j - 1], mentions[j]))
        ):
            yield site, mentions[j]
            continue
        k = i - 1
        while (
            k >= 0
            and mentions[k].kind == "site"
            and SAYS["list"].fullmatch(_between(texts, mentions[k], mentions[k + 1]))
        ):
            k -= 1
        if (
            k >= 0
            and mentions[k].kind == "place"
            and SAYS["before"].fullmatch(_between(texts, mentions[k], mentions[k + 1]))
        ):
            yield site, mentions[k]


def _between(texts: dict[int, str], first: Mention, second: Mention) -> str:
    return plain(texts[first.page][first.end : second.start])


def plain_name(text: str) -> str:
    """A town's name without its article: « Le Port » and « Port » are one."""
    return re.sub(r"^(?:l'|les? |la )", "", bare(plain(text)))


def own_commune(parsed: Sequence[Parsed], title: str, communes: frozenset[str]) -> Side | None:
    """The commune a document is about: named in its title, else named (also inside bodies) more than any other.

    ``communes``: identities known to be communes; where some are known, no department or region is taken for one.
    """
    mentions = [m for p in parsed for m in p.sentence.named]
    homes: dict[str, Side] = {}
    for mention in mentions:
        town = SAYS["town_of"].sub("", mention.surface)
        commune = mention.kind == "place" and (not communes or mention.entity_id in communes)
        if commune or (mention.kind == "body" and town != mention.surface):
            homes.setdefault(plain_name(town), Side(town, mention.entity_id if commune else None))
    head = bare(plain(title))
    titled = [name for name in homes if name and holds(head, name, unless="-")]
    if titled:
        return homes[max(titled, key=len)]
    seated = seat_in_title(mentions, title)
    if seated or not homes:
        return seated
    counts = Counter(bare(plain(m.surface)) for m in mentions if m.kind in ("place", "body"))
    for mention in mayors(parsed):
        counts[bare(plain(mention.surface))] += 1
    often = how_often([name for name in homes if name], counts)
    longer: dict[str, list[str]] = {}
    for name in often:
        for hyphen in re.finditer("-", name):
            longer.setdefault(name[: hyphen.start()], []).append(name)
    for short in [name for name in often if name in longer]:
        whole = next(name for name in longer[short] if name in often)
        often[whole] += often.pop(short)
    ranked = often.most_common(2)
    clear = len(ranked) == 1 or ranked[0][1] > ranked[1][1]
    return homes[ranked[0][0]] if clear else None


def how_often(names: Sequence[str], counts: Mapping[str, int]) -> Counter[str]:
    """How often each name stands, as whole words, in texts that are counted; all names are sought in one pass."""
    often = Counter(dict.fromkeys(names, 0))
    automaton = AhoCorasick(names)
    for text, count in counts.items():
        met = {names[index] for index, _, _ in automaton.find_matches_as_indexes(text, overlapping=True)}
        for name in met:
            often[name] += count if holds(text, name, unless="-") else 0
    return often


def mayors(parsed: Sequence[Parsed]) -> Iterator[Mention]:
    """Towns named for their mayor (« maire du Port »)."""
    for row in parsed:
        tokens = row.sentence.tokens if "maire" in row.sentence.low else ()
        for i, token in enumerate(tokens[2:], start=2):
            if token.mention and token.mention.kind == "place" and tokens[i - 2].text == "maire":
                yield token.mention


def seat_in_title(mentions: Sequence[Mention], title: str) -> Side | None:
    """The town a body of the document is called by (« Office public d'H.L.M. de Creil »), where the title has it too."""
    for mention in mentions:
        seat = SAYS["seat"].search(mention.surface) if mention.kind == "body" else None
        town = re.search(rf"(?<!\w){re.escape(seat[1])}(?![\w-])", title, re.IGNORECASE) if seat else None
        if town:
            return Side(town.group())
    return None


def larger_place(parsed: Sequence[Parsed], communes: frozenset[str]) -> Mention | None:
    """The department or region the head of a document names, but for that of another town (« née à Voiron (Isère) »)."""
    for row in parsed[:12] if communes else ():
        tokens = row.sentence.tokens
        for i, token in enumerate(tokens):
            if (mention := token.mention) is None or mention.kind != "place" or mention.entity_id in communes:
                continue
            if bare(plain(mention.surface)) in COUNTRIES:
                continue
            beside = tokens[i - 2].mention if i > 1 and tokens[i - 1].text == "(" else None
            if beside is None or beside.kind != "place":
                return mention
    return None


def stated_places(parsed: Sequence[Parsed], texts: dict[int, str], communes: frozenset[str]) -> dict[str, Side]:
    """Where sentences put sites: right beside them, at the head of the paragraph, or as the only place before them."""
    out: dict[str, Side] = {}
    for row in parsed:
        for site, place in beside(row.sentence.named, texts):
            out.setdefault(key_of(site), as_written(place))
    lead: list[Mention] = []
    above: Sentence | None = None
    for row in parsed:
        lead = lead_of(row.sentence) if opens_block(row.sentence, above) else lead
        above = row.sentence
        mentions = row.sentence.named
        towns = [m for m in mentions if m.kind == "place" and (not communes or m.entity_id in communes)]
        places = list({key_of(m): m for m in reversed(towns)}.values())
        for site in (m for m in mentions if m.kind == "site"):
            before = [m for m in places if len(places) == 1 and m.start < site.start]
            for place in ([m for m in lead if m.kind == "place"] or before)[:1]:
                out.setdefault(key_of(site), as_written(place))
    return out


def located(
    parsed: Sequence[Parsed], texts: dict[int, str], commune: Side | None, communes: frozenset[str]
) -> Iterator[tuple[Mention, Side, Parsed]]:
    """Each site once, with its place and the sentence that first names it. ``commune``: the document's own."""
    stated = stated_places(parsed, texts, communes)
    seen: set[str] = set()
    names = {bare(plain(m.surface)) for row in parsed for m in row.sentence.named if m.kind == "site"}
    for row in parsed:
        for site in row.sentence.named:
            if site.kind != "site" or key_of(site) in seen:
                continue
            seen.add(key_of(site))
            parts = re.split(r"\s?/\s?", bare(plain(site.surface)))
            if len(parts) > 1 and names & set(parts):
                continue  # « A/B » where A is told of alone: the same ground twice
            where = stated.get(key_of(site), commune)
            if where is not None:
                yield site, where, row
