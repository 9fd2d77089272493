"""What an event takes from outside its sentence: the ground told of before, the call answered, the list below.

Why: « Les travaux débuteront en mai », « Le dossier a été retenu » name neither their site nor their programme.
Idea: each gap has its own words (works, « le quartier », « candidature », a colon) and one place to look for what fills it.
Limits: nothing is taken from further than the paragraph, the two sentences before, or the title.
"""

from __future__ import annotations

import re

from pipeline.records import Mention

from .clauses import Clause, Parsed
from .drafts import State
from .lexis import plain
from .subjects import root
from .triggers import words_of

WORKS = frozenset(
    {"works_start", "works_end", "demolition", "delivery", "rehabilitation", "construction", "relocation", "incident"}
)
OPENS_PAPER = frozenset(["portant", "relatif", "relative", "fixant", "approuvant", "autorisant", "modifiant"])
ISSUED = frozenset({"approval", "vote", "presentation", "funding"})
HEAD = 6  # sentences that stand at the head of a paper
GENERIC = re.compile(r"(?:conseil|comité|commission|bureau|assemblée|chambre)\b(?: \w+)?$")
APPLIES = re.compile(r"\b(?:candidatures?|lauréat\w*|candidate?s?)\b")
GROUND_WORD = re.compile(r"\b(?:le|ce|du|au|notre) (?:quartier|site|secteur)\b|\b(?:la|cette) cité\b|\bl' ?ensemble\b")


def leaned_on(parsed: Parsed, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """Works without a site are on the ground the sentence before speaks of."""
    if any(m.kind in ("site", "programme") for m in found):
        return []
    same_line = (parsed.sentence.page, parsed.sentence.line) == state.line
    return state.ground if kind in WORKS and same_line else []


def answered(parsed: Parsed, state: State) -> list[Mention]:
    """« Le dossier de candidature a été retenu »: the call or programme told of just before."""
    words = " ".join(token.text for token in parsed.sentence.tokens if token.mention is None)
    if not APPLIES.search(words):
        return []
    for row in reversed(state.parsed[max(0, state.number - 2) : state.number]):
        if named := [m for m in row.sentence.mentions() if m.kind == "programme"]:
            return named[:1]
    return []


def named_by_paper(parsed: Parsed, at: int) -> list[Mention] | None:
    """« pris en application de l'arrêté du 20 mars 2007 portant règlement de l'Agence »: what the paper itself names."""
    tokens = parsed.sentence.tokens
    after = tokens[at + 1].text if at + 1 < len(tokens) else ""
    if (
        at < 2
        or tokens[at - 2].text not in ("arrêté", "délibération", "circulaire", "décision")
        or after not in OPENS_PAPER
    ):
        return None
    stop = next((i for i in range(at, len(tokens)) if tokens[i].text in (",", ";", ".")), len(tokens))
    return [m for i in range(at + 1, stop) if (m := tokens[i].mention) is not None]


def spoken_of(parsed: Parsed, clause: Clause, found: list[Mention], state: State) -> list[Mention]:
    """« le quartier a fait l'objet de … » in a document whose title names one site: that site."""
    if len(state.titled) != 1 or any(m.kind in ("site", "place") for m in found):
        return []
    words = words_of(parsed, clause) + " " + words_of(parsed, root(clause))
    return state.titled if GROUND_WORD.search(words) else []


def issued(parsed: Parsed, kind: str, found: list[Mention], state: State) -> list[Mention]:
    """« Rapport délibéré le … », « Règlement adopté par le conseil » at the head of a paper: an act of who issued it."""
    bodies = [m for m in found if m.kind == "body" and not GENERIC.match(plain(m.surface))]
    told = any(clause.finite is not None for clause in parsed.clauses)
    if kind not in ISSUED or state.number > HEAD or bodies or told:
        return []
    return state.pieces.letterhead[:1]


def filed_under(parsed: Parsed, found: list[Mention], state: State) -> list[Mention]:
    """« Convention : 29 mai 2007 » on a sheet that « Opération : la Monnaie » heads: that ground."""
    sited = any(m.kind in ("site", "place", "programme", "body") for m in found)
    labelled = any(token.text == ":" for token in parsed.sentence.tokens[:6])
    finite = any(clause.finite is not None for clause in parsed.clauses)
    return state.sheet if parsed.sentence.first and labelled and not sited and not finite else []


def opened_with(parsed: Parsed, clause: Clause, kind: str, found: list[Mention]) -> list[Mention]:
    """« À la Plaine, les travaux sont faits : une opération commencée en 2008 »: the one site told of before the colon."""
    tokens = parsed.sentence.tokens
    colon = next((i for i, token in enumerate(tokens) if token.text == ":"), len(tokens))
    before = [m for token in tokens[:colon] if (m := token.mention) is not None]
    alone = [m.kind for m in before] == ["site"]
    after = bool(clause.tokens) and clause.tokens[0] > colon
    return before if kind in WORKS | {"launch"} and after and alone and not any(m.kind == "site" for m in found) else []


def listed_below(parsed: Parsed, state: State) -> list[Mention]:
    """« a retenu les deux ensembles ci-après : » and then a list: the first site of each item."""
    if parsed.sentence.tokens[-1].text != ":":
        return []
    out: list[Mention] = []
    for below in range(state.number + 1, len(state.parsed)):
        row = state.parsed[below]
        if not row.sentence.bullet:
            break
        out += [m for m in row.sentence.mentions() if m.kind == "site"][:1] if row.sentence.first else []
    return out
