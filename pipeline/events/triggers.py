"""The word that makes a clause an event: its kind, and whether it is denied.

Why: kinds are read from words, and the same words say whether the act took place at all.
Idea: the verb that carries the clause's meaning, else a noun of an act; tables say which kind each calls for.
Limits: the first act of a clause gives the kind; « l'étude et la démolition » of one date is one kind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.lexicon import MONTHS
from pipeline.records import DateValue, Mention

from .clauses import Clause, Parsed
from .lexis import EventKind, Lexis, bare, plain
from .line import GENERIC_PARTICIPLE
from .verbs import Form

_WORDS = re.compile(r"\w+")
LAW_DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+(" + "|".join(MONTHS) + r")\s+(\d{4})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The word that makes a clause an event, and the kind it calls for."""

    text: str
    kind: str
    index: int


def law_date(mention: Mention) -> DateValue | None:
    """The day in a statute's reference (« loi n° 2003-710 du 1er août 2003 »); ``None`` where it holds none."""
    match = LAW_DATE.search(plain(mention.surface))
    if match is None:
        return None
    try:
        day = date(int(match[3]), MONTHS.index(match[2]) + 1, int(match[1]))
    except ValueError:
        return None
    return DateValue(date_from=day, date_to=day, precision="day")


def words_of(parsed: Parsed, clause: Clause) -> str:
    """Plain text of a clause's own words; a mention stands as it is."""
    tokens = parsed.sentence.tokens
    return " ".join([tokens[i].text for i in clause.tokens])


def nouns_in(text: str, lexis: Lexis) -> Iterator[re.Match[str]]:
    """The nouns of acts in a text without accents, in order, not overlapping."""
    end = 0
    for word in _WORDS.finditer(text):
        if word.start() >= end and word[0] in lexis.noun_heads and (noun := lexis.nouns.match(text, word.start())):
            end = noun.end()
            yield noun


def act_words(parsed: Parsed, clause: Clause, lexis: Lexis) -> str:
    """Plain text of a clause without its names: « Délégation à l'aménagement » builds nothing.

    An assembly keeps its words (« comité de pilotage »): it is named where it met.
    """
    out = []
    for i in clause.tokens:
        token = parsed.sentence.tokens[i]
        met = next(nouns_in(bare(token.text), lexis), None) if token.mention else None
        meets = met is not None and not met.start() and any(row.name == "meeting" for row in lexis.by_noun[met[0]])
        out.append(token.text if token.mention is None or token.mention.kind == "quantity" or meets else "§")
    return " ".join(out)


def own_words(parsed: Parsed, clause: Clause) -> str:
    """Plain text of a clause without names but counts: a « Fonds d'aménagement » that opens a credit does not build."""
    tokens = (parsed.sentence.tokens[i] for i in clause.tokens)
    return " ".join(t.text if t.mention is None or t.mention.kind == "quantity" else "§" for t in tokens)


def _pick(kinds: tuple[EventKind, ...], text: str) -> EventKind | None:
    """The kind meant, of those a trigger may call for: one whose needed words are there, else the first without needs."""
    met = [kind for kind in kinds if kind.needs and any(re.search(rf"\b{word}\b", text) for word in kind.needs)]
    free = [kind for kind in kinds if not kind.needs]
    return next(iter(met or free), None)


def leading_verbs(clause: Clause, lexis: Lexis) -> list[tuple[int, Form]]:
    """The verbs of a clause that carry its meaning, best first: what follows an auxiliary or a modal, then the finite one."""
    if not clause.verbs:
        return []
    forms = list(clause.verbs.items())
    full = [(i, form) for i, form in forms if form.lemma not in lexis.verbs["support"]]
    rest = [
        (i, form) for i, form in forms if form.lemma in lexis.verbs["support"] and form.lemma not in ("être", "avoir")
    ]
    acting = [row for row in full if row[1].tense not in ("infinitive", "gerund")]
    acting += [row for row in full if row[1].tense == "gerund"]
    meant = [row for row in full if row[1].tense == "infinitive"]
    return acting + meant + rest


def _meant(clause: Clause, verbs: list[tuple[int, Form]], lexis: Lexis) -> list[tuple[int, Form]]:
    """« s'engage à livrer », « a décidé d'y renoncer »: the infinitive after such a verb comes first."""
    if not verbs or verbs[0][1].lemma not in lexis.verbs["leads"]:
        return verbs
    after = [(i, form) for i, form in clause.verbs.items() if i > verbs[0][0] and form.tense == "infinitive"]
    return after[:1] + verbs


