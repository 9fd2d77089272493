"""Noun phrases: the one an embedded clause is about, the subject of a verb, and what a pronoun takes up.

Why: « créée », « qui lance » and « elle » are about a noun that stands before; a line of a chronology must name it.
Idea: a noun phrase runs back from its end over nouns, names, « de » and « à » to a determiner; verbs, commas and the words of
``grammar.toml`` end it. A participle picks, of the nouns chained by « de », the farthest whose determiner agrees with it.
Limits: nouns are known by their place, not by a lexicon; the gender of « l'office » is unknown, and unknown agrees.
"""

from __future__ import annotations

from typing import NamedTuple

from .clauses import Clause, Parsed
from .lexis import lexis, word_list
from .text import Token

DETERMINERS = {
    "le": "ms", "la": "fs", "l'": " s", "un": "ms", "une": "fs", "ce": "ms", "cet": "ms", "cette": "fs", "du": "ms", "au": "ms",
    "les": " p", "des": " p", "ces": " p", "aux": " p", "son": " s", "sa": "fs", "ses": " p", "leur": " s", "leurs": " p",
    "deux": " p", "trois": " p", "quatre": " p", "plusieurs": " p", "chaque": " s", "notre": " s", "nos": " p",
}  # fmt: skip
PRONOUNS = {
    "il": "ms", "elle": "fs", "ils": "mp", "elles": "fp",
    "celui-ci": "ms", "celle-ci": "fs", "ceux-ci": "mp", "celles-ci": "fp",
}  # fmt: skip
ENDINGS = (
    (("ées", "ies", "ues", "tes", "ses"), "fp"), (("ée", "ie", "ue", "te", "se"), "fs"),
    (("és", "us", "ts"), "mp"), (("is",), "m "),
)  # fmt: skip
OBJECTS = frozenset(["le", "la", "l'", "les", "lui", "leur"])
COMPOUND = frozenset(["lequel", "laquelle", "lesquels", "lesquelles"])
COUNTED = {"quantity": " p", "amount": "mp"}  # « 280 ménages », « 459 M€ » as the noun a participle is about
UNKNOWN = "??"  # agrees with nothing: a person's gender is not guessed
LONGEST = 16  # tokens of a noun phrase that a reader still takes for one
FARTHEST = 2 * LONGEST


class Span(NamedTuple):
    """Tokens of a sentence, first and last. ``agrees``: gender and number of its determiner, blank where unknown."""

    first: int
    last: int
    agrees: str = "  "


class Subject(NamedTuple):
    """What a sentence is about: its block, its place on the page, gender and number."""

    page: int
    line: int
    start: int
    end: int
    agrees: str


def word(token: Token) -> str:
    """A token's text, nothing for a name."""
    return "" if token.mention else token.text


def can_agree(one: str, other: str) -> bool:
    """Whether two genders and numbers agree, as far as they are known."""
    return all(a == b or " " in (a, b) for a, b in zip(one, other, strict=True))


def agreement(parsed: Parsed, clause: Clause) -> str:
    """Gender and number that a participle shows (« créées »: ``fp``), or the verb after « qui »."""
    if clause.kind == "relative":
        if clause.finite is None or parsed.sentence.tokens[clause.tokens[0]].text != "qui":
            return "  "
        return " p" if parsed.sentence.tokens[clause.finite].text.endswith("nt") else " s"
    index = next((i for i, form in clause.verbs.items() if form.tense == "participle"), None)
    text = parsed.sentence.tokens[index].text if index is not None else ""
    return next((shown for endings, shown in ENDINGS if text.endswith(endings)), "ms" if text else "  ")


def noun_before(parsed: Parsed, clause: Clause) -> Span | None:
    """The noun phrase an embedded clause is about, ``None`` where no noun stands before it."""
    tokens, agrees = parsed.sentence.tokens, agreement(parsed, clause)
    ends, leads, joins = word_list("noun_ends"), word_list("leads_in"), word_list("joins") | word_list("of")
    end = clause.tokens[0] - 1
    while end >= 0 and tokens[end].text in (",", "(", "–", "—"):
        end -= 1
    if end > 0 and tokens[end + 1].text in COMPOUND and tokens[end].text in leads | joins:
        end -= 1  # « la délibération par laquelle … »
    verbs = {i for other in parsed.clauses for i in other.verbs if other is not clause}
    found: list[Span] = []
    i = start = end
    while i >= 0 and end - i < FARTHEST:
        text, named = word(tokens[i]), tokens[i].mention
        if text == ")":
            i = bracket(parsed, i) - 1
            continue
        if named is not None and named.kind == "date" and i < end:
            break
        if i in verbs or text in ends | leads:
            if i in verbs or not _goes_on(tokens, i, start, agrees):
                break
        else:
            if text in DETERMINERS:
                found.append(Span(i, end, DETERMINERS[text]))
            elif text not in joins:
                found.append(Span(i, end, COUNTED.get(named.kind if named else "", "  ")))
            start = i
            if text in DETERMINERS and text not in joins and i and word(tokens[i - 1]) not in joins | {",", "et"}:
                break  # another noun phrase ends before this one
        i -= 1
    beside = parsed.clause_at(end) if end >= 0 else clause
    if not found and beside.kind == "participle" and beside.tokens[0] < clause.tokens[0]:
        return noun_before(parsed, beside)  # « la convention signée en mai, modifiée par … »
    fitting = [s for s in found if can_agree(s.agrees, agrees) and _begins(tokens, s)]
    return fitting[-1] if fitting else None


