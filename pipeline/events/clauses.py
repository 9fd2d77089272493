"""Clauses of a sentence: which verb, which subject and which names go with which date.

Why: « Le dossier, déposé par la Ville le 14 mai, a reçu l'avis du comité le 30 juin » tells two events with different
participants. Nearness of words would mix them; a full parse would cost the room its whole time.
Idea: one pass over the tokens. Signs, relative pronouns, conjunctions before a verb and bare participles open a clause; a
finite verb that its own clause cannot take closes the embedded ones and goes back to the clause still waiting for a verb.
Limits: a participle is known by the tables or, after a comma, by its ending; clauses nested more than two deep may be cut
at the wrong place, which costs a participant rather than the event.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from pipeline.records import Mention

from .lexis import Lexis
from .line import BREAKS, Line
from .morphology import auxiliary_before
from .text import Sentence
from .verbs import FINITE, Form

ClauseKind = Literal["main", "relative", "participle", "complement", "subordinate"]


@dataclass(slots=True, eq=False)
class Clause:
    """Tokens by index, in order. ``verbs``: index -> form. ``shares`` is the clause whose subject this one takes over.

    ``number``: its place among those of its sentence; ``finite``: index of the first finite verb.
    """

    number: int
    kind: ClauseKind
    parent: Clause | None = None
    shares: Clause | None = None
    tokens: list[int] = field(default_factory=list)
    verbs: dict[int, Form] = field(default_factory=dict)
    finite: int | None = None

    def add_verb(self, index: int, form: Form) -> None:
        """Note a verb; they come in order."""
        self.verbs[index] = form
        if self.finite is None and form.tense in FINITE:
            self.finite = index


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parsed:
    """A sentence with its clauses in the order they open, and for each token the clause it belongs to.

    ``finite``: whether any has a finite verb.
    """

    sentence: Sentence
    clauses: tuple[Clause, ...]
    owner: tuple[int, ...]
    finite: bool

    def clause_at(self, index: int) -> Clause:
        """The clause a token belongs to."""
        return self.clauses[self.owner[index]]

    def mentions(self, clause: Clause, start: int = 0, end: int | None = None) -> list[Mention]:
        """Mentions among a clause's tokens, from token index ``start`` to ``end`` (excluded)."""
        tokens = self.sentence.tokens
        stop = len(tokens) if end is None else end
        return [m for i in clause.tokens if start <= i < stop and (m := tokens[i].mention)]


