"""Which dates are dates of events.

Why: nearly every date of an administrative text dates an act; the others (a state measured at a date, a limit, a title's
range, a dateline, a plan taken back) would fill a chronology with things nobody did.
Idea: a date is an event's unless its clause gives a reason against. The reasons are few, each a small function with a name
in ``REASONS``, so that a date that was refused can be explained.
Limits: irony, conditionals of the press and plans taken back three sentences later are beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from pipeline.records import DateValue
from pipeline.wordings import wordings

from .candidate import Candidate
from .clauses import Clause, Parsed
from .figures import cited, compared, exercise, measure, state
from .lexis import Lexis, bare, plain
from .plans import limit, once_meant, rumour, should_have, taken_back, wish
from .triggers import before, leading_verbs, negated, words_of

SAYS = wordings(__file__, "refusals.toml")


def other_thing(c: Candidate) -> bool:
    """« mise à jour le », « sauf en »: the date of something else."""
    following = c.parsed.sentence.tokens[c.at + 1].text if c.at + 1 < len(c.parsed.sentence.tokens) else ""
    founded = following in ("de", "du", "d'") and c.near.endswith(("né en", "née en"))  # « Né en 2014 de la fusion de »
    return c.before("excluded_before") and not founded


def title_range(c: Candidate) -> bool:
    """« CPER 2000-2006 », « Note sur …, 1983-2004 »: what a title or a paper covers."""
    if not SAYS["range"].match(c.surface) or c.at == 0:
        return False
    tokens = c.parsed.sentence.tokens
    ends = tokens[-1].text not in ".;:" and c.at >= len(tokens) - 2 and not c.parsed.sentence.bullet
    if not c.clause.verbs and (ends or c.lexis.phrases["papers"].search(c.words)):
        return True
    previous = tokens[c.at - 2] if tokens[c.at - 1].text in "()" and c.at > 1 else tokens[c.at - 1]
    programme = previous.mention is not None and previous.mention.kind == "programme"
    return programme or previous.text in ("»", "plan", "cper", "période", "plh")


def open_to_readers(c: Candidate) -> bool:
    """How long something may be read or asked for."""
    return c.lexis.phrases["consulted"].search(c.words.replace("' ", "'")) is not None


def heading(c: Candidate) -> bool:
    """« ce qui change cette année »: a heading that points at its own day."""
    pointing = c.lexis.phrases["now"].fullmatch(c.surface) is not None
    return pointing and c.parsed.sentence.tokens[-1].text not in ".;:"


def only_pointing(c: Candidate) -> bool:
    """« celui de 1963 »."""
    return SAYS["pointing"].search(c.near) is not None


def denied(c: Candidate) -> bool:
    """It did not happen; « la réunion du 27 mars n'appelle pas d'observation » did."""
    if _met(c):
        return False
    return negated(c.parsed, c.clause, c.lexis) or SAYS["nothing"].search(c.words) is not None


def _met(c: Candidate) -> bool:
    """Whether the date is that of a meeting or a visit the clause only speaks of."""
    noun = bare(re.sub(r"^[ld]'", "", c.near.split(" ")[-2])) if goes_with_noun(c.near) and " " in c.near else ""
    gathers = any(kind.name in ("meeting", "visit") for kind in c.lexis.by_noun.get(noun, ()))
    return gathers and not {"tenir", "avoir", "réunir", "lieu"} & set(c.lemmas) and "lieu" not in c.words.split()


def decade_of_a_noun(c: Candidate) -> bool:
    """« la rénovation des années 2000 s'adressait … »."""
    imperfect = c.finite is not None and c.finite.tense == "imperfect"
    return c.surface.startswith("années") and c.near.endswith("des") and imperfect


def own_life(c: Candidate) -> bool:
    """« je suis née en 1950 »."""
    return any(word in ("je", "j'") for word in c.words.split()[:4]) and bool(
        c.lexis.words["of_a_life"] & set(c.lemmas)
    )


