"""Dates that are a noun's, or a state's, and not of what the clause's verb tells.

Why: « suite à la délibération du 22 octobre, une rencontre a eu lieu », « le compte rendu de la réunion du 9 mars est adopté »,
« relève depuis 2003 de l'agence »: a line of the verb's words under that date would be wrong.
Idea: the words of the noun alone tell the event, or its kind is none in particular.
Limits: only behind the wordings of ``formulas.toml``.
"""

from __future__ import annotations

from typing import NamedTuple

from pipeline.records import Stretch
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .lexis import Lexis, bare
from .triggers import before, leading_verbs

SAYS = wordings(__file__, "formulas.toml")


class Aside(NamedTuple):
    """What such a date dates: its kind, and the words to read; none where the clause's own do."""

    kind: str
    words: tuple[Stretch, ...] = ()


def told_beside(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> Aside | None:
    """What the date at token ``at`` dates beside its clause; ``None`` where it dates what the clause tells."""
    if meeting := _minuted(parsed, at):
        return Aside("meeting", (meeting,))
    if SAYS["since"].search(before(parsed, at)) and _holds_office(parsed, clause):
        return Aside("appointment")
    return _adjunct(parsed, clause, at, lexis) or (Aside("other") if _lasting(parsed, clause, at, lexis) else None)


def _holds_office(parsed: Parsed, clause: Clause) -> bool:
    """« M. X, délégué depuis 2008, »: a participle right behind a person is a charge."""
    tokens, first = parsed.sentence.tokens, clause.tokens[0]
    behind = next((tokens[i].mention for i in range(first - 1, -1, -1) if tokens[i].text != ","), None)
    return clause.kind == "participle" and clause.finite is None and behind is not None and behind.kind == "person"


def postponed(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> bool:
    """« repoussa son terme à 2013 »: the date is that of what is to come, not of who moved it."""
    moves = clause.finite is not None and clause.verbs[clause.finite].lemma in lexis.verbs["postpones"]
    return moves and SAYS["term"].search(before(parsed, at)) is not None


def _lasting(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> bool:
    """« relève depuis 2003 de l'agence », « est réuni depuis 2004 dans … »: since when something is so, whatever the verb."""
    if not SAYS["since"].search(before(parsed, at)):
        return False
    verbs, finite = leading_verbs(clause, lexis), clause.verbs.get(clause.finite or -1)
    gathered = finite is not None and (finite.lemma, finite.tense) == ("être", "present")
    return bool(verbs) and (verbs[0][1].lemma in lexis.verbs["state"] or (gathered and verbs[0][1].lemma == "réunir"))


def _minuted(parsed: Parsed, at: int) -> Stretch | None:
    """« Compte rendu de la réunion du 9 mars : sans observation »: of a paper about a meeting, the words of the meeting."""
    if SAYS["minutes_of"].search(before(parsed, at, 12)) is None:
        return None
    tokens = parsed.sentence.tokens
    first = next((i for i in range(at - 1, 0, -1) if SAYS["meeting_noun"].fullmatch(tokens[i].text)), None)
    if first is None:
        return None
    first -= tokens[first - 1].text in ("la", "l'", "sa", "cette", "dernière")
    return Stretch(start=tokens[first].start, end=tokens[at].end)


def _adjunct(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> Aside | None:
    """« Suite à la délibération du 22 octobre de solliciter X, une rencontre a eu lieu »: the act that the date is of, and
    its kind; not the rest, which another day saw.
    """
    tokens = parsed.sentence.tokens
    led = SAYS["adjunct"].search(before(parsed, at, 26))
    noun = bare(led["noun"]) if led else ""
    if led is None or noun not in lexis.by_noun:
        return None
    first = next((i for i in range(at - 1, 0, -1) if bare(tokens[i].text) == noun), None)
    if first is None or any(first < i < at for i in clause.verbs):
        return None
    last = next((i - 1 for i in range(at + 1, len(tokens)) if tokens[i].text in (",", ";", ".", ":")), len(tokens) - 1)
    first -= tokens[first - 1].text in ("la", "l'", "le", "les")
    return Aside(lexis.by_noun[noun][0].name, (Stretch(start=tokens[first].start, end=tokens[last].end),))
