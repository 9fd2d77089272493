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
from collections.abc import Iterator, Sequence

from pipeline.records import Mention

from .clauses import Parsed
from .lexis import bare, plain

ARTICLE = r"(?:la |le |les |l')?"
OF = r"(?:de |du |des |d')?"
GROUND = r"(?:(?:grands? )?(?:quartiers?|ensembles?|cités?|secteurs?|sites?|zup|zac)\s*)?"
AFTER = re.compile(rf"\s*»?\s*(?:\([^()]{{0,30}}\)\s*)?[,(]?\s*(?:à|au|aux|de|d'|du|en)\s*{ARTICLE}|\s*\(")
BEFORE = re.compile(rf",?\s*(?:et|avec)?\s*(?:son|sa|ses|,)?\s*[:,]?\s*{ARTICLE}{GROUND}{OF}{ARTICLE}«?\s*")
LIST = re.compile(rf"\s*»?\s*(?:,|et|ou|–|-|/)\s*(?:et\s*)?{OF}{ARTICLE}(?:quartiers?|secteurs?)?\s*{OF}{ARTICLE}«?\s*")


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
            and LIST.fullmatch(_between(texts, mentions[j - 1], mentions[j]))
        ):
            j += 1
        if (
            j < len(mentions)
            and mentions[j].kind == "place"
            and AFTER.fullmatch(_between(texts, mentions[j - 1], mentions[j]))
        ):
            yield site, mentions[j]
            continue
        k = i - 1
        while k >= 0 and mentions[k].kind == "site" and LIST.fullmatch(_between(texts, mentions[k], mentions[k + 1])):
            k -= 1
        if k >= 0 and mentions[k].kind == "place" and BEFORE.fullmatch(_between(texts, mentions[k], mentions[k + 1])):
            yield site, mentions[k]


def _between(texts: dict[int, str], first: Mention, second: Mention) -> str:
    return plain(texts[first.page][first.end : second.start])


def own_commune(parsed: Sequence[Parsed], title: str) -> Mention | None:
    """The commune a document is about: named in its title, else named at least as often as all others together."""
    places = [m for p in parsed for m in p.sentence.mentions() if m.kind == "place"]
    if not places:
        return None
    head = bare(plain(title))
    for mention in places:
        if re.search(rf"\b{re.escape(bare(plain(mention.surface)))}\b", head):
            return mention
    counts = Counter(key_of(m) for m in places)
    bodies = [bare(plain(m.surface)) for p in parsed for m in p.sentence.mentions() if m.kind == "body"]
    for mention in {key_of(m): m for m in places}.values():
        name = re.compile(rf"\b{re.escape(bare(plain(mention.surface)))}\b")
        counts[key_of(mention)] += sum(name.search(body) is not None for body in bodies)
    best, often = counts.most_common(1)[0]
    return next(m for m in places if key_of(m) == best) if 2 * often >= sum(counts.values()) else None


def located(parsed: Sequence[Parsed], texts: dict[int, str], title: str) -> Iterator[tuple[Mention, Mention, Parsed]]:
    """Each site once, with its place and the sentence that first names it."""
    stated: dict[str, Mention] = {}
    for row in parsed:
        for site, place in beside(row.sentence.mentions(), texts):
            stated.setdefault(key_of(site), place)
    commune = own_commune(parsed, title)
    seen: set[str] = set()
    names = {bare(plain(m.surface)) for row in parsed for m in row.sentence.mentions() if m.kind == "site"}
    for row in parsed:
        for site in row.sentence.mentions():
            if site.kind != "site" or key_of(site) in seen:
                continue
            seen.add(key_of(site))
            parts = re.split(r"\s?/\s?", bare(plain(site.surface)))
            if len(parts) > 1 and names & set(parts):
                continue  # « A/B » where A is told of alone: the same ground twice
            where = stated.get(key_of(site), commune)
            if where is not None:
                yield site, where, row
