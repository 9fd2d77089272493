"""The words that tell an event in one line: whole groups of its own clause, and the noun it is about.

Why: « créée le 1er janvier 2000 », « elle a été retenue » quote the text and tell a reader nothing.
Idea: a clause is cut where clauses end, never inside a group; a participle and a relative take along the noun they stand
with; a second verb, a pronoun and a participle that opens its sentence are given their subject, marked as added since it
stands elsewhere; where a clause or a list has several dates, each gets its own part.
Limits: a subject is sought in its sentence, then in those before it in the same paragraph, never further; where none is sure
the pronoun stays.
"""

from __future__ import annotations

from pipeline.records import Stretch

from .clauses import Clause, Parsed
from .lexis import word_list
from .nouns import PRONOUNS, Span, Subject, before_clitics, can_agree, noun_before, subject_of, trimmed, word
from .text import Token
from .triggers import main_of

LONGEST_LINE = 240  # code points
EXTRAPOSED = frozenset(["de", "d'", "que", "qu'", "un", "une", "des"])  # what is proposed, after « il est proposé »


def wording(parsed: Parsed, clause: Clause, at: int, subject: Subject | None) -> tuple[Stretch, ...]:
    """The stretches of the page to read one after another for the event that the date at token ``at`` dates; none where its
    excerpt does as well. ``subject``: what the sentences before are about.
    """
    if not clause.tokens:
        return ()
    if not clause.verbs:
        return _item(parsed, clause, at)
    main = _main_after(parsed, clause)
    if main is not None:
        return _opening(parsed, clause, main, subject)
    if clause.kind in ("participle", "relative"):
        return _embedded(parsed, clause)
    return _independent(parsed, clause, at, subject)


def _main_after(parsed: Parsed, clause: Clause) -> Clause | None:
    """The clause whose subject follows a participle that opens its sentence, or a part of it after a colon."""
    first, tokens = clause.tokens[0], parsed.sentence.tokens
    if clause.kind != "participle":
        return None
    if first <= 1:
        return clause.parent if clause.parent and clause.parent.finite is not None else None
    if tokens[first - 1].text not in (":", ";"):
        return None
    return next(
        (c for c in parsed.clauses if c.tokens and c.tokens[0] == clause.tokens[-1] + 1 and c.finite is not None), None
    )


def _dates(parsed: Parsed, clause: Clause) -> list[int]:
    tokens = parsed.sentence.tokens
    return [i for i in clause.tokens if (m := tokens[i].mention) and m.kind == "date"]


def _item(parsed: Parsed, clause: Clause, at: int) -> tuple[Stretch, ...]:
    """One item of a list of nouns with several dates: from the comma after the date before to that after its own."""
    tokens, dates = parsed.sentence.tokens, _dates(parsed, clause)
    if len(dates) < 2 or at not in dates:
        return ()
    commas = [i for i in clause.tokens if word(tokens[i]) in (",", ";")]
    first = max((i + 1 for i in commas if i < at and dates[0] < i), default=clause.tokens[0])
    last = min((i - 1 for i in commas if i > at), default=clause.tokens[-1])
    words = [tokens[i] for i in range(first, last + 1) if i not in dates]
    telling = any(token.mention is not None or len(token.text) > 3 for token in words)
    return (_stretch(parsed, first, last),) if telling else ()


def _opening(parsed: Parsed, clause: Clause, parent: Clause, subject: Subject | None) -> tuple[Stretch, ...]:
    """« Annoncé en juillet, le doublement est entré … »: the noun after its comma, then the participle."""
    tokens, verb = parsed.sentence.tokens, before_clitics(parsed, parent.finite or 0)
    noun = subject_of(parsed, parent)
    commas = [i for i in clause.tokens if word(tokens[i]) == "," and i < (noun.first if noun else verb)]
    if noun is None and commas:
        noun = trimmed(parsed, Span(commas[-1] + 1, verb - 1))
    while noun and len(commas) > 1 and _lists(parsed, commas[-2] + 1, commas[-1], noun):
        commas.pop()
        noun = Span(commas[-1] + 1, noun.last, noun.agrees)
    given = _given(parsed, noun, subject) if noun else ()
    if not given:
        return ()
    last = commas[-1] - 1 if commas else clause.tokens[-1]
    return (*given, _stretch(parsed, clause.tokens[0], last))


