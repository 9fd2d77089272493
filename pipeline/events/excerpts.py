"""Which words of a sentence an event quotes: its clause, with the noun it is about, at a length a reader takes in at once.

Why: « approuvée le 3 mai » says nothing without « la convention », and forty words say too much.
Idea: a clause reaches back to its noun and on to what is told beside it; a few words take their main clause along.
Limits: an excerpt never leaves its sentence.
"""

from __future__ import annotations

from .clauses import Clause, Parsed

LONGEST = 50
FEW = 12
SIGNS = "-–—•*,;:("


def excerpt_span(parsed: Parsed, clause: Clause, at: int) -> tuple[int, int]:
    """First and last token of the words to quote: the clause, with the noun it is about, cut to a readable length."""
    tokens = parsed.sentence.tokens
    first, last = clause.tokens[0], clause.tokens[-1]
    if clause.kind == "participle" and first <= 1 and clause.parent and clause.parent.finite is not None:
        verb = clause.parent.finite
        while verb > last and tokens[verb - 1].text in ("ne", "n'", "se", "s'", "y", "en"):
            verb -= 1
        verb -= last - first >= FEW // 2  # « Retraitée en 1991, elle fonda »: a few words need their verb
        last = max(last, min(verb, at + LONGEST // 2))
    elif (told := announced(parsed, clause)) is not None:
        last = max(last, min(told, at + LONGEST // 2))
    elif clause.kind in ("participle", "relative"):
        first = noun_start(parsed, clause)
        if first == clause.tokens[0] and clause.parent and clause.parent.tokens:
            first = min(first, clause.parent.tokens[0])  # « l'ANRU est dite créée en 2004 »: no noun between two verbs
        last = told_end(parsed, clause, first)
    elif (start := subject_start(parsed, clause)) is not None and last - start <= LONGEST:
        first = min(first, start)
    if last - first < FEW and (after := spelt_out(parsed, clause)) is not None:
        last = min(after, first + 2 * FEW)
    while last - first > LONGEST:
        if at - first > last - at:
            first += 1
        else:
            last -= 1
    return first, last


def spelt_out(parsed: Parsed, clause: Clause) -> int | None:
    """« En 1979, c'est HVS : un monsieur réunit … »: where the undated clause ends that spells out a short one."""
    if parsed.sentence.tokens[clause.tokens[-1]].text != ":" or clause.finite is None:
        return None
    after = next((c for c in parsed.clauses if c.tokens and c.tokens[0] == clause.tokens[-1] + 1), None)
    told = after is not None and after.finite is not None and not dated_else(parsed, after, -1)
    return after.tokens[-1] if after is not None and told else None


def announced(parsed: Parsed, clause: Clause) -> int | None:
    """« … doublée : annoncé en juillet, le doublement est entré … »: where the noun ends that a participle comes before."""
    first, last = clause.tokens[0], clause.tokens[-1]
    if clause.kind != "participle" or first == 0 or parsed.sentence.tokens[first - 1].text not in (":", ";"):
        return None
    main = next((c for c in parsed.clauses if c.tokens and c.tokens[0] == last + 1 and c.finite is not None), None)
    return main.finite - 1 if main is not None and main.finite is not None else None


def told_end(parsed: Parsed, clause: Clause, first: int) -> int:
    """Where an embedded clause's words end: with what is told beside it, and where they are few, with its main clause."""
    last = clause.tokens[-1]
    for other in parsed.clauses:
        if other.shares is clause and other.tokens and not dated_else(parsed, other, -1):
            last = max(last, other.tokens[-1])
    parent = clause.parent
    # « le conseil, réuni le 17, a reporté … à 2005 »
    sat = any(form.lemma == "réunir" for form in clause.verbs.values())
    short = last - first < FEW and parent is not None and (sat or not dated_else(parsed, parent, -1))
    return max(last, min(parent.tokens[-1], first + 2 * FEW)) if short and parent and parent.tokens else last


def subject_start(parsed: Parsed, clause: Clause) -> int | None:
    """Where the subject begins that a clause takes over from another, or from the participle that opens the sentence."""
    if clause.shares is not None and clause.shares.tokens:
        return clause.shares.tokens[0]
    opening = next((c for c in parsed.clauses if c.parent is clause and c.tokens and c.tokens[0] == 0), None)
    if opening is None or clause.finite is None or clause.tokens[0] < clause.finite - 3:
        return None
    return next((i + 1 for i in opening.tokens if parsed.sentence.tokens[i].text == ","), None)


def noun_start(parsed: Parsed, clause: Clause) -> int:
    """Where the noun an embedded clause is about begins: after the comma or the verb before it, brackets skipped."""
    tokens, start = parsed.sentence.tokens, clause.tokens[0]
    verbs = set(clause.parent.verbs) if clause.parent else set()
    opened = clause.parent.tokens[0] if clause.parent and clause.parent.kind == "complement" else 0
    depth, words, i = 0, 0, start - 1
    while i >= opened and start - i < 40:
        text = tokens[i].text
        depth += (text == ")") - (text == "(")
        ends = i in verbs or text in (";", ":") or (text == "," and words > 2)
        if depth < 0 or (depth == 0 and ends):
            break
        words += text not in SIGNS
        i -= 1
    return i + 1


def dated_else(parsed: Parsed, clause: Clause, at: int) -> bool:
    """Whether a clause has a date other than that at ``at``."""
    return any(i != at and (m := parsed.sentence.tokens[i].mention) and m.kind == "date" for i in clause.tokens)