def _noun_about(parsed: Parsed, clause: Clause, lexis: Lexis) -> Trigger | None:
    """« L'effondrement …, survenu le 3 décembre »: the act is the noun the participle is about."""
    if clause.parent is None:
        return None
    words = " ".join(parsed.sentence.tokens[i].text for i in clause.parent.tokens if i < clause.tokens[0])
    found = list(nouns_in(bare(words), lexis))
    kind = _pick(lexis.by_noun[found[-1].group()], words) if found else None
    return Trigger(text=found[-1].group(), kind=kind.name, index=clause.tokens[0]) if kind else None


def unlisted_participle(parsed: Parsed, clause: Clause) -> int | None:
    """« murée depuis 2014 », « a muré 118 logements »: a participle that no table knows, by its ending and its place."""
    start = clause.finite + 1 if clause.finite is not None else clause.tokens[0] if clause.tokens else 0
    if clause.finite is None and clause.kind != "participle":
        return None
    tokens = parsed.sentence.tokens
    if any(tokens[i].text in ("–", "—") for i in clause.tokens):
        return None  # « affiliée à la CLCV – n° 57 – mars 2004 »: a row of labels
    near = [i for i in clause.tokens if start <= i < start + 3 and tokens[i].mention is None]
    return next((i for i in near if GENERIC_PARTICIPLE.match(tokens[i].text)), None)


def find_trigger(parsed: Parsed, clause: Clause, lexis: Lexis) -> Trigger | None:
    """The verb or noun of the clause that says what happened."""
    verbs = leading_verbs(clause, lexis)
    if not verbs and (unlisted := unlisted_participle(parsed, clause)) is not None:
        return Trigger(text=parsed.sentence.tokens[unlisted].text, kind="other", index=unlisted)
    if clause.kind == "relative" and not verbs and clause.parent:
        return find_trigger(parsed, clause.parent, lexis)
    matches = list(nouns_in(bare(act_words(parsed, clause, lexis)), lexis))
    own = own_words(parsed, clause) if matches or verbs else ""
    nouns = [(kind, match) for match in matches if (kind := _pick(lexis.by_noun[match.group()], own))]
    if clause.finite is not None:  # « la commission a émis un avis »: who acts is not what is done
        acts = [row for row in nouns if row[1].group().split()[0] not in lexis.assemblies]
        nouns = acts or nouns
    for index, form in _meant(clause, verbs, lexis):
        kind = _pick(lexis.by_verb.get(form.lemma, ()), own)
        if kind and not (nouns and form.lemma in lexis.verbs["light"]):
            return Trigger(text=parsed.sentence.tokens[index].text, kind=kind.name, index=index)
    if nouns:
        kind, match = nouns[0]
        return Trigger(text=match.group(), kind=kind.name, index=clause.tokens[0])
    if verbs and clause.kind == "participle" and (noun := _noun_about(parsed, clause, lexis)):
        return noun
    if verbs:
        index, _ = verbs[0]
        return Trigger(text=parsed.sentence.tokens[index].text, kind="other", index=index)
    if clause.finite is not None:
        return Trigger(text=parsed.sentence.tokens[clause.finite].text, kind="other", index=clause.finite)
    return None


def before(parsed: Parsed, at: int, width: int = 4) -> str:
    """The few words before a token, plain."""
    first = max(0, at - width)
    return " ".join(token.text for token in parsed.sentence.tokens[first:at]).replace("' ", "'")


def negated(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """« ne … pas », « aucun … ne », « ni »; not the « ne … que » that only restricts."""
    if clause.shares and clause.finite is None and clause.kind != "participle":
        return negated(parsed, clause.shares, lexis)
    words = [parsed.sentence.tokens[i].text for i in clause.tokens]
    if "ne" not in words and "n'" not in words:
        return False
    if any(word in lexis.words["negative"] for word in words):
        return True
    opened = words[1:] if words[0] in ("que", "qu'") else words
    return not ("que" in opened or "qu'" in opened)


def main_of(clause: Clause) -> Clause | None:
    """The clause whose verb decides what became of a participle's noun."""
    parent = clause.parent
    while parent and parent.finite is None and parent.parent:
        parent = parent.parent
    return parent