def _lists(parsed: Parsed, first: int, comma: int, noun: Span) -> bool:
    """« Retenus en 2014, les sites X, Y et Z »: whether the few words before a comma are a first item of the subject's list."""
    tokens = parsed.sentence.tokens
    named = any(t.mention and t.mention.kind in ("site", "body", "place", "person") for t in tokens[first:comma])
    several = any(word(t) == "et" for t in tokens[noun.first : noun.last])
    return (
        named and several and comma - first < 5 and not any(first <= i < comma for c in parsed.clauses for i in c.verbs)
    )


def _embedded(parsed: Parsed, clause: Clause) -> tuple[Stretch, ...]:
    """« l'appel « X », lancé en 2014 par le CGET »: the noun and what is said of it, without the main clause; nothing where
    no name is among the words, which then say too little.
    """
    tokens, first, last = parsed.sentence.tokens, clause.tokens[0], _whole(parsed, clause)
    shared = clause.shares if clause.shares and clause.shares.tokens else None
    if first not in clause.verbs and any(form.tense == "gerund" for form in clause.verbs.values()):
        return (_stretch(parsed, first, last),)  # « les livraisons étant fixées à 2007 » has a subject of its own
    if word(tokens[first]) in ("que", "qu'") and "c'" in {word(token) for token in tokens[max(0, first - 8) : first]}:
        return (_stretch(parsed, first, last),)  # « c'est à Grigny que des maires ont lancé … »
    noun = noun_before(parsed, shared or clause)
    if noun is None:  # « l'ANRU est souvent dite créée en 2004 »
        main = main_of(clause)
        if _hangs(parsed, first):
            return (_stretch(parsed, _root_start(parsed, first, last), last),)
        attribute = main is not None and main.finite is not None and main.finite < first
        return (_stretch(parsed, main.tokens[0] if attribute and main else first, last),)
    if noun.first == 0 and noun.agrees == "  " and tokens[0].mention is None and main_of(clause) is not None:
        return ()  # « Longue de 280 m, construite en 1962, elle … »: an adjective opens the sentence
    if not any(tokens[i].mention and i not in _dates(parsed, clause) for i in range(noun.first, last + 1)):
        return ()
    if shared is not None:
        return (_noun(parsed, noun, added=True), _stretch(parsed, first, last))
    if clause.kind == "relative":
        return _relative(parsed, clause, noun, last)
    if first not in clause.verbs:
        return (_noun(parsed, Span(noun.first, last)),)
    return (_noun(parsed, noun), _stretch(parsed, first, last))


def _hangs(parsed: Parsed, first: int) -> bool:
    """Whether a clause that begins here says nothing alone: « avec une puissance de … », « qui a ramené … »."""
    return first > 0 and word(parsed.sentence.tokens[first]) in word_list("hanging")


def unhung(parsed: Parsed, span: tuple[int, int]) -> tuple[Stretch, ...]:
    """The sentence up to the end of an excerpt that hangs without its beginning; nothing where it does not."""
    first, last = span
    start = _root_start(parsed, first, last) if _hangs(parsed, first) else first
    return (_stretch(parsed, start, last),) if start < first else ()


def _root_start(parsed: Parsed, first: int, last: int) -> int:
    """The sentence's first token, where it is not too far for a line."""
    tokens = parsed.sentence.tokens
    return 0 if tokens[last].end - tokens[0].start <= LONGEST_LINE else first


