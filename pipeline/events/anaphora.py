"""What a clause stands on that is named before it: « elle », « ce quartier », « le dossier », « en délibérer ».

Why: half of what administrations write of an estate never names it again; without its site or its programme a dated line is
lost to whoever looks for either.
Idea: a pronoun takes up the subject of the sentence before, if its gender allows; a noun that points (« ces deux quartiers »)
takes up sites, a paper or a round (« le dossier », « la première édition ») the programme or site told of just before.
Limits: nothing is taken up from beyond the paragraph but a person or a topic; gender is known of persons with a title only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .drafts import WORKS, State
from .identities import key_of
from .subjects import root, subject
from .text import Token
from .triggers import words_of

SAYS = wordings(__file__, "pointing.toml")
MAN, WOMAN = "il", "elle"
TITLES = {"m": MAN, "mm": MAN, "mme": WOMAN, "mmes": WOMAN, "mlle": WOMAN}
LATTER = frozenset({"celui-ci", "celle-ci"})
SHE = frozenset({"elle", "elles", "celle-ci", "celles-ci"})
HE = frozenset({"il", "ils", "celui-ci", "ceux-ci"})


def genders(parsed: Iterable[Parsed]) -> dict[str, str]:
    """Whether « il » or « elle » takes up each person: a title (« Mme ») before, or a participle (« élu maire ») beside."""
    out: dict[str, str] = {}
    for row in parsed:
        for i, token in enumerate(row.sentence.tokens):
            if token.mention and token.mention.kind == "person" and (known := _gender(row.sentence.tokens, i)):
                out.setdefault(key_of(token.mention), known)
    return out


def _gender(tokens: Sequence[Token], i: int) -> str | None:
    before = [token.text for token in tokens[max(0, i - 2) : i] if token.text != "."][-1:]
    if before and before[0] in TITLES:
        return TITLES[before[0]]
    beside = tokens[i + 2].text if i + 2 < len(tokens) and tokens[i + 1].text == "," else ""
    if not before or before == [","]:
        beside = beside or tokens[0].text  # « Engagée en 1959, Yvonne X … »
    agreed = SAYS["agreed"].match(beside)
    return (WOMAN if agreed["she"] else MAN) if agreed else None


def stands_for(parsed: Parsed, clause: Clause, state: State, kind: str = "") -> list[Mention]:
    """What the clause's pronoun or pointing noun takes up; what is built or pulled down is a site."""
    main = root(clause)
    words = _subject_words(parsed, main)
    if pointed := SAYS["points"].search(words):
        return sites_before(state, every=pointed["many"] is not None)
    if kind in WORKS and undergone(clause) and not any(m.kind == "site" for m in state.topic):
        return sites_before(state, every=False) or state.topic
    opening = SAYS["agreed"].match(parsed.sentence.tokens[0].text)
    person = state.spoken.get(WOMAN if opening["she"] else MAN, []) if opening else []
    if person:  # « Retraitée en 1991, elle … » is no agency
        return person
    spoken = next((word for word in words.split() if word in HE | SHE), None)
    if spoken == "il" and SAYS["impersonal"].search(words_of(parsed, clause)):
        return []
    if spoken in LATTER:
        return _last_named(state, kind)
    if spoken and (speaker := _reported(parsed, clause, spoken, state)):
        return speaker
    topic = [m for m in state.topic if spoken is None or _agrees(m, spoken, state)]
    if topic or not state.topic or spoken is None:
        return topic
    return state.spoken.get(WOMAN if spoken in SHE else MAN, []) or sites_before(state, every=False)


def undergone(clause: Clause) -> bool:
    """« Réhabilité en 1996, il … », « elle sera démolie »: what is spoken of does nothing itself."""
    forms = clause.verbs.values()
    acted = any(form.tense == "participle" and form.lemma != "être" for form in forms)
    return acted and not any(form.lemma == "avoir" for form in forms)


def _last_named(state: State, kind: str) -> list[Mention]:
    """« Celui-ci »: the last body, programme or site of the sentence before, not its subject; of the kind acts call for.

    An acronym in brackets stands for the name before it.
    """
    before = state.parsed[state.number - 1].sentence.named if state.number else []
    named = [m for m in before if m.kind in ("body", "programme", "site")]
    head = next((known.head for known in state.lexis.kinds if known.name == kind), "")
    last = ([m for m in named if m.kind == head] or named)[-1:]
    return [m for m in named if last and key_of(m) == key_of(last[0])][:1] or last


def _reported(parsed: Parsed, clause: Clause, pronoun: str, state: State) -> list[Mention]:
    """« M. Barrau indique qu'il a écrit »: who speaks of himself."""
    said = parsed.clauses[: parsed.clauses.index(root(clause))] if root(clause).kind == "complement" else ()
    speakers = [m for other in said[-1:] for m in subject(parsed, other) if m.kind == "person"]
    return [m for m in speakers if _agrees(m, pronoun, state)][-1:]


def _agrees(mention: Mention, pronoun: str, state: State) -> bool:
    known = state.genders.get(key_of(mention))
    return mention.kind != "person" or known is None or (known == WOMAN) == (pronoun in SHE)


def _subject_words(parsed: Parsed, clause: Clause) -> str:
    end = clause.finite if clause.finite is not None else len(parsed.sentence.tokens)
    return " ".join(parsed.sentence.tokens[i].text for i in clause.tokens if i < end)


def sites_before(state: State, *, every: bool) -> list[Mention]:
    """The last site of the nearest earlier sentence of the paragraph that names one; all its sites on request."""
    for row in _paragraph_before(state):
        sites = {key_of(m): m for m in row.sentence.named if m.kind == "site"}
        if sites:
            return list(sites.values()) if every else list(sites.values())[-1:]
    return []


def _paragraph_before(state: State) -> list[Parsed]:
    """The sentences before the current one in its paragraph, nearest first."""
    here = state.parsed[state.number].sentence
    out = []
    for row in reversed(state.parsed[max(0, state.number - 6) : state.number]):
        if (row.sentence.page, row.sentence.line) != (here.page, here.line):
            break
        out.append(row)
    return out


def paper_of(parsed: Parsed, clause: Clause, found: Sequence[Mention], state: State) -> list[Mention]:
    """« Le dossier, préparé en 1981 … », « doit en délibérer »: the programme of the sentence before."""
    words = _subject_words(parsed, clause) + " " + _subject_words(parsed, root(clause))
    before = _paragraph_before(state)[:1]
    named = before[0].sentence.named if before else []
    if SAYS["takes_up"].search(" ".join(token.text for token in parsed.sentence.tokens)):
        return [m for m in named if m.kind in ("programme", "amount")]
    if any(m.kind in ("site", "programme") for m in found) or not SAYS["paper"].search(words):
        return []
    return [m for m in named if m.kind == "programme"][:1]