def _begins(tokens: tuple[Token, ...], span: Span) -> bool:
    """Whether a noun phrase begins here: not inside « la longue liste », not at the noun of « faire l'objet de »."""
    before = tokens[span.first - 1] if span.first else None
    bare = word(tokens[span.first]) not in DETERMINERS
    inside = (
        bare and before is not None and (word(before) in DETERMINERS or (word(before).isalpha() and not _small(before)))
    )
    head = next((tokens[i] for i in range(span.first, span.last + 1) if word(tokens[i]) not in DETERMINERS), None)
    return not inside and head is not None and word(head) not in word_list("idle_nouns")


def _small(token: Token) -> bool:
    """A preposition, a conjunction or another word that a noun may begin after; a verb counts as one."""
    small = word_list("joins") | word_list("of") | word_list("noun_ends") | word_list("leads_in") | word_list("clitics")
    return token.text in small or token.text in lexis().forms


def _goes_on(tokens: tuple[Token, ...], i: int, start: int, agrees: str) -> bool:
    """Past « et » for a plural or a second adjective; past a comma where what follows only renames or places what stands
    before (« le sigle X, celui de … », « le quartier Y, à Lens, »).
    """
    if i == 0 or start == i or word(tokens[i]) not in (",", "et"):
        return False
    first = word(tokens[start])
    renames = first.isalpha() and first not in DETERMINERS
    if tokens[i].text == "et":
        return agrees[1] == "p" or (renames and word(tokens[i - 1]).isalpha())
    if tokens[i - 1].text == ")" and any((m := t.mention) and m.kind == "date" for t in tokens[i - 4 : i]):
        return False  # « étude (1978), subvention … »: a dated item of a list ends
    placed = first in ("à", "en") and any(token.text == "," for token in tokens[start + 1 : start + 4])
    return placed or (renames and first not in word_list("joins"))


def bracket(parsed: Parsed, i: int) -> int:
    """Where the bracket that closes at token ``i`` opens."""
    while i > 0 and parsed.sentence.tokens[i].text != "(":
        i -= 1
    return i


def subject_of(parsed: Parsed, clause: Clause) -> Span | None:
    """The noun phrase before a clause's finite verb, or its pronoun; ``None`` where none stands in the clause."""
    if clause.finite is None:
        return None
    tokens, own, edges = parsed.sentence.tokens, set(clause.tokens), word_list("edges")
    end = before_clitics(parsed, clause.finite) - 1
    while end >= 0 and (end not in own or word(tokens[end]) in edges or tokens[end].text == ")"):
        end = bracket(parsed, end) - 1 if tokens[end].text == ")" else end - 1
    first = end
    while (
        first > 0
        and first - 1 in own
        and (word(tokens[first - 1]) not in edges - {"et"} or _listed_before(tokens, first))
    ):
        first -= 1
    if end < 0 or first > end or ((m := tokens[end].mention) and m.kind == "date"):
        return None
    return trimmed(parsed, Span(first, end))


def _listed_before(tokens: tuple[Token, ...], first: int) -> bool:
    """« les ensembles X, Y et Z »: a comma between names goes on with the list."""
    return tokens[first].mention is not None and first > 1 and tokens[first - 2].mention is not None


def trimmed(parsed: Parsed, noun: Span) -> Span | None:
    """A noun phrase without what only leads in (« en 2005, »); ``None`` for what is none, or too long for a label."""
    tokens, first, last = parsed.sentence.tokens, noun.first, noun.last
    while first < last and (
        word(tokens[first]) in word_list("edges") or ((m := tokens[first].mention) and m.kind == "date")
    ):
        first += 1
    while last > first and (
        word(tokens[last]) in word_list("edges") or (word(tokens[last]).endswith("ment") and last - first > 1)
    ):
        last -= 1
    led = word(tokens[first]) in word_list("joins") | word_list("leads_in") | word_list("of") - {"des"}
    named = any(token.mention or len(token.text) > 2 for token in tokens[first : last + 1])
    if led or not named or last - first > LONGEST:
        return None
    shown = next((DETERMINERS[w] for i in range(first, last + 1) if (w := word(tokens[i])) in DETERMINERS), "  ")
    return Span(first, last, shown)


def before_clitics(parsed: Parsed, verb: int) -> int:
    """Index of a verb, or of the first of the small words right before it (« ne », « se », « y »)."""
    while verb > 0 and word(parsed.sentence.tokens[verb - 1]) in word_list("clitics"):
        verb -= 1
    return verb


def carried(parsed: Parsed, earlier: Subject | None) -> Subject | None:
    """What a sentence leaves for a pronoun of the next one: the subject of its last clause, else the earlier one; nothing
    where that clause also holds an object pronoun, since either may be meant.
    """
    sentence = parsed.sentence
    here = (sentence.page, sentence.line)
    kept = earlier if earlier and (earlier.page, earlier.line) == here else None
    clauses = [c for c in parsed.clauses if c.kind in ("main", "complement") and c.finite is not None]
    nouns = [found for c in reversed(clauses) if (found := subject_of(parsed, c))]
    own = [noun for noun in nouns if word(sentence.tokens[noun.first]) not in word_list("possessives")]
    noun = own[0] if own else None
    if noun is None or word(sentence.tokens[noun.first]) in PRONOUNS:
        return kept
    if word(sentence.tokens[noun.first]) in word_list("nobody"):
        return None
    verb = clauses[-1].finite or 0
    if any(word(sentence.tokens[i]) in OBJECTS for i in range(before_clitics(parsed, verb), verb)):
        return None
    person = any((m := t.mention) and m.kind == "person" for t in sentence.tokens[noun.first : noun.last + 1])
    agrees = UNKNOWN if person and noun.agrees == "  " else noun.agrees
    return Subject(*here, sentence.tokens[noun.first].start, sentence.tokens[noun.last].end, agrees)