def _relative(parsed: Parsed, clause: Clause, noun: Span, last: int) -> tuple[Stretch, ...]:
    """« la DIACT, qui lance l'appel »: the noun is the subject; « les pôles, dont les premiers ont été choisis »: what the
    clause is about, behind it; else both as they stand.
    """
    tokens, first = parsed.sentence.tokens, clause.tokens[0]
    opens, own = word(tokens[first]), subject_of(parsed, clause)
    if opens == "qui" and clause.finite is not None and before_clitics(parsed, clause.finite) == first + 1:
        return (_noun(parsed, noun, added=True), _stretch(parsed, first + 1, last))
    listing = any(word(tokens[i]) == "," for i in range(max(clause.verbs, default=first), last))
    if opens in ("que", "qu'", "dont", "où") and own and not listing and word(tokens[own.first]) not in PRONOUNS:
        return (_stretch(parsed, first + 1, last), _noun(parsed, noun, added=True))
    return (_noun(parsed, Span(noun.first, last)),)


def _independent(parsed: Parsed, clause: Clause, at: int, subject: Subject | None) -> tuple[Stretch, ...]:
    """A clause with a verb: from its first word to its last, its subject put before it where it stands elsewhere."""
    tokens, last = parsed.sentence.tokens, _whole(parsed, clause)
    first = next((i for i in clause.tokens if word(tokens[i]) not in word_list("edges")), clause.tokens[0])
    if clause.shares is not None:
        noun = subject_of(parsed, clause.shares)
        if noun is None or clause.shares.finite is None:
            return ()
        if clause.finite is None:  # « a été examiné en mars et validé en mai »: the auxiliary is shared too
            return (_stretch(parsed, noun.first, clause.shares.finite, added=True), _stretch(parsed, first, last))
        return (*_given(parsed, noun, subject), _stretch(parsed, first, last))
    if clause.finite is None:
        return (_stretch(parsed, _root_start(parsed, first, last) if _hangs(parsed, first) else first, last),)
    verb = before_clitics(parsed, clause.finite)
    if verb <= first:
        return ()  # its subject stands in a clause that the excerpt holds
    if word(tokens[verb - 1]) in PRONOUNS and _only_dates(parsed, first, verb - 1):
        given = _given(parsed, Span(verb - 1, verb - 1), subject)
        return (*given, *_shared_out(parsed, clause, at, verb if given else verb - 1, last))
    return _shared_out(parsed, clause, at, first, last)


def part_of(parsed: Parsed, clause: Clause, at: int) -> tuple[int, int] | None:
    """Where « s'est réuni à Nîmes le 27 mars, puis à Lens le 10 juillet » is cut: the last token before the part of the date
    at ``at`` and the first after it, both signs or conjunctions; ``None`` where nothing is shared out.
    """
    tokens, dates = parsed.sentence.tokens, _dates(parsed, clause)
    verb = max(clause.verbs, default=-1)
    # « puis au 2e trimestre » tells nothing
    told = [i for i in clause.tokens if tokens[i].mention or len(tokens[i].text) > 4]
    cuts = [
        i
        for i in clause.tokens
        if word(tokens[i]) in ("puis", "et") and i > verb and (after := next((d for d in dates if d > i), 0))
        and ((any(d < i for d in dates) and any(i < j < after for j in told)) or _follows_first(tokens, verb, i, told))
    ]  # fmt: skip
    if not clause.verbs or not cuts or at not in dates:
        return None
    return max((i for i in cuts if i < at), default=verb), min((i for i in cuts if i > at), default=len(tokens))


def _follows_first(tokens: tuple[Token, ...], verb: int, i: int, told: list[int]) -> bool:
    """« fut d'abord dirigée par X, puis, de 1968 à 1975, par Y »: the first part has no date."""
    first = any(word(token) == "abord" for token in tokens[max(0, verb - 3) : verb + 3])
    return word(tokens[i]) == "puis" and first and any(j > i for j in told)


def _shared_out(parsed: Parsed, clause: Clause, at: int, first: int, last: int) -> tuple[Stretch, ...]:
    """The whole clause, or of one with several dates the part of its own, the verb before it."""
    part, verb = part_of(parsed, clause, at), max(clause.verbs)
    if part is None:
        return (_stretch(parsed, first, last),)
    before, after = part
    last = min(last, after - 1)
    opens = next((i for i in range(before + 1, last) if _opens_group(parsed, i)), last)
    if before == verb or word(parsed.sentence.tokens[opens]) not in word_list("joins") | word_list("of") | {"par"}:
        return (_stretch(parsed, first, last),)
    return (_stretch(parsed, first, verb, added=True), _stretch(parsed, before + 1, last))


