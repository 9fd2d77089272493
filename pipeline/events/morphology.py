"""What a token is as a verb where it stands: a finite verb, a participle, an infinitive, or no verb at all.

Why: « la porte », « porte sur »: French writes many nouns as it writes verbs, and a clause is cut where its verb stands.
Idea: the word before decides: an article or a preposition makes a noun, an auxiliary a participle, a pronoun a verb.
Limits: a present singular that no table lists needs its subject right before it, else it is taken for a noun.
"""

from __future__ import annotations

from .lexis import Lexis
from .text import Token
from .verbs import Form, Tense

PRONOUN_EN: frozenset[Tense] = frozenset({"future", "conditional", "imperfect"})  # « en réhabilitera 88 »


def reading(tokens: tuple[Token, ...], i: int, lexis: Lexis) -> Form | None:
    """What a token is as a verb here; ``None`` for a noun, a name, a sign."""
    token, words = tokens[i], lexis.words
    if token.mention or token.text not in lexis.forms:
        return None
    readings = _with_rest(tokens, i, lexis.forms[token.text], lexis)
    if not readings:
        return None
    before = tokens[i - 1] if i else None
    previous = before.text if before and not before.mention else ""
    following = tokens[i + 1].text if i + 1 < len(tokens) else ""
    if token.text in ("compter", "partir") and following in ("de", "du", "d'"):
        return None
    if _no_verb(tokens, i, previous, readings, lexis):
        return None
    if token.text in words["always_verbs"] or (
        previous == "en" and token.text in ("est", "a")
    ):  # « en a reporté le début »
        return readings[0]
    if previous in words["determiners"] or previous.endswith("ième"):
        if previous == "en" and (form := _after_en(tokens, i, readings, lexis)):
            return form
        wanted = {"infinitive"} if previous in ("à", "de", "d'", "pour", "sans", "par") else {"gerund"}
        return next((form for form in readings if form.tense in wanted), None)
    if token.text in words["ambiguous"] and (previous in words["articles"] or i == 0 or previous == "-"):
        return None
    if previous in words["articles"] and not _object_pronoun(tokens, i, readings, words["pronouns"]):
        return None
    compound = auxiliary_before(tokens, i, lexis)
    if token.text in words["nouns"] and not compound and not _dated_act(tokens, i, readings):
        return None
    if (
        token.text.endswith("e")
        and all(form.tense == "present" for form in readings)
        and not _surely_verb(before, readings, lexis)
    ):
        return None
    bound = compound or (_after_noun(before) and token.text != "fait")
    order = sorted(readings, key=lambda form: (form.tense == "participle") != bound)
    return order[0]


def _after_en(tokens: tuple[Token, ...], i: int, readings: tuple[Form, ...], lexis: Lexis) -> Form | None:
    """« en réhabilitera 88 », « l'État en apporte 5 MF »: a verb after the pronoun; not « en charge de »."""
    to_come = [f for f in readings if f.tense in PRONOUN_EN and f.lemma not in ("être", "avoir")]
    if (
        to_come
        or tokens[i].text in lexis.words["ambiguous"] | lexis.words["nouns"]
        or not _acting(tokens, i - 2, lexis)
    ):
        return next(iter(to_come), None)
    return next((form for form in readings if form.tense == "present"), None)


def _acting(tokens: tuple[Token, ...], i: int, lexis: Lexis) -> bool:
    """« L'État en apporte 5 MF », « il en propose deux »: a subject before « en » makes it a pronoun."""
    if i < 0:
        return False
    mention = tokens[i].mention
    return mention.kind in ("body", "person") if mention else tokens[i].text in lexis.words["pronouns"] | {"qui"}


def _no_verb(tokens: tuple[Token, ...], i: int, previous: str, readings: tuple[Form, ...], lexis: Lexis) -> bool:
    """« A la demande de » (its accent was lost), « il y a un an », « pour être précise », « a) le site »."""
    text, following = tokens[i].text, tokens[i + 1].text if i + 1 < len(tokens) else ""
    adjective = previous == "être" and all(form.tense == "present" for form in readings)
    return (
        adjective or (i == 0 and text == "a") or (following == ")" and len(text) == 1) or _counts_time(tokens, i, lexis)
    )


