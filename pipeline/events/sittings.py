"""Events of set pieces: « Fait à », votes and adoptions dated by the sitting, items dated by their heading, sheets.

Why: their date stands elsewhere than in their sentence, or their participants do.
Limits: one sitting a document; minutes of two sittings bound together give the second's votes the first's day.
"""

from __future__ import annotations

from dataclasses import replace

from pipeline.records import DateValue, Stretch

from . import formulas
from .certainty import certainty_of
from .clauses import Parsed
from .dating import refusal
from .drafts import Draft, State, draft
from .lexis import bare, plain
from .participants import gather
from .triggers import find_trigger, leading_verbs, negated, words_of


def formula_events(parsed: Parsed, index: int, state: State) -> list[Draft] | None:
    """Events of set pieces; ``None`` where the sentence is none."""
    sentence, pieces = parsed.sentence, state.pieces
    span = (0, len(sentence.tokens) - 1)
    head = sentence.opening
    value = next((m.value for m in sentence.named if isinstance(m.value, DateValue)), None)
    if formulas.is_sheet_date(sentence, pieces) and value:
        return [draft(parsed, span, value, "study", formulas.sheet_participants(pieces), trigger="mission")]
    if formulas.SAYS["done"].match(head):
        if formulas.SAYS["same_day"].search(head):
            value = value or pieces.sitting
        if value is None:
            return None
        found = [m for m in sentence.named if m.kind == "place"]
        signed = formulas.signers(state.parsed, index)
        found += signed if len(signed) > 1 or not pieces.parties else formulas.signatories(pieces)
        return [draft(parsed, span, value, "signature", found, trigger="fait")]
    return None


def sitting_events(parsed: Parsed, state: State, dated: bool) -> list[Draft]:
    """Votes and adoptions that the sitting dates, and items that a heading dates."""
    vote = _vote(parsed, state)
    if vote is not None or (dated and not _decision(parsed, state)):
        return [vote] if vote else []
    told = _adoption(parsed, state, dated) or _headed_item(parsed, state)
    return [told] if told else []


def with_voter(parsed: Parsed, row: Draft, state: State) -> Draft:
    """« [Le conseil décide] de retenir l'offre »: an item of a list of decisions is read after the words that open it."""
    lead, own = state.decides, row.words or (Stretch(start=row.start, end=row.end),)
    if lead is None or lead.page != row.page or own[0].added or not parsed.sentence.bullet:
        return row
    verb = formulas.vote_verb(parsed, state.text(row.page), state.lexis, listed=True)
    if not verb or parsed.sentence.tokens[verb - 1].text not in ("d'", "de"):
        return row
    if own[0].start > parsed.sentence.tokens[verb - 1].start:
        return row
    return replace(row, words=(Stretch(start=lead.start, end=lead.end, added=True), *own))


def _decision(parsed: Parsed, state: State) -> bool:
    """Whether a list item stands under « Décisions »."""
    return state.decisions and parsed.sentence.bullet and parsed.sentence.first


def _whole(parsed: Parsed) -> tuple[int, int]:
    return 0, len(parsed.sentence.tokens) - 1


def _vote(parsed: Parsed, state: State) -> Draft | None:
    """« - APPROUVE l'avenant … » on the day of the sitting."""
    sentence, sitting = parsed.sentence, state.pieces.sitting
    if sitting is None:
        return None
    listed = state.voter is not None and (
        sentence.bullet or formulas.SAYS["article"].match(sentence.opening) is not None
    )
    at = formulas.vote_verb(parsed, state.text(sentence.page), state.lexis, listed)
    if at is None:
        return None
    colon = next((i for i, token in enumerate(sentence.tokens) if i > at and token.text == ":"), None)
    if colon is not None and any((m := t.mention) and m.kind == "date" for t in sentence.tokens[colon:]):
        return None  # « de fixer comme suit l'échéancier : démolition au 1er semestre … »: its items are the events
    word = sentence.tokens[at].text
    kinds = state.lexis.by_verb.get(state.lexis.bare_present.get(bare(word), ""), ())
    names = [m for m in sentence.named if m.kind not in ("date", "quantity")]
    kind = kinds[0].name if kinds else "vote"
    return draft(parsed, _whole(parsed), sitting, kind, names + (state.voter or []), trigger=word)


def _adoption(parsed: Parsed, state: State, dated: bool) -> Draft | None:
    """« Le compte rendu est adopté à l'unanimité. », « Le conseil prend acte de ce bilan. », on the day of the sitting."""
    sitting, lexis = state.pieces.sitting, state.lexis
    if sitting is None or not state.sat or _announces(parsed, state):
        return None
    for clause in parsed.clauses:
        finite = clause.verbs.get(clause.finite) if clause.finite is not None else None
        if clause.kind != "main" or finite is None or finite.tense not in ("present", "past"):
            continue
        lemmas = [form.lemma for _, form in leading_verbs(clause, lexis)]
        if not lemmas or lemmas[0] not in lexis.verbs["decides"]:
            continue
        words = words_of(parsed, clause)
        head = " ".join(parsed.sentence.tokens[i].text for i in clause.tokens if i < (clause.finite or 0))
        adopted = (lemmas[0] in lexis.verbs["adopts"] and len(parsed.clauses) == 1) or _decision(parsed, state)
        says = (
            formulas.SAYS["deliberates"].search(head)
            or formulas.SAYS["counted"].search(words)
            or adopted
            or _assembly(head, state)
        )
        told = dated and any(m.kind == "date" for m in parsed.mentions(clause))
        if says and not told and not negated(parsed, clause, lexis):
            trigger = find_trigger(parsed, clause, lexis)
            found = gather(parsed, clause, "approval", state.topic, lexis)
            found += [m for m in parsed.sentence.named if m.kind in ("programme", "site", "body", "amount", "person")]
            if not any(m.kind in ("programme", "site") for m in found):
                found += state.section
            kind = trigger.kind if trigger else "vote"
            return draft(parsed, _whole(parsed), sitting, kind, found, trigger=trigger.text if trigger else lemmas[0])
    return None


def _announces(parsed: Parsed, state: State) -> bool:
    """« Le conseil décide à l'unanimité : » before the list of what it decides: its items are the events."""
    following = state.parsed[state.number + 1] if state.number + 1 < len(state.parsed) else None
    return parsed.sentence.ends(":") and following is not None and following.sentence.bullet


def _assembly(head: str, state: State) -> bool:
    """« Il émet un avis », where the sentence before is about the assembly."""
    return head.strip("-– ") == "il" and any(formulas.SAYS["deliberates"].search(plain(m.surface)) for m in state.topic)


def _headed_item(parsed: Parsed, state: State) -> Draft | None:
    """An undated item under a heading that is a date."""
    clause, lexis = parsed.clauses[0], state.lexis
    if state.heading is None or not parsed.sentence.bullet or not parsed.sentence.first:
        return None
    trigger = find_trigger(parsed, clause, lexis)
    if trigger is None or refusal(parsed, 0, clause, lexis):
        return None
    found = gather(parsed, clause, trigger.kind, [], lexis)
    certainty = certainty_of(parsed, clause, lexis)
    return draft(parsed, _whole(parsed), state.heading, trigger.kind, found, certainty, trigger.text)
