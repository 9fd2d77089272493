"""Whether an event happened, or was only decided to happen.

Why: a chronology that marks as « prévu » what the text tells in the past is not believed again.
Idea: the wording decides. A verb to come, or words of a plan, tell a plan; a past tense tells a fact, whatever day the
document is thought to be of (notes are added, copies are dated by their first page). Only wording that leaves it open (a
present, an infinitive, a line without a verb) is settled by the document's own date.
Limits: « les logements construits en 2012 » is as its main clause is; a narrator's present in a text of known date is
believed to tell a plan where its day is still to come.
"""

from __future__ import annotations

from datetime import date

from pipeline.records import Certainty, DateValue

from .clauses import Clause, Parsed
from .lexis import Lexis
from .triggers import main_of
from .verbs import Form

REFLEXIVE = frozenset({"se", "s'"})


def certainty_of(
    parsed: Parsed, clause: Clause, lexis: Lexis, value: DateValue | None = None, written: date | None = None
) -> Certainty:
    """Planned or happened. ``value``: the event's date; ``written``: the last day on which the document can be written."""
    if clause.shares and clause.finite is None and clause.kind != "participle":
        return certainty_of(parsed, clause.shares, lexis, value, written)
    if _to_come(clause) or _meant(parsed, clause, lexis):
        return "planned"
    if value is None or written is None or value.date_from <= written:
        return "happened"
    return "happened" if told_done(parsed, clause, lexis) else "planned"


def _finite(clause: Clause) -> Form | None:
    return clause.verbs[clause.finite] if clause.finite is not None else None


def _to_come(clause: Clause) -> bool:
    """« sera livré », « devrait », « doit ouvrir », « va démolir »."""
    form = _finite(clause)
    if form is None:
        return False
    return form.tense in ("future", "conditional") or (form.lemma in ("devoir", "aller") and form.tense == "present")


def _meant(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """« est prévu », « à livrer »: decided, and not yet done when the text was written."""
    tokens = parsed.sentence.tokens
    text = " ".join(tokens[i].text for i in clause.tokens if tokens[i].mention is None).replace("' ", "'")
    return lexis.phrases["planned"].search(text) is not None


def told_done(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether the clause tells a fact: a past tense, simple or compound; a bare participle is as its main clause is, if any."""
    form = _finite(clause)
    if form is None:
        main = main_of(clause) if clause.kind == "participle" else clause.shares
        alone = clause.kind == "participle" and not parsed.finite
        return alone or (main is not None and main.finite is not None and told_done(parsed, main, lexis))
    if form.tense in ("past", "imperfect"):
        return True
    after = [f for i, f in clause.verbs.items() if clause.finite is not None and i > clause.finite]
    participle = next((f for f in after if f.tense == "participle"), None)
    if form.tense != "present" or participle is None:
        return False
    if form.lemma == "avoir":
        return True
    reflexive = any(parsed.sentence.tokens[i].text in REFLEXIVE for i in clause.tokens if i < (clause.finite or 0))
    return form.lemma == "être" and (reflexive or participle.lemma in lexis.words["moves"])
