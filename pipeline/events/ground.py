"""Which ground an act is on, where its own clause names none.

Why: « Les travaux débuteront en mai », « le quartier », « y consacrera »: half of what is told of an estate never names it
again, and without its site a dated line is lost to whoever looks for that estate.
Idea: works and a noun that stands for a site ask for ground; it is sought nearest first: before the colon, earlier in the
sentence, in the paragraph, in the heading, in the title. A heading that is a site's name serves all works told below it.
Limits: where a paragraph tells of two sites, the last one named is taken.
"""

from __future__ import annotations

from pipeline.records import Mention
from pipeline.wordings import wordings

from .anaphora import sites_before
from .clauses import Clause, Parsed
from .drafts import WORKS, State
from .lexis import word_list
from .parts import headed_sites
from .subjects import root
from .triggers import words_of

SAYS = wordings(__file__, "pointing.toml")
LABEL = 15  # tokens a label before a colon may have


def ground(parsed: Parsed, clause: Clause, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """The sites an event without any is on."""
    if any(m.kind == "site" for m in found):
        return []
    if labelled := before_colon(parsed, clause):
        return labelled
    words = words_of(parsed, clause) + " " + words_of(parsed, root(clause))
    noun = SAYS["asks_ground"].search(words) is not None
    works = kind in WORKS
    if any(m.kind == "place" for m in found) or not (works or noun):
        return []
    pointed = SAYS["points"].search(words)
    if pointed and (before := sites_before(state, every=pointed["many"] is not None)):
        return before
    if works and (earlier := _earlier(parsed, clause)):
        return earlier
    if (told := _told(state)) and (noun or not any(m.kind == "programme" for m in found)):
        return told
    if state.heads and (noun or state.named):
        return state.heads
    return state.titled if SAYS["stands_for"].search(words) and len(state.titled) == 1 else []


def before_colon(parsed: Parsed, clause: Clause) -> list[Mention]:
    """« Percée du Ménisque : le conseil a … », « À la Plaine, tout est fait : … »: the one site named before the colon."""
    tokens = parsed.sentence.tokens
    colon = next((i for i, token in enumerate(tokens[:LABEL]) if token.text == ":"), None)
    if colon is None or not clause.tokens or clause.tokens[0] < colon:
        return []
    sites = [m for token in tokens[:colon] if (m := token.mention) and m.kind == "site"]
    return sites if len(sites) == 1 else []


def _earlier(parsed: Parsed, clause: Clause) -> list[Mention]:
    """The last site named before the clause in its sentence."""
    tokens = parsed.sentence.tokens[: clause.tokens[0] if clause.tokens else 0]
    return [m for token in tokens if (m := token.mention) and m.kind == "site"][-1:]


def _told(state: State) -> list[Mention]:
    """The ground the paragraph told of before this sentence."""
    here = state.parsed[state.number].sentence
    return state.ground if (here.page, here.line) == state.line else []


def heads(parsed: Parsed, state: State) -> list[Mention]:
    """The one site that the heading above names; the next heading ends it."""
    sites = headed_sites(parsed)
    if sites is None:
        return state.heads
    words = [t.text for t in parsed.sentence.tokens if t.mention is None and t.text[0].isalpha() and len(t.text) > 1]
    state.named = all(word in word_list("ground") for word in words)
    return sites
