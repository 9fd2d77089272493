"""A sentence as a line of words that may be asked: is there a verb here, a participle, a « que » that opens a clause?

Why: where a clause ends is decided by what stands before and after; those looks around are the same for every decision.
Idea: words and their verb readings side by side, and questions that only look, and change nothing.
Limits: a noun before « que » is known by its article alone.
"""

from __future__ import annotations

import re

from .lexis import Lexis
from .morphology import reading
from .text import Sentence
from .verbs import FINITE

GENERIC_PARTICIPLE = re.compile(r"\w{3,}(?:é|ée|és|ées)$")
BREAKS = frozenset(",;:–—")


class Line:
    """Tokens of a sentence, their plain words (nothing for a name) and what each is as a verb, if it is one."""

    def __init__(self, sentence: Sentence, lexis: Lexis) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.lexis = lexis
        self.words = [token.text if token.mention is None else "" for token in self.tokens]
        self.forms = [
            reading(self.tokens, i, lexis) if word in lexis.forms else None for i, word in enumerate(self.words)
        ]

    def finite(self, i: int) -> bool:
        """Whether token ``i`` is a finite verb (or an auxiliary)."""
        form = self.forms[i]
        return form is not None and form.tense in FINITE

    def text(self, i: int) -> str:
        """Plain text of a token; nothing for a mention or past the end."""
        return self.words[i] if i < len(self.words) else ""

    def skip(self, i: int, words: frozenset[str]) -> int:
        """First token from ``i`` on that is none of ``words``."""
        while i < len(self.tokens) and self.text(i) in words:
            i += 1
        return i

    def verb_first(self, i: int) -> bool:
        """Whether a finite verb stands at ``i``, after its clitics."""
        first = self.skip(i, self.lexis.words["clitics"])
        return first < len(self.tokens) and self.finite(first)

    def opens_participle(self, i: int, loose: bool) -> bool:
        """Whether a participle (after adverbs) stands at ``i``; ``loose``: also one known only by its ending."""
        j = self.skip(i, self.lexis.words["adverbs"])
        if j >= len(self.tokens) or self.tokens[j].mention:
            return False
        form = self.forms[j]
        if form is not None:
            return form.tense == "participle" and form.lemma != "être"
        known = self.text(j) in self.lexis.forms
        return loose and not known and GENERIC_PARTICIPLE.match(self.text(j)) is not None

    def verb_ahead(self, i: int) -> bool:
        """Whether a finite verb comes before the segment that starts at ``i`` ends; parentheses are skipped."""
        depth = 0
        for j in range(i, len(self.tokens)):
            word = self.text(j)
            depth += (word == "(") - (word == ")")
            opens = word in self.lexis.words["relative"] or (word in ("que", "qu'") and self.relative_que(j))
            if depth < 0 or (depth == 0 and (word in BREAKS or opens)):
                return False
            if depth == 0 and word in self.lexis.words["coordination"] and self.verb_first(j + 1):
                return False  # « , l'association X et mourut … »: the verb goes on with the subject before the comma
            if depth == 0 and self.finite(j):
                return True
        return False

    def real_relative(self, i: int) -> bool:
        """« dont 395 k€ par l'Acsé » and « dont la CNL » have no verb: they open nothing."""
        if self.text(i) != "dont":
            return True
        following = self.tokens[i + 1].mention if i + 1 < len(self.tokens) else None
        if following and following.kind in ("amount", "quantity"):
            return self.verb_first(i + 2)
        named = next((j for j in range(i + 1, min(i + 4, len(self.tokens))) if self.tokens[j].mention), None)
        if named is not None and (self.text(named + 1) in (",", "et", ")", ";", ".") or named + 1 >= len(self.tokens)):
            return False
        stop = next((j for j in range(i, len(self.tokens)) if self.text(j) == ";"), len(self.tokens))
        return any(self.finite(j) for j in range(i, stop))

    def relative_que(self, i: int) -> bool:
        """« que » after a name or a noun, not the « que » of « ne … que » nor of a saying verb."""
        if i == 0 or self.after_reporting(i):
            return False
        if any(self.text(j) in ("ne", "n'") and not self._negates(j, i) for j in range(max(0, i - 8), i)):
            return False
        if self.pointed(i):
            return True
        previous = self.tokens[i - 1]
        named = previous.mention is not None and previous.mention.kind != "date"
        return previous.text == "," or named or self._noun_que(i)

    def _negates(self, first: int, end: int) -> bool:
        """« ne prendre aucune décision avant la réunion que … »: « ne » has its word already, and « que » restricts nothing."""
        return any(self.text(j) in self.lexis.words["negative"] for j in range(first, end))

    def _noun_que(self, i: int) -> bool:
        """« la réunion que le préfet tiendra », « un local que la commune ne possède pas »: a noun, then its clause."""
        noun = self.words[i - 1]
        words = self.lexis.words
        led = i > 1 and self.words[i - 2] in words["determiners"] | words["articles"]
        return bool(noun) and noun.isalpha() and led and self.forms[i - 1] is None and self.verb_ahead(i + 1)

    def pointed(self, i: int) -> bool:
        """« C'est le 4 mai 2005 que … »."""
        previous = self.tokens[i - 1].mention if i else None
        dated = previous is not None and previous.kind == "date"
        return dated and self.text(i) in ("que", "qu'") and any(self.text(j) == "c'" for j in range(max(0, i - 6), i))

    def after_reporting(self, i: int) -> bool:
        """Whether a verb of saying stands just before."""
        reporting = self.lexis.verbs["reporting"]
        return any(
            self.text(j) == "considérant" or ((form := self.forms[j]) is not None and form.lemma in reporting)
            for j in range(max(0, i - 5), i)
        )
