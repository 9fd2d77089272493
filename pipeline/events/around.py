"""All who take part in an event: its clause's names, and what it takes from around it.

Why: an act's clause rarely names all its actors; each thing left out has its own place to be looked for.
Idea: the clause first (``participants.py``), then what its pronouns and bare nouns stand for, its heading, its list, the
document's set pieces, its ground; each look-up only fills what is still missing.
Limits: what stands further than the paragraph, the heading and the title is not looked for.
"""

from __future__ import annotations

from pipeline.records import Mention

from . import formulas
from .anaphora import paper_of, stands_for
from .clauses import Clause, Parsed
from .drafts import State, headed, label
from .excerpts import dated_else
from .generic import called_bodies
from .ground import ground
from .lots import lot_of, of_lot
from .participants import gather
from .recalled import answered, examined_by, filed_under, issued, listed_below, met_there, named_by_paper, priced_after
from .subjects import root
from .wording import part_of

UNDER_HEADING = frozenset({"selection", "vote", "approval", "presentation", "funding", "submission"})


def involved(parsed: Parsed, clause: Clause, at: int, kind: str, state: State) -> list[Mention]:
    """All names of the event dated at token ``at``: its clause's, and those it takes from around."""
    mention = parsed.sentence.tokens[at].mention
    paper = named_by_paper(parsed, at)
    topic = stands_for(parsed, clause, state, kind)
    found = gather(parsed, clause, kind, topic, state.lexis, at) if paper is None else paper
    found = shared_out(parsed, clause, at, found)
    found += paper_of(parsed, clause, found, state)
    if headed(parsed) and at <= 2:
        mains = [c for c in parsed.clauses if c.kind == "main" and not dated_else(parsed, c, at)]
        found += [m for c in mains for m in parsed.mentions(c)]
    if kind == "meeting" and mention is not None and mention.value == state.pieces.sitting:
        found += met_with(state.pieces, state.communes)
    lot = lot_of(state)
    market = kind == "designation" and not lot and formulas.SAYS["market"].search(head_words(parsed))
    if market and not any(m.kind == "body" for m in found):
        found += state.pieces.clients + state.pieces.team
    found += called_bodies(parsed, clause, found, state)
    found += examined_by(parsed, clause, found, state)
    found += priced_after(parsed, kind, found, state)
    found += (
        listed_below(parsed, state)
        + met_there(parsed, state)
        + issued(parsed, kind, found, state)
        + filed_under(parsed, found, state)
    )
    found += [m for m in state.lead if not any(other.kind == m.kind for other in found)]
    found += of_lot(lot, parsed, found) if lot else ground(parsed, clause, kind, found, state)
    cites = parsed.sentence.opening.startswith(("vu ", "visa "))  # a visa names other papers than the one it stands in
    if kind in UNDER_HEADING and not cites and not any(m.kind == "programme" for m in found):
        found += state.section or answered(parsed, state)
    return found + (label(parsed) if root(clause) is parsed.clauses[0] else [])


def shared_out(parsed: Parsed, clause: Clause, at: int, found: list[Mention]) -> list[Mention]:
    """Names without those that go with another date of the clause: « à Nîmes le 27 mars, puis à Lens le 10 juillet »."""
    part = part_of(parsed, clause, at)
    if part is None:
        return found
    tokens, verb = parsed.sentence.tokens, max(clause.verbs)
    others = {m.mention_id for i, t in enumerate(tokens) if i > verb and not part[0] < i < part[1] and (m := t.mention)}
    return [m for m in found if m.mention_id not in others]


def met_with(pieces: formulas.Pieces, communes: frozenset[str]) -> list[Mention]:
    """Who met, as far as the document's head and attendance list say, and on what ground."""
    placed = any(m.kind == "place" for m in pieces.attendance)
    ground = [m for m in pieces.ground if m.kind == "site" or (not placed and m.entity_id in communes)]
    return pieces.attendance + pieces.letterhead + pieces.chair + ground


def head_words(parsed: Parsed) -> str:
    """The first plain words of a sentence."""
    return " ".join(token.text for token in parsed.sentence.tokens[:8])