def _counts_time(tokens: tuple[Token, ...], i: int, lexis: Lexis) -> bool:
    """« il y a un an, la ville signait »: « a » is no verb there."""
    if tokens[i].text != "a" or i < 2 or (tokens[i - 2].text, tokens[i - 1].text) != ("il", "y"):
        return False
    return any(token.text in lexis.words["spans"] for token in tokens[i + 1 : i + 6])


def _dated_act(tokens: tuple[Token, ...], i: int, readings: tuple[Form, ...]) -> bool:
    """« marché passé le 30 juin », « la convention date du 3 mai »: a participle, or « dater », that a date follows."""
    acts = any(form.tense == "participle" or form.lemma == "dater" for form in readings)
    return acts and any((m := token.mention) and m.kind == "date" for token in tokens[i + 1 : i + 3])


def _with_rest(tokens: tuple[Token, ...], i: int, readings: tuple[Form, ...], lexis: Lexis) -> tuple[Form, ...]:
    """Readings of a form, a verb of several words (« prendre fin ») only, and alone, where its other words follow."""
    if tokens[i].text not in lexis.phrasal:
        return readings
    whole = tuple(f for f in readings if " " in f.lemma and _follows(tokens, i, f.lemma.split(" ")[1:]))
    return whole or tuple(f for f in readings if " " not in f.lemma)


def _follows(tokens: tuple[Token, ...], i: int, words: list[str]) -> bool:
    first = i + 1
    dated = next(
        (j for j in range(first, min(first + 3, len(tokens))) if (m := tokens[j].mention) and m.kind == "date"), None
    )
    starts = [first] if dated is None else [first, dated + 1]  # « prit en 1998 le nom de »
    return any([token.text for token in tokens[start : start + len(words)]] == words for start in starts)


def _object_pronoun(tokens: tuple[Token, ...], i: int, readings: tuple[Form, ...], pronouns: frozenset[str]) -> bool:
    """Whether « le », « la », « les », « l' » before a form is a pronoun (« qui le retient »), not an article."""
    if tokens[i].text in ("est", "été") or all(form.tense == "participle" for form in readings):
        return False
    if not tokens[i].text.endswith(("e", "es")):
        return True
    subject = tokens[i - 2] if i > 1 else None
    if subject is None:
        return False
    named = subject.mention is not None and subject.mention.kind in ("body", "person")
    return named or subject.text in pronouns or subject.text in ("qui", "ne")


def _surely_verb(before: Token | None, readings: tuple[Form, ...], lexis: Lexis) -> bool:
    """A present singular of a verb nobody listed (« guette », but « place ») needs a subject right before it."""
    if any(form.lemma in lexis.listed or form.lemma in ("être", "avoir") for form in readings):
        return True
    if before is None:
        return False
    if before.mention:
        return before.mention.kind in ("body", "person")
    return before.text in lexis.words["pronouns"] or before.text in ("qui", "ne", "n'", "se", "s'")


def _after_noun(before: Token | None) -> bool:
    """Whether a form that may be present or participle (« construit ») more likely is a participle here."""
    if before is None:
        return True
    if before.mention:
        return before.mention.kind not in ("body", "person")
    return before.text not in ("qui", "il", "elle", "ils", "elles", "ne", "n'", "se", "s'")


def auxiliary_before(tokens: tuple[Token, ...], i: int, lexis: Lexis) -> bool:
    """Whether « être » or « avoir » stands before, with nothing but adverbs between."""
    for j in range(i - 1, max(i - 6, -1), -1):
        if tokens[j].mention:
            return False
        form = lexis.forms.get(tokens[j].text)
        if form and form[0].lemma in ("être", "avoir") and form[0].tense != "participle":
            return True
        if tokens[j].text not in lexis.words["adverbs"] and not tokens[j].text.endswith("ment"):
            return False
    return False