class _Reader(Line):
    """The pass over one sentence: the open clause, the clauses so far, and what opened last."""

    def __init__(self, sentence: Sentence, lexis: Lexis) -> None:
        super().__init__(sentence, lexis)
        self.current = Clause(0, "main")
        self.clauses = [self.current]
        self.owner: list[int] = []
        self.returns: list[Clause] = []
        self.quoted = False
        self.list_end = 0

    def open(self, kind: ClauseKind, parent: Clause | None = None, shares: Clause | None = None) -> None:
        """Open a clause and make it the current one."""
        self.current = Clause(len(self.clauses), kind, parent=parent, shares=shares)
        self.clauses.append(self.current)

    def waiting(self) -> Clause | None:
        """The nearest clause around the current one that still has no finite verb and may take one."""
        clause: Clause | None = self.current
        while clause and (clause.kind == "participle" or clause.finite is not None):
            clause = clause.parent
        return clause

    def _shared_auxiliary(self, i: int) -> bool:
        """« a été examiné le 9 février et validé le 13 mars »: a second participle under one auxiliary, dated apart."""
        if self.current.kind == "participle" or not self.opens_participle(i + 1, loose=False):
            return False
        done = [j for j, form in self.current.verbs.items() if form.tense == "participle" and form.lemma != "être"]
        between = [self.tokens[j].mention for j in range(done[-1], i)] if done else []
        return self.current.finite is not None and any(m is not None and m.kind == "date" for m in between)

    def _verb_after_aside(self, i: int) -> bool:
        """« et la démolition, confiée à X, aura lieu »: a noun, an aside between commas, then its verb."""
        signs = [j for j in range(i, len(self.tokens)) if self.text(j) in BREAKS and self.text(j)]
        if len(signs) < 2 or self.text(signs[0]) != "," or not self.opens_participle(signs[0] + 1, loose=True):
            return False
        return any(self.verb_first(j + 1) for j in signs[1:3])

    def after_sign(self, sign: str, i: int) -> None:
        """Decide what the segment that begins at ``i``, after a comma or another sign, belongs to."""
        word = self.text(i)
        if self._after_having(i):
            self.open("participle", parent=self.current)
        elif self._left_to_word(i) or self._auxiliary_waits():
            return
        elif sign == ";":
            self.open("main")
        elif sign == "," and (end := self._list_end(i - 1)) > i:
            self.list_end = end
        elif self.opens_participle(i, loose=True):
            self.open("participle", parent=self._antecedent_clause(i))
        elif self._absolute(i):
            self.open("participle", parent=self.current)
        elif self.verb_first(i):
            self.back_to_verb()
        elif self.verb_ahead(i) and word not in self.lexis.words["coordination"]:
            waiting = self.waiting()
            if waiting is not None:
                self.current = waiting
            elif self.current.kind != "complement" or self.current.finite is not None:
                self.open("main")
        elif sign == ":" and (self.current.finite is not None or self._described(i)):
            self.open("main")

    def _left_to_word(self, i: int) -> bool:
        """Whether the word itself opens its clause: a relative, a conjunction."""
        word, words = self.text(i), self.lexis.words
        if word in words["relative"] or word in words["subordinate"]:
            return True
        return word in ("que", "qu'") and self.relative_que(i)

    def _after_having(self, i: int) -> bool:
        """« , après en avoir délibéré, »: what was done before the verb that is waited for."""
        return self.text(i) == "après" and "avoir" in (self.text(i + 1), self.text(i + 2))

    def _auxiliary_waits(self) -> bool:
        """« Le conseil avait, dans sa séance du 14 novembre, approuvé … »: an aside between auxiliary and participle."""
        verbs = self.current.verbs
        last = max(verbs, default=-1)
        aside = last >= 0 and verbs[last].lemma in ("avoir", "être") and self.text(last + 1) == ","
        return aside and verbs[last].tense in FINITE

    def _list_end(self, i: int) -> int:
        """« que nous avons conclu avec l'État, la Région et la Caisse permet … »: the list's end, before a verb not its own.

        Its own would be plural, as in « selon la convention signée par l'État, la Région et la Caisse financent … ».
        """
        waiting, before = self.waiting(), self.tokens[i - 1].mention
        embedded = self.current.kind in ("relative", "participle") and bool(self.current.verbs)
        if not embedded or waiting is None or before is None or before.kind != "body":
            return i
        words = [self.text(i)]
        for j in range(i + 1, len(self.tokens)):
            mention = self.tokens[j].mention
            if mention is None and self.finite(j):
                several = self.text(waiting.tokens[0]) in self.lexis.words["plural"] if waiting.tokens else False
                theirs = self.text(j).endswith("nt") and not several
                return j if "et" in words and self.tokens[j - 1].mention is not None and not theirs else i
            listed = self.text(j) in self.lexis.words["between_bodies"] if mention is None else mention.kind == "body"
            if not listed:
                return i
            words.append(self.text(j))
        return i

    def _described(self, i: int) -> bool:
        """« Opération financée par l'Office : concours jugé en … »: no verb before the colon, and no mere value after it."""
        named = self.tokens[i].mention is None and any(self.tokens[j].mention for j in self.current.tokens)
        return self.current.kind == "participle" and named and all(clause.finite is None for clause in self.clauses)

    def _absolute(self, i: int) -> bool:
        """« …, le préfet l'ayant retirée le 2 février »: a subject of its own, then « ayant » or « étant »."""
        for j in range(i, min(i + 10, len(self.tokens))):
            if self.text(j) in ("ayant", "étant"):
                return j > i and self.opens_participle(j + 1, loose=False)
            if (self.text(j) and self.text(j) in BREAKS) or self.finite(j):
                return False
        return False

    def _antecedent_clause(self, i: int) -> Clause:
        """Whose noun a participle after a comma goes with: that just before, unless it is a sum, a number or a date."""
        before = (self.tokens[j] for j in range(i - 1, -1, -1))
        last = next((token.mention for token in before if token.mention or token.text not in BREAKS), None)
        bare = last is None or last.kind in ("amount", "quantity", "date", "law")
        if self.current.kind == "participle" and self.current.parent and bare:
            return self.current.parent
        return self.current

    def back_to_verb(self) -> None:
        """A finite verb the current clause cannot take: the clause that waits for one takes it, or a new one shares."""
        waiting = self.waiting()
        if waiting is not None:
            self.current = waiting
            return
        clause = self.current
        while clause.kind == "participle" and clause.parent:
            clause = clause.parent
        self.open(clause.kind, parent=clause.parent, shares=clause)

    def word(self, i: int) -> None:
        """Open a clause before a word that calls for one."""
        word, words = self.text(i), self.lexis.words
        if i < self.list_end:
            return
        if (word in words["relative"] and self.real_relative(i)) or (word in ("que", "qu'") and self.relative_que(i)):
            self.open("subordinate" if self.pointed(i) else "relative", parent=self.current)
        elif word in ("que", "qu'") and self.after_reporting(i):
            self.open("complement")
        elif word in words["subordinate"] and (
            word in ("quand", "lorsque", "lorsqu'") or self.text(i + 1) in ("que", "qu'")
        ):
            self.open("subordinate", parent=self.current)
        elif word in words["coordination"] and i + 1 < len(self.tokens):
            self.coordination(i)
        elif (self.finite(i) or word in ("ne", "n'", "se", "s'")) and self.verb_first(i) and self._unexpected():
            self.back_to_verb()
        elif self._reduced(i):
            self.open("participle", parent=self.current)

    def _closes(self, i: int) -> bool:
        """Whether the quotation that opens at ``i`` ends inside the sentence: a title, and no speech that goes on."""
        signs = [j for j in range(i + 1, len(self.words)) if self.words[j] in ("«", "»")]
        return bool(signs) and self.words[signs[0]] == "»" and not (i == 0 and signs[0] >= len(self.words) - 2)

    def coordination(self, i: int) -> None:
        """« et », « mais »… before a verb or a participle."""
        if (end := self._list_end(i)) > i:
            self.list_end = end
            return
        if self.opens_participle(i + 1, loose=False) and self.current.kind == "participle":
            self.open("participle", parent=self.current.parent, shares=self.current)
        elif self._shared_auxiliary(i):
            self.open(self.current.kind, parent=self.current.parent, shares=self.current)
        elif self._gap(i):
            self.open("main")
        elif self.current.finite is not None and (self.verb_ahead(i + 1) or self._verb_after_aside(i + 1)):
            if self.verb_first(i + 1):
                self.open(self.current.kind, parent=self.current.parent, shares=self.current)
            else:
                self.open("complement" if self.current.kind == "complement" else "main")
        elif self.current.kind == "participle" and self.verb_first(i + 1):
            self.back_to_verb()

    def _gap(self, i: int) -> bool:
        """« a ajouté 600 000 F le 9 février, et la Caisse 450 000 F »: a giver and a sum, the verb understood."""
        named = [j for j in range(i + 1, min(i + 4, len(self.tokens))) if self.tokens[j].mention]
        if self.text(i - 1) != "," or self.current.finite is None or not named or named[0] + 1 >= len(self.tokens):
            return False
        giver, given = self.tokens[named[0]].mention, self.tokens[named[0] + 1].mention
        paid = any((m := self.tokens[j].mention) and m.kind == "amount" for j in self.current.tokens)
        return paid and giver is not None and giver.kind == "body" and given is not None and given.kind == "amount"

    def _unexpected(self) -> bool:
        """A finite verb where the clause is a participle's, or has its verb already."""
        if self.current.kind == "participle":
            return bool(self.current.verbs)
        return self.current.kind == "relative" and self.current.finite is not None and self.waiting() is not None

    def _reduced(self, i: int) -> bool:
        """A bare participle after a noun: « la convention signée le … »."""
        form = self.forms[i]
        if form is None or form.tense != "participle" or i == 0 or auxiliary_before(self.tokens, i, self.lexis):
            return False
        if self.current.kind == "participle" and not self.current.verbs:
            return False
        if form.lemma in self.lexis.verbs["epithet"]:
            return False
        previous = self.tokens[i - 1]
        if previous.mention:
            return True
        if i == 1 and previous.text == "-":
            return False
        return (previous.text[0].isalpha() or previous.text == ")") and previous.text not in self.lexis.words[
            "coordination"
        ]

    def read(self) -> Parsed:
        """Run over the tokens."""
        pending = ""
        start = 1 if self.text(0) == "-" else 0
        calling = self.lexis.calling  # most words neither call for a clause nor are a verb
        opener = self.text(start) in self.lexis.words["openers"]
        if opener or (self.opens_participle(start, loose=True) and self.text(start) != "fait"):
            self.open("participle", parent=self.clauses[0])
        for i, word in enumerate(self.words):
            if word in ("«", "»"):
                self.quoted = word == "«" and self._closes(i)
            elif word == "(":
                self.returns.append(self.current)
            elif word == ")" and self.returns:
                self.current = self.returns.pop()
            elif word in BREAKS and word and not self.quoted:
                pending = word
            elif not self.quoted:
                if pending and i >= self.list_end:
                    self.after_sign(pending, i)
                if (word in calling or self.forms[i]) and (self.current.tokens or self.current.kind != "participle"):
                    self.word(i)
                pending = ""
            self.current.tokens.append(i)
            form = self.forms[i]
            if form is not None and not self.quoted:
                self.current.add_verb(i, form)
            self.owner.append(self.current.number)
        finite = any(clause.finite is not None for clause in self.clauses)
        return Parsed(sentence=self.sentence, clauses=tuple(self.clauses), owner=tuple(self.owner), finite=finite)


def parse(sentence: Sentence, lexis: Lexis) -> Parsed:
    """Clauses of one sentence."""
    return _Reader(sentence, lexis).read()