def noun_beside(c: Candidate) -> bool:
    """« abattues en juin 1983, à la suite des violences de l'été 1981 »: the clause has its date, this one is a noun's.

    So for « a annoncé hier la prolongation jusqu'en 2026 ». Not where that noun is an act (« l'incendie du 14 avril ») or
    what it was done by (« par l'avenant du 22 décembre »).
    """
    until = SAYS["until"].search(c.near) is not None
    if not c.clause.verbs or not (until or goes_with_noun(c.near)):
        return False
    if _sat_on(c):
        return False
    near = before(c.parsed, c.at, 5).split()
    noun = re.sub(r"^[ld]'", "", near[-2]) if len(near) > 1 else ""
    if "par" in near or (bare(noun) in c.lexis.by_noun and not c.lexis.phrases["papers"].fullmatch(noun)):
        return False
    return any(i != c.at and _free_date(c, i) for i in c.clause.tokens)


def _sat_on(c: Candidate) -> bool:
    """« Le comité interministériel (C.I.V.) du 1er octobre a décidé »: an assembly by the day it sat."""
    tokens = c.parsed.sentence.tokens
    i = c.at - 2
    if i > 2 and tokens[i].text == ")":
        i -= 3
    mention = tokens[i].mention if i >= 0 else None
    assembly = mention is not None and mention.kind == "body" and SAYS["assembly"].match(plain(mention.surface))
    return bool(assembly) and c.clause.finite is not None and c.clause.finite > c.at


def goes_with_noun(near: str) -> bool:
    """Whether the words before a date tie it to a noun (« la convention du »), not to the verb (« à compter du »)."""
    return SAYS["noun_tie"].search(near) is not None and SAYS["verb_tie"].search(near) is None


def _free_date(c: Candidate, i: int) -> bool:
    """Whether token ``i`` is a date that goes with the verb and is not listed beside the candidate."""
    tokens = c.parsed.sentence.tokens
    mention = tokens[i].mention
    if mention is None or mention.kind != "date" or SAYS["range"].match(plain(mention.surface).strip()):
        return False
    between = range(min(i, c.at) + 1, max(i, c.at))
    listed = abs(i - c.at) <= 3 and any(tokens[j].text in ("et", ",") for j in between)
    return not listed and not goes_with_noun(before(c.parsed, i))


def of_other_paper(c: Candidate) -> bool:
    """« Avenant à la convention du 11 juillet 2018 »: the day of the paper that is changed, not of the change."""
    return SAYS["other_paper"].search(before(c.parsed, c.at, 10)) is not None


def said_fuller(c: Candidate) -> bool:
    """« Onze ans plus tard, le 11 octobre 1994 », « en 2004 … le 3 mai 2004 »: the fuller date dates the event."""
    tokens = c.parsed.sentence.tokens
    own = c.mention.value if c.mention else None
    if not isinstance(own, DateValue) or own.precision in ("range", "decade", "century"):
        return False
    for i, token in enumerate(tokens):
        value = token.mention.value if token.mention and i != c.at else None
        if not isinstance(value, DateValue) or not own.date_from <= value.date_from <= value.date_to <= own.date_to:
            continue
        beside = i > c.at and all(tokens[j].text in c.lexis.words["restates"] for j in range(c.at + 1, i))
        if beside or (value != own and i in c.clause.tokens and not goes_with_noun(before(c.parsed, i))):
            return True
    return False


REASONS: tuple[Callable[[Candidate], bool], ...] = (
    other_thing,
    title_range,
    open_to_readers,
    heading,
    only_pointing,
    of_other_paper,
    said_fuller,
    noun_beside,
    limit,
    denied,
    should_have,
    wish,
    rumour,
    decade_of_a_noun,
    own_life,
    measure,
    compared,
    once_meant,
    exercise,
    cited,
    state,
    taken_back,
)


def refusal(parsed: Parsed, at: int, clause: Clause, lexis: Lexis) -> str | None:
    """The name of the reason why the date at token ``at`` dates no event; ``None`` where nothing speaks against."""
    candidate = Candidate(
        parsed=parsed,
        clause=clause,
        at=at,
        mention=parsed.sentence.tokens[at].mention,
        near=before(parsed, at),
        words=words_of(parsed, clause),
        lemmas=[form.lemma for _, form in leading_verbs(clause, lexis)],
        finite=clause.verbs.get(clause.finite) if clause.finite is not None else None,
        lexis=lexis,
    )
    return next((reason.__name__ for reason in REASONS if reason(candidate)), None)