def _opens_group(parsed: Parsed, i: int) -> bool:
    """Whether a group of words may begin at a token: at no sign, no date and nothing that leads a date in before a comma."""
    tokens = parsed.sentence.tokens
    led = tokens[i + 1].mention if i + 1 < len(tokens) else None
    dated = led is not None and led.kind == "date" and i + 2 < len(tokens) and word(tokens[i + 2]) == ","
    here = tokens[i].mention
    return not dated and (here.kind != "date" if here else word(tokens[i]) not in word_list("edges"))


def _only_dates(parsed: Parsed, first: int, end: int) -> bool:
    """Whether nothing but a date stands before a pronoun: « En 2005, elle … »."""
    words = [parsed.sentence.tokens[i] for i in range(first, end)]
    small = word_list("joins") | word_list("leads_in") | {",", "le", "la", "les", "l'"}
    return all(token.mention.kind == "date" if token.mention else token.text in small for token in words)


def _given(parsed: Parsed, noun: Span, subject: Subject | None) -> tuple[Stretch, ...]:
    """A subject as it stands elsewhere; for a pronoun, what the clause or the sentences before are about, if it can agree."""
    tokens = parsed.sentence.tokens
    shown = PRONOUNS.get(word(tokens[noun.first]))
    if shown is None:
        return (_noun(parsed, noun, added=True),)
    if _impersonal(parsed, noun.first):
        return ()
    for other in reversed(parsed.clauses):
        near = subject_of(parsed, other) if other.kind == "main" and other.tokens[0] < noun.first else None
        if near and near.last < noun.first and word(tokens[near.first]) not in PRONOUNS:
            return (_noun(parsed, near, added=True),) if can_agree(near.agrees, shown) else ()
    here = (parsed.sentence.page, parsed.sentence.line)
    if subject is None or (subject.page, subject.line) != here or not can_agree(subject.agrees, shown):
        return ()
    return (Stretch(start=subject.start, end=subject.end, added=True),)


def _impersonal(parsed: Parsed, at: int) -> bool:
    """« il y a », « il est proposé de », « il a été proposé un projet »: a pronoun that stands for nothing."""
    tokens = parsed.sentence.tokens
    if tokens[at].text != "il":
        return False
    rest = [word(token) for token in tokens[at + 1 : at + 6]]
    passive = bool({"est", "été", "était", "sera", "fut"} & set(rest[:2]))
    after = EXTRAPOSED if passive else EXTRAPOSED - {"un", "une", "des"}
    return rest[:1] == ["y"] or any(following in after for following in rest[1:])


def _whole(parsed: Parsed, clause: Clause) -> int:
    """The last token of a clause with the embedded clauses that its last group needs: those that follow without a comma."""
    last, tokens = clause.tokens[-1], parsed.sentence.tokens
    for other in sorted(parsed.clauses, key=lambda c: c.tokens[0] if c.tokens else 0):
        follows = other.kind in ("participle", "relative") and other.tokens and other.tokens[0] == last + 1
        if follows and word(tokens[last]) not in word_list("edges") and not _dates(parsed, other):
            last = other.tokens[-1]
    return last


def _noun(parsed: Parsed, noun: Span, *, added: bool = False) -> Stretch:
    """A noun phrase without the preposition that led it in."""
    first = noun.first
    while first < noun.last and word(parsed.sentence.tokens[first]) in word_list("contracted"):
        first += 1
    return _stretch(parsed, first, noun.last, added=added)


def _stretch(parsed: Parsed, first: int, last: int, *, added: bool = False) -> Stretch:
    """Tokens as a stretch of the page, without the signs and small words that hang at either end."""
    tokens = parsed.sentence.tokens
    while first < last and word(tokens[first]) in word_list("edges") | {")"}:
        first += 1
    while last > first and word(tokens[last]) in word_list("edges") | word_list("dangling") | {"("}:
        last -= 1
    return Stretch(start=tokens[first].start, end=tokens[last].end, added=added)
