"""What an event takes from outside its sentence: the ground told of before, the call answered, the list below.

Why: « Les travaux débuteront en mai », « Le dossier a été retenu » name neither their site nor their programme.
Idea: each gap has its own words (works, « le quartier », « candidature », a colon) and one place to look for what fills it.
Limits: nothing is taken from further than the paragraph, the two sentences before, or the title.
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.records import Mention

from .clauses import Clause, Parsed
from .drafts import State
from .formulas import SAYS
from .lexis import plain, word_list
from .subjects import listed, root
from .triggers import words_of

ISSUED = frozenset({"approval", "vote", "presentation", "funding"})
HEAD = 6  # sentences that stand at the head of a paper
EXAMINERS = ("chambre", "cour", "inspection")


def answered(parsed: Parsed, state: State) -> list[Mention]:
    """« Le dossier de candidature a été retenu »: the call or programme told of just before."""
    words = " ".join(token.text for token in parsed.sentence.tokens if token.mention is None)
    if not SAYS["applies"].search(words):
        return []
    for row in reversed(state.parsed[max(0, state.number - 2) : state.number]):
        if named := [m for m in row.sentence.named if m.kind == "programme"]:
            return named[:1]
    return []


def named_by_paper(parsed: Parsed, at: int) -> list[Mention] | None:
    """« pris en application de l'arrêté du 20 mars 2007 portant règlement de l'Agence »: what the paper itself names."""
    tokens = parsed.sentence.tokens
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if (
        at < 2
        or tokens[at - 2].text not in ("arrêté", "délibération", "circulaire", "décision")
        or after not in word_list("opens_paper")
    ):
        return None
    stop = next((i for i in range(at, len(tokens)) if tokens[i].text in (",", ";", ".")), len(tokens))
    return [m for i in range(at + 1, stop) if (m := tokens[i].mention) is not None]


def issued(parsed: Parsed, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """« Rapport délibéré le … », « Règlement adopté par le conseil » at the head of a paper: an act of who issued it."""
    bodies = [m for m in found if m.kind == "body" and not SAYS["assembly_alone"].match(plain(m.surface))]
    if kind not in ISSUED or state.number > HEAD or bodies or parsed.finite:
        return []
    return state.pieces.letterhead[:1]


def filed_under(parsed: Parsed, found: list[Mention], state: State) -> list[Mention]:
    """« Convention : 29 mai 2007 » on a sheet that « Opération : la Monnaie » heads: that ground."""
    sited = any(m.kind in ("site", "place", "programme", "body") for m in found)
    labelled = any(token.text == ":" for token in parsed.sentence.tokens[:6])
    return state.sheet if parsed.sentence.first and labelled and not sited and not parsed.finite else []


def listed_below(parsed: Parsed, state: State) -> list[Mention]:
    """« a retenu les deux ensembles ci-après : » and then a list: the first site of each item."""
    return listed(state.parsed, state.number) if parsed.sentence.tokens[-1].text == ":" else []


def met_there(parsed: Parsed, state: State) -> list[Mention]:
    """« nous nous sommes rendus à X le 29 mai. Nous y avons rencontré M. Y, … »: who the next sentence says was met."""
    if state.number + 1 >= len(state.parsed) or not SAYS["met_on_way"].search(parsed.sentence.low):
        return []
    following = state.parsed[state.number + 1]
    beside = (following.sentence.page, following.sentence.line) == (parsed.sentence.page, parsed.sentence.line)
    named = following.sentence.named
    met = beside and SAYS["met_people"].search(following.sentence.low) and not any(m.kind == "date" for m in named)
    return [m for m in named if m.kind in ("person", "body")] if met else []


def priced_after(parsed: Parsed, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """« Signature de la convention. L'État apporte 12 MF, la Région 4,5 MF. »: the sums of the next sentence, and who pays."""
    if kind != "signature" or any(m.kind == "amount" for m in found) or state.number + 1 >= len(state.parsed):
        return []
    following = state.parsed[state.number + 1]
    beside = (following.sentence.page, following.sentence.line) == (parsed.sentence.page, parsed.sentence.line)
    named = following.sentence.named
    priced = SAYS["costs"].search(following.sentence.low) or following.sentence.tokens[0].mention in named[:1]
    if not beside or any(m.kind == "date" for m in named) or not priced:
        return []
    tokens = following.sentence.tokens
    # « l'État (3 MF) »
    shares = {t.mention.mention_id for before, t in pairwise(tokens) if t.mention and before.text == "("}
    sums = [m for m in named if m.kind == "amount" and m.mention_id not in shares]
    return sums + [m for m in named if m.kind == "body"] if sums else []


def examined_by(parsed: Parsed, clause: Clause, found: list[Mention], state: State) -> list[Mention]:
    """« L'ouverture du contrôle a été notifiée »: the court or inspection whose report the document is."""
    if (
        any(m.kind == "body" for m in found)
        or not clause.verbs
        or not SAYS["control"].search(words_of(parsed, root(clause)))
    ):
        return []
    courts = (
        m for head in EXAMINERS for m in state.heads_of_bodies.get(head, ()) if SAYS["court"].match(plain(m.surface))
    )
    return [first] if (first := next(courts, None)) else []
