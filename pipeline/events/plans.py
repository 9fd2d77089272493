"""Dates of what was only meant, feared, or fixed as a limit.

Why: an archive is full of plans; a chronology that tells them as acts, or tells one the text itself takes back, is wrong.
Idea: limits, wishes, rumours, and plans a later clause denies or dates otherwise, each a reason against its date.
Limits: a plan taken back three sentences later is not seen.
"""

from __future__ import annotations

from pipeline.wordings import wordings

from .candidate import Candidate
from .triggers import before, main_of, negated, words_of

SAYS = wordings(__file__, "refusals.toml")


def limit(c: Candidate) -> bool:
    """« avant le … », unless someone must act (« doit dévoiler avant la fin de l'année »)."""
    if not c.before("limit", SAYS["to_limit"]):
        return False
    coming = c.finite is not None and c.finite.lemma == "devoir"
    if c.finite is not None and c.finite.tense == "future" and SAYS["within"].search(c.near):
        return False  # « seront relogées d'ici à juin »: someone is to do it
    last = [form for i, form in c.clause.verbs.items() if i < c.at]
    infinitive = bool(last) and last[-1].tense == "infinitive" and all(form.lemma != "devoir" for form in last)
    return not coming or infinitive


def should_have(c: Candidate) -> bool:
    """« devait s'achever le … »."""
    return c.finite is not None and c.finite.lemma == "devoir" and c.finite.tense == "imperfect"


def wish(c: Candidate) -> bool:
    """« pourra », « recommande », « il serait souhaitable »; « recommandait dans son rapport de mai » dates the paper."""
    if SAYS["said_in"].search(before(c.parsed, c.at, 6)):
        return False
    might = c.finite is not None and c.finite.lemma == "pouvoir" and c.finite.tense != "past"
    asked = [i for i, form in c.clause.verbs.items() if form.tense == "infinitive" and form.lemma != "être"]
    if c.finite is not None and c.finite.lemma == "demander" and asked and asked[0] < c.at:
        return True
    main = main_of(c.clause) if c.clause.kind == "participle" else None
    if main is not None and main.finite is not None:
        form = main.verbs[main.finite]
        might = might or (form.lemma == "pouvoir" and form.tense == "conditional")
    sentence = " ".join(token.text for token in c.parsed.sentence.tokens)
    return (
        might
        or (c.clause.kind != "relative" and c.lexis.phrases["wished"].search(sentence) is not None)
        or bool(c.lemmas and c.lemmas[0] in c.lexis.verbs["wish"])
    )


def rumour(c: Candidate) -> bool:
    """« une fête qui, selon plusieurs témoins, aurait marqué l'été 1981 »."""
    return c.finite is not None and c.finite.lemma == "avoir" and c.finite.tense == "conditional"


def once_meant(c: Candidate) -> bool:
    """« était annoncée pour 2016 », « fut envisagé en 1995 », « on songe à étendre »: a plan the text looks back on."""
    if not c.lemmas or c.finite is None:
        return False
    if c.lemmas[0] in ("envisager", "songer"):
        return c.finite.tense not in ("future", "conditional")
    if c.finite.lemma == "avoir" and c.finite.tense == "imperfect" and c.lemmas[0] == "fixer":
        return True  # « sa réception avait été fixée à la mi-2009 »
    imperfect = c.finite.lemma == "être" and c.finite.tense == "imperfect"
    meant = imperfect and c.lemmas[0] in c.lexis.verbs["intent"]
    return meant and SAYS["meant_for"].search(c.near) is not None


def taken_back(c: Candidate) -> bool:
    """A plan (« prévue à la fin 2012 ») that the main clause denies, or dates otherwise."""
    if c.clause.kind != "participle" or not c.lemmas:
        return False
    verbs, main = c.lexis.verbs, main_of(c.clause)
    main_lemmas = {form.lemma for form in main.verbs.values()} if main else set()
    aimed, meant = SAYS["aimed"].search(c.near) is not None, c.lemmas[0] in verbs["intent"]
    if c.lemmas[0] in verbs["gives_word"] and not aimed:
        return False  # « promise au printemps 1966 »: the day it was said
    if aimed and meant and main_lemmas & verbs["stays"]:
        return True
    past = c.lexis.phrases["superseded"].search(before(c.parsed, max(c.clause.verbs, default=0), 6)) is not None
    redated = main is not None and any(m.kind == "date" for m in c.parsed.mentions(main))
    if past and (redated or meant):
        return True
    if not meant:
        return False
    if main is None or main.finite is None:
        return False
    if main_lemmas & verbs["undoes"]:
        return True
    words = words_of(c.parsed, main).split(" ")
    restricted = (redated or "n'" in words or "ne" in words) and c.lemmas[0] != "annoncer"
    return negated(c.parsed, main, c.lexis) or restricted
