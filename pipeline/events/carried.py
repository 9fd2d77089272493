"""What a sentence leaves to those after it: its subject, its heading's date, the programme and the rows it heads.

Why: administrative prose names a thing once and then speaks of « elle », of rows under a heading, of items under a date.
Idea: after each sentence the state is brought up to date; whoever reads the next one looks there.
Limits: one subject at a time; a heading holds until the next one.
"""

from __future__ import annotations

from pipeline.records import DateValue, Heading, Mention

from .clauses import Clause, Parsed
from .drafts import State
from .formulas import SAYS
from .ground import heads
from .identities import each_once, key_of
from .lexis import Lexis
from .parts import part_after
from .subjects import has_pronoun, recalls, subject
from .text import Sentence, lead_of, opens_block
from .triggers import Trigger, find_trigger, leading_verbs, words_of

LONGEST_LEAD = 240  # code points of the words that open a list of decisions


def recall(parsed: Parsed, state: State) -> None:
    """Keep the sentence's subject, the body that votes and the heading's date for what follows."""
    sentence = parsed.sentence
    state.line = (sentence.page, sentence.line)
    state.rubric = rubric_of(parsed, state)
    state.part = part_after(parsed, state.text(sentence.page), state.part, state.lexis)
    state.section = section_of(parsed, state.section)
    state.heads = heads(parsed, state)
    state.grants = heads_grants(sentence, state)
    if SAYS["heads_sheet"].match(sentence.opening):
        state.sheet = [m for m in sentence.named if m.kind in ("site", "place")]
    elif state.sheet and not any(token.text == ":" for token in sentence.tokens[:6]):
        state.sheet = []
    if not sentence.bullet:
        state.decisions = sentence.first and SAYS["decisions"].match(sentence.opening) is not None
    before = state.parsed[state.number - 1].sentence if state.number else None
    if opens_block(sentence, before) and (lead := lead_of(sentence)) != state.lead:
        state.lead = lead
        state.topic = lead or state.topic
    state.ground = [m for m in sentence.named if m.kind == "site"][:1] or (state.ground if not sentence.first else [])
    if _hands_to_voters(parsed):
        state.voter = [m for m in sentence.named if m.kind == "body"][:1]
        told = state.voter and _opens_list(parsed) and sentence.end - sentence.start <= LONGEST_LEAD
        state.decides = Heading(page=sentence.page, start=sentence.start, end=sentence.end) if told else None
    elif _opens_list(parsed) and not SAYS["deliberates"].search(sentence.low):
        state.voter = state.decides = None  # « le coordonnateur est chargé : » opens a list of his own
    dates = [m for m in sentence.named if m.kind == "date"]
    if not sentence.bullet and sentence.first:
        alone = len(dates) == 1 and sum(t.mention is None and len(t.text) > 2 for t in sentence.tokens) <= 1
        value = dates[0].value if alone else None
        fine = isinstance(value, DateValue) and (value.date_to - value.date_from).days <= 366
        state.heading = value if fine and isinstance(value, DateValue) else None
    found = state.told[state.number]
    if found is not None:
        state.topic = found
        persons = {key_of(m): m for m in found if m.kind == "person"}
        state.spoken |= {state.genders[key]: [m] for key, m in persons.items() if key in state.genders}


def _hands_to_voters(parsed: Parsed) -> bool:
    """« après en avoir délibéré », « le conseil décide : » in one of the first clauses."""
    low = parsed.sentence.low
    if "délibér" not in low and not (parsed.sentence.ends(":") and "cide" in low):
        return False  # nearly every sentence
    words = " ".join(words_of(parsed, clause) for clause in parsed.clauses[:3] if clause.kind in ("main", "participle"))
    return "délibéré" in words or "délibérer" in words or words.rstrip().endswith(("décide :", "decide :"))


def _opens_list(parsed: Parsed) -> bool:
    """Whether a sentence ends on the colon of a list and has a verb of its own."""
    return parsed.finite and parsed.sentence.ends(":")


def told_of(parsed: Parsed, lexis_: Lexis) -> list[Mention] | None:
    """What a sentence is about, for a pronoun of the next one; ``None`` where it only goes on about what came before."""
    named = bool(parsed.sentence.named)
    told = [c for c in parsed.clauses if c.kind in ("main", "complement") and (c.finite is not None or named)]
    clause = next(iter(told), None)
    if clause is not None and _reports(clause, lexis_):
        clause = told[-1]
    if clause is None or has_pronoun(parsed, clause, lexis_):
        return None
    found = subject(parsed, clause) if clause.finite is not None else []
    found = [m for m in found if m.kind in ("body", "site", "programme", "person")]
    return found if found or (clause.finite is not None and not recalls(parsed, clause, lexis_)) else None


def _reports(clause: Clause, lexis_: Lexis) -> bool:
    """« M. X précise que … »: who speaks is not what is spoken of."""
    return any(form.lemma in lexis_.verbs["reporting"] for _, form in leading_verbs(clause, lexis_)[:1])


def heads_grants(sentence: Sentence, state: State) -> bool:
    """Whether rows that follow are those of a table of grants: its heading row names them; running text ends it."""
    if any(m.kind == "amount" for m in sentence.named) or len(sentence.tokens) >= 40:
        return state.grants
    if not sentence.tabled:
        return state.grants and len(sentence.tokens) < 12
    return SAYS["grants"].search(" ".join(token.text for token in sentence.tokens)) is not None


def section_of(parsed: Parsed, section: list[Mention]) -> list[Mention]:
    """The one programme a heading names (« Affaire n° 12 – Protocole du NPNRU »); the next heading ends it."""
    sentence = parsed.sentence
    opens = sentence.first and SAYS["new_part"].match(" ".join(token.text for token in sentence.tokens[:4])) is not None
    if not sentence.first or parsed.finite or len(sentence.tokens) > 25 or sentence.tokens[-1].text in ".;:,":
        return [] if opens else section
    if any(m.kind in ("amount", "quantity", "person") for m in sentence.named):
        return section
    named = each_once(m for m in sentence.named if m.kind == "programme")
    return named if len(named) == 1 and opens else []


def rubric_of(parsed: Parsed, state: State) -> Trigger | None:
    """What a heading (« Tableau 1. Démolitions ») says of the rows below it; a row leaves it as it is."""
    sentence = parsed.sentence
    if parsed.finite:
        return None
    if any(m.kind in ("date", "amount", "quantity") for m in sentence.named) or len(sentence.tokens) > 14:
        return state.rubric
    return find_trigger(parsed, parsed.clauses[0], state.lexis)
