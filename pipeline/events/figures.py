"""Dates of figures, states and papers, not of acts.

Why: « 11 400 habitants en 1999 », « le budget 2012 », « abrite depuis toujours » hold a date and nobody does anything.
Idea: a figure held at a date or compared with another, the year a paper is of, a verb of state, each a reason against.
Limits: a state is known by its verb; one told by an act's verb (« la tour domine ») must be in the table.
"""

from __future__ import annotations

from pipeline.wordings import wordings

from .candidate import Candidate
from .triggers import before

SAYS = wordings(__file__, "refusals.toml")


def measure(c: Candidate) -> bool:
    """« a reculé de 6 % entre 2015 et 2017 »."""
    if _aside(c):
        return True
    figures = any(m.kind == "quantity" for m in c.parsed.mentions(c.clause))
    lasting = c.finite is not None and c.finite.tense == "imperfect" and c.finite.lemma not in ("être", "avoir")
    share = any("%" in m.surface for m in c.parsed.mentions(c.clause) if m.kind == "quantity")
    if c.finite is not None and c.finite.lemma == "être" and not c.lemmas and share:
        return True
    reached = c.finite is not None and c.finite.tense == "imperfect" and SAYS["reached"].search(c.near)
    if figures and reached and c.finite is not None and c.finite.lemma in ("être", "avoir"):
        return True
    return bool(c.lemmas) and figures and (lasting or c.lemmas[0] in c.lexis.verbs["measure"])


def _aside(c: Candidate) -> bool:
    """« Le quartier (11 400 habitants en 1999) », « la vacance, de 17 % en 1988, »: a figure and its year, no verb."""
    tokens = c.parsed.sentence.tokens
    if c.at < 4 or tokens[c.at - 1].text not in ("en", "au", "fin") or c.at + 1 >= len(tokens):
        return False
    figure, opened = tokens[c.at - 2].mention, tokens[c.at - 3].text
    counted = figure is not None and figure.kind == "quantity"
    enclosed = (opened, tokens[c.at + 1].text) == ("(", ")") or (opened == "de" and tokens[c.at + 1].text in ",;)")
    return counted and enclosed


def exercise(c: Candidate) -> bool:
    """« le budget 2012 », « pour l'année 2010 », « décide de maintenir les taux communaux 2014 »: the year a paper, a price
    or a round is of.
    """
    if SAYS["years"].match(c.surface) is None:
        return False
    near = before(c.parsed, c.at, 10)
    if SAYS["of_year"].search(near) or c.before("exercise", SAYS["qualified"], near):
        return True
    return c.finite is not None and _of_noun(c)


def _of_noun(c: Candidate) -> bool:
    """« les tarifs communaux 2014 »: the year stands right behind a noun or its adjective, in the same cell, without any
    preposition; not behind a verb, a name or a part of the year.
    """
    if c.at == 0:
        return False
    noun, sentence = c.parsed.sentence.tokens[c.at - 1], c.parsed.sentence
    between = sentence.low[noun.end - sentence.start : sentence.tokens[c.at].start - sentence.start]
    plain_word = noun.mention is None and noun.text.isalpha() and c.at - 1 not in c.clause.verbs
    return plain_word and between == " " and noun.text not in c.lexis.words["before_year"]


def cited(c: Candidate) -> bool:
    """« Bâtir pour l'atome, 1977, p. 52 »: the year of a book."""
    after = [token.text for token in c.parsed.sentence.tokens[c.at + 1 : c.at + 4]]
    return after[:2] in ([",", "p"], [",", "pp"], [",", "n"])


def compared(c: Candidate) -> bool:
    """« 13 M€, contre 11,8 M€ à l'avenant de 2008 »: a figure held against another."""
    tokens = c.parsed.sentence.tokens
    for i in range(c.at - 1, max(0, c.at - 8), -1):
        figure = tokens[i].mention
        if figure and figure.kind in ("amount", "quantity") and tokens[i - 1].text == "contre":
            return not any(i < j < c.at for j in c.clause.verbs)
    return False


def state(c: Candidate) -> bool:
    """A verb of state; « depuis » tells when the state began, except of where someone lives."""
    if not c.lemmas or c.lemmas[0] not in c.lexis.verbs["state"]:
        return False
    if SAYS["since"].search(c.near) and c.lemmas[0] not in c.lexis.verbs["residence"]:
        return False
    participle = any(f.lemma == c.lemmas[0] and f.tense == "participle" for f in c.clause.verbs.values())
    if SAYS["begins"].search(c.near) and c.finite is not None and c.finite.tense == "future":
        return False  # « occupera, à partir du 1er mai, un local »
    made = c.lemmas[0] in ("établir", "porter", "dater") and c.clause.kind == "participle"
    made = made or _comes_about(c)
    return not (made or (c.lemmas[0] == "élever" and participle))


def _comes_about(c: Candidate) -> bool:
    """« est passé en comité », « le collectif se constitue », « l'arrêté portant … »: verbs of state that tell an act."""
    text = c.words.split()
    if c.lemmas[0] == "passer":
        return c.finite is not None and c.finite.lemma == "être"
    if c.lemmas[0] == "dater":
        return c.near.endswith("du")  # a convention « date du 3 mai », a tower « date de 1961 »
    if c.lemmas[0] == "constituer":
        return "se" in text or "s'" in text
    return "portant" in text
