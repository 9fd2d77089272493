"""A substitution table as a puzzle: signs, the meanings they may have, and the words that must become French.

Why: accents, ligatures and whole alphabets are the same question, asked of different signs with different meanings.
Idea: a word brings to a table the nats by which it becomes likelier French, and nothing where it is better left alone.
Each sign takes its best meaning in turn, the surest first and no meaning twice, until nothing improves (coordinate
ascent); signs that stand alone are settled by their neighbours (``solve_alone``).
Limits: one meaning a sign; figures in nats are set by hand, on damaged French public prose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

from pipeline import lexicon
from pipeline.repair.likelihood import FEMININE, SOUND, French
from pipeline.repair.solve_alone import MEANINGS, settle

_SWITCH = 2.0  # nats: what it costs to hold a word for broken
_CAPITALS = frozenset("ÉÀÈÊÇŒÂÎÔÛÏË")
_CAPITAL = 2.0  # nats: accented capitals are ten times rarer than their small letters
_MISPLACED = 7.0  # nats: a mark where French never puts it
_LEAST_GAIN = 25.0  # nats over the whole text, below which there is no table
_LEAST_KNOWN = 0.75  # share of the mended words French must know
_LEAST_WORDS = 3  # different words a table must mend
_LEAST_PLAIN = 2  # words that are enough where all are known,
_PLAIN_SHARE = 4  # or so many to each that is not
_NAME = 1.0  # nats a table can bring to what may be a foreign name
_SIGN_GAIN = 4.0  # nats a sign must bring, and nats between its best meaning and the next
_SIGN_MARGIN = 1.0
_LEAST_SHARING = 2  # different words that call for another meaning of a sign
_TELLING = 3.0  # nats between a word's two readings for it to tell which run it is in
_ALONE = {
    "à": -3.9,
    "«": -5.3,
    "»": -5.3,
    "–": -5.8,
    "“": -7.0,
    "”": -7.0,
    "…": -9.0,
    "’": -14.0,
    "‘": -14.0,
    "ô": -9.0,
}
_OUT_OF_PLACE = re.compile(
    r"\w[«“‘]|[«“‘]$(?<=..)|[»”…](?=\w)|^[…”](?=.)|\w–|–\w|-[«»“”–…]|[«»“”–…]-"
    r"|(?<![cdjlmnstuCDJLMNSTU])’|’(?![aeiouyhéèêàâîôœAEIOUYHÉÈÊÀÂÎÔŒ\d])"
    r"|(?<![nN\d])°|\u00a0(?![:;!?»%€\d])(?<![«°\d]\u00a0)|^\u00a0|\u00a0$"
)
_FELLOWS = {"”": "“", "“": "”", "‘": "’", "»": "«"}  # marks that cling to a word only if their fellow does
_PLACED = frozenset("’‘«»“”–…°•·§€½²³=+*\u00a0")  # signs that have their place
_ASCII_LETTER = re.compile("[A-Za-z0-9]")
_PARTED = re.compile("[^\\W\\d_]\u00a0[^\\W\\d_]|^\u00a0|\u00a0$")
_LONGEST = 50  # signs of a word; a longer row of them is none
_FIRST_LOOK = 12  # words every meaning of a sign is weighed on
_MOST_RIVALS = 8  # meanings then weighed on all its words
_COMMON = 3.0  # zipf score of words that speak for themselves; rarer ones may be broken
_NEVER = -999.0
_HOLE = "\x00"  # stands for the sign being weighed
_ODD_INSIDE = re.compile(rf"(?<=[^\W\d_])(?:[•§€½²³°=+*…“”«»–]|·(?!{FEMININE}))(?=[^\W\d_])")
_BITTEN = re.compile(r"[^\W\d_][^\w\s’'.-][^\W\d_]")  # a sign between letters, other than those of sound words
_CAPITALISED = re.compile("[A-ZÀ-Þ][a-zà-ÿ]")
_SMALL_NAME = re.compile(r"(?:^|’)[à-ÿœ]\w*(?:-\w+)*-[A-ZÀ-Þ][a-zà-ÿ]")  # « île-de-France »
_COMPOUND_NAME = re.compile(r"(?:^|’)[À-ÞŒ]\w*(?:-\w+)*-[A-ZÀ-Þ][a-zà-ÿ]")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])[À-ÞŒ](?=[a-z]|$)")
_CAMEL = re.compile(r"(?<=[^\W\dA-Z_])(?=[A-Z][^\W\dA-Z_])")  # idCondition
_DEGREE = re.compile(r"\b[nN]°|\d°")


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """A table from what is read to what was meant, and how sure it is, 0 to 1; ``others``: what else a sign may mean."""

    mapping: Mapping[str, str]
    confidence: float
    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _like_a_name(word: str) -> bool:
    """Whether a word is capitalised and all its signs are French: if no reading is a word, it may well be a name."""
    return _CAPITALISED.search(word) is not None and SOUND.issuperset(word)


def _core(word: str) -> str:
    """A word without the punctuation around it."""
    return word.strip(".,;:()")


class Puzzle:
    """The words that hold a sign, what each is worth as it stands, and the table found so far.

    ``settled``: signs whose meaning is known beforehand.
    """

    def __init__(
        self,
        words: Mapping[str, int],
        signs: Sequence[str],
        meanings: Sequence[str],
        settled: Mapping[str, str] | None = None,
        most_words: int = 60,
    ) -> None:
        self.french = French({})
        self.scores: dict[str, float] = {}
        self.meanings = meanings
        self.settled = dict(settled or {})
        self.table = dict(self.settled)
        self.holding: dict[str, list[str]] = {sign: [] for sign in signs}
        self.weight: dict[str, float] = {}
        for word, count in sorted(words.items(), key=lambda item: (-item[1], item[0])):
            here = set(word) & self.holding.keys() if len(word) <= _LONGEST else set()
            if here:
                self.weight[word] = sqrt(count)
            if here and not self._sound(word):
                for sign in here:
                    if len(self.holding[sign]) < most_words:
                        self.holding[sign].append(word)
        self.plain = {word: max(self._score(word), self._text(word)) for word in self.weight}
        self.values: dict[str, dict[str, float]] = {}
        self.alone: dict[str, str] = {}
        # Meanings a sign may not have: none that begins words is a small letter for its own capital (« É » for « é »).
        first = {piece[0] for word in self.weight for piece in lexicon.WORD.findall(word)}
        self.barred = {sign: frozenset({sign.lower()}) for sign in first.intersection(signs) if sign.isupper()}
        self.others: dict[str, tuple[str, ...]] = {}

    def _sound(self, word: str) -> bool:
        """Whether the word is common French as it stands, so that it speaks for no table."""
        if len(_core(word)) < 2 or not SOUND.issuperset(word) or _BITTEN.search(word):
            return False
        pieces = [piece for piece in lexicon.WORD.findall(word) if len(piece) > 1]
        if _CAPITAL_INSIDE.search(word):
            return False  # « aprÈs »
        return bool(pieces) and all(lexicon.zipf(piece) >= _COMMON for piece in pieces)

    def _score(self, word: str) -> float:
        score = self.scores.get(word)
        if score is None:
            score = self.scores[word] = self._judge(word)
        return score

    def _judge(self, word: str) -> float:
        """French likelihood of a reading, less what signs out of place and accented capitals cost."""
        alone = _ALONE.get(word)
        if alone is not None:
            return alone
        capitals = 0.0
        if not (_CAPITALS.isdisjoint(word) or word.isupper()):
            capitals = float(sum(char in _CAPITALS for char in word))
        if "-" in word:
            capitals += (_SMALL_NAME.search(word) is not None) - (_COMPOUND_NAME.search(word) is not None)
        if _PLACED.isdisjoint(word):
            return self.french.text(word) - _CAPITAL * capitals
        if _PARTED.search(word):
            return _NEVER
        degrees = 4.0 * len(_DEGREE.findall(word)) if "°" in word else 0.0
        return degrees + self._text(word) - _MISPLACED * len(_OUT_OF_PLACE.findall(word)) - _CAPITAL * capitals

    def _text(self, word: str) -> float:
        """French likelihood, less what signs between letters that never stand there cost."""
        return self.french.text(word) - _MISPLACED * len(_ODD_INSIDE.findall(word))

    def _gain(self, word: str, table: Mapping[str, str]) -> float:
        """Nats a table brings to one word, never less than none: the word may be sound."""
        return self._brings(word, "".join(table.get(char, char) for char in word))

    def _brings(self, word: str, read: str) -> float:
        if read == word:
            return 0.0
        gain = self._score(read) - self.plain[word] - _SWITCH
        if gain > _NAME and _like_a_name(word) and not all(map(self.french.known, lexicon.WORD.findall(read))):
            return _NAME
        return max(0.0, gain)

    def _total(self, sign: str, table: Mapping[str, str]) -> float:
        letters = str.maketrans(dict(table))
        return sum(self.weight[word] * self._brings(word, word.translate(letters)) for word in self.holding[sign])

    def _totals(self, sign: str, others: Mapping[str, str]) -> dict[str, float]:
        """The total of each meaning of one sign, the others read as ``others`` says."""
        letters = str.maketrans({**others, sign: _HOLE})
        held = [(word, self.weight[word], word.translate(letters)) for word in self.holding[sign]]
        barred = self.barred.get(sign, frozenset())
        totals = dict.fromkeys((m for m in self.meanings if m != sign and m not in barred), 0.0)
        meanings = list(totals)
        for part in (held[:_FIRST_LOOK], held[_FIRST_LOOK:]):
            for meaning in meanings:
                totals[meaning] += sum(
                    w * self._brings(word, gapped.replace(_HOLE, meaning)) for word, w, gapped in part
                )
            meanings = sorted(meanings, key=lambda meaning: -totals[meaning])[:_MOST_RIVALS]
        return totals

    def climb(self, rounds: int = 4) -> None:
        """Give each sign its best meaning, the surest sign first, no meaning twice, until nothing changes.

        Quotation marks that close what nothing opened are then weighed again as anything else.
        """
        order = sorted(self.holding, key=lambda sign: (-sum(self.weight[w] for w in self.holding[sign]), sign))
        for _ in range(rounds):
            before = dict(self.table)
            order = self._round(order, order)
            if self.table == before:
                break
        for _ in _FELLOWS:
            self._bar_lonely()
            lonely = [sign for sign in order if self.table.get(sign) in self.barred.get(sign, ())]
            if not lonely:
                return
            order = self._round(order, lonely)

    def _round(self, order: Sequence[str], weighed: Iterable[str]) -> list[str]:
        """Weigh some signs, and deal the meanings anew; gives the order in which they were dealt."""
        for sign in weighed:
            self.values[sign] = self._weigh(sign)
        order = sorted(order, key=lambda sign: (-max(self.values[sign].values()), sign))
        self.table = self._deal(order)
        return order

    def _bar_lonely(self) -> None:
        """Let no sign be a quotation mark that clings to a word, where its fellow clings to none."""
        cores = [core for word in self.weight if len(core := _core(word)) > 1]
        read = "".join(self._read(core, self.table) for core in cores)
        lonely = frozenset(mark for mark, fellow in _FELLOWS.items() if fellow not in read)
        clinging = frozenset("".join(cores))
        for sign in clinging.intersection(self.holding):
            self.barred[sign] = lonely | self.barred.get(sign, frozenset())

    def _weigh(self, sign: str) -> dict[str, float]:
        """Nats each meaning of a sign brings over leaving it unread, the others as they are."""
        others = {key: value for key, value in self.table.items() if key != sign}
        without = self._total(sign, others)
        values = {meaning: total - without for meaning, total in self._totals(sign, others).items()}
        best = max(values, key=lambda m: values[m])
        if values[best] > 0:
            self.table[sign] = best
        return values

    def _deal(self, order: Iterable[str]) -> dict[str, str]:
        table = dict(self.settled)
        taken = set(table.values())
        for sign in order:
            free = [m for m in self.values[sign] if m not in taken]
            best = max(free, key=lambda m: self.values[sign][m], default=None)
            if best is not None and self.values[sign][best] > 0:
                table[sign] = best
                taken.add(best)
        return table

    def settle(self, text: str) -> None:
        """Give the signs that stand alone the meanings their neighbours speak for."""
        worded = {sign: m for sign, m in self.table.items() if not self._mostly_alone(sign)}
        known = {
            sign: m for sign, m in worded.items() if m not in MEANINGS or (m in "àÀ" and self._worth(sign) > _SIGN_GAIN)
        }
        if self._whole_gain(known) < _LEAST_GAIN:
            return
        for _ in range(2):  # what the first round settles tells more of its neighbours
            table = known | self.alone
            inside = {sign: self._inside(sign, table) for sign in self.holding if sign not in table}
            self.alone |= settle(text, inside, table, self._label, lambda word: self._as_known(word, table))  # noqa: B023
        self.table = known | self.alone
        self._bar_lonely()
        for sign in sorted(worded.keys() - self.table.keys()):  # marks that cling to words
            table = dict(self.table)
            values = {m: v for m, v in self._weigh(sign).items() if v > 0 and m not in table.values()}
            self.table = table | ({sign: max(values, key=lambda m: values[m])} if values else {})

    def _as_known(self, word: str, known: Mapping[str, str]) -> str:
        """A word through what is known of the table, where that makes it likelier."""
        return self._read(word, known) if word in self.plain and self._gain(word, known) > 0 else word

    def _inside(self, sign: str, known: Mapping[str, str]) -> dict[str, float]:
        """What each meaning of a sign brings to the words that hold more than the sign."""
        held = [word for word in self.holding[sign] if _core(word) != sign]
        return {m: sum(self.weight[w] * self._gain(w, {**known, sign: m}) for w in held) for m in MEANINGS}

    def _label(self, word: str) -> int:
        """1 where only the table makes a word French, -1 where the word tells that it is sound, 0 where it tells nothing."""
        if word not in self.plain:
            return 0
        core = _core(word)
        if len(core) < 2:
            return 0
        gain = self._gain(word, self.table)
        if gain > _TELLING:
            return 1
        read = "".join(self.table.get(char, char) for char in word)
        sound = self.plain[word] - self._score(read) if read != word else self.plain[word] + 8.0 + 3.0 * len(core)
        return -1 if sound > _TELLING else 0

    def _mostly_alone(self, sign: str) -> bool:
        gaining = [word for word in self.holding[sign] if self._gain(word, self.table) > 0]
        own = sum(self.weight[word] for word in gaining if not _ASCII_LETTER.search(word))
        return own > 0.5 * sum(self.weight[word] for word in gaining)

    def _whole_gain(self, table: Mapping[str, str]) -> float:
        return sum(self.weight[word] * self._gain(word, table) for word in self.weight)

    def sure(self) -> dict[str, str]:
        """The table without its doubtful signs: those that bring too little first, then the rest one by one."""
        while doubtful := {
            sign: self._worth(sign) for sign in self.table if sign in self.holding and not self._sure(sign)
        }:
            slight = [sign for sign, worth in doubtful.items() if worth < _SIGN_GAIN]
            for sign in slight or [min(doubtful, key=lambda sign: (doubtful[sign], sign))]:
                del self.table[sign]
        return self.table

    def telling(self) -> dict[str, str]:
        """The settled meanings, and those found that bring something, and more than the next free one would."""
        table = dict(self.settled)
        for sign, meaning in self.table.items():
            if (values := self.values.get(sign)) is not None:
                rival = max((v for m, v in values.items() if m not in self.table.values()), default=0.0)
                if values[meaning] >= _SIGN_GAIN + max(0.0, rival):
                    table[sign] = meaning
        return table

    def share(self) -> None:
        """Give a sign of the table the other meanings its words call for, where several do: a font may use one for many."""
        self.sure()
        for sign in self.table:
            called = Counter(meaning for word in self.holding.get(sign, ()) if (meaning := self._called(word, sign)))
            if called.total() >= _LEAST_SHARING:
                self.others[sign] = tuple(sorted(called))

    def _called(self, word: str, sign: str) -> str:
        """Another meaning of a sign that makes its word much likelier French than the table does; "" for none."""
        scores = {m: self._score(self._read(word, {**self.table, sign: m})) for m in (self.table[sign], *self.meanings)}
        best = max(scores, key=lambda meaning: scores[meaning])
        return best if scores[best] > max(scores[self.table[sign]], self.plain[word]) + _TELLING else ""

    def _read(self, word: str, table: Mapping[str, str]) -> str:
        return "".join(table.get(char, char) for char in word)

    def _best_read(self, word: str) -> str:
        """A word through the table, or through another meaning of one of its signs where that is likelier."""
        tables = ({**self.table, sign: m} for sign, others in self.others.items() if sign in word for m in others)
        return max((self._read(word, table) for table in (self.table, *tables)), key=self._score)

    def solution(self) -> Solution | None:
        """The table without its doubtful signs, or ``None`` where what is left mends too little."""
        self.sure()
        mended = [word for word in self.weight if self._gain(word, self.table) > 0]
        gain = sum(self.weight[word] * self._gain(word, self.table) for word in mended)
        known, unknown, names = self._brought(mended)
        confidence = (known + 0.5) / (known + unknown + names + 1) * (1 - 0.5 / max(1, len(mended)))
        lettered = any(map(str.isalpha, self.table.values()))  # « l´UEMOA et l´Union » may have been typed so
        plain = lettered and known >= max(_LEAST_PLAIN, _PLAIN_SHARE * unknown, names)
        if gain < _LEAST_GAIN or not (plain or (len(mended) >= _LEAST_WORDS and confidence >= _LEAST_KNOWN)):
            return None
        table = dict(sorted(self.table.items()))
        return Solution(mapping=table, confidence=round(confidence, 3), others=self.others)

    def _worth(self, sign: str) -> float:
        others = {key: value for key, value in self.table.items() if key != sign}
        return self._total(sign, self.table) - self._total(sign, others)

    def _sure(self, sign: str) -> bool:
        """Whether a sign's meaning brings enough, and more than the next free one would."""
        if sign in self.alone:
            return True
        if self._worth(sign) < _SIGN_GAIN:
            return False
        totals = self._totals(sign, {key: value for key, value in self.table.items() if key != sign})
        rivals = [total for meaning, total in totals.items() if meaning not in self.table.values()]
        return totals.get(self.table[sign], 0.0) - max(rivals, default=0.0) > _SIGN_MARGIN

    def _brought(self, mended: Sequence[str]) -> tuple[int, int, int]:
        """How many of the words that a table brings French knows, and does not; names apart."""
        pieces = [
            part
            for word in map(self._best_read, mended)
            for piece in lexicon.WORD.findall(word)
            for part in _CAMEL.sub(" ", piece).split()
            if len(part) > 2 or (len(part) > 1 and self.french.known(part))
        ]
        strange = [piece for piece in pieces if not self.french.known(piece)]
        names = len(strange) - sum(map(str.islower, strange))
        return len(pieces) - len(strange), len(strange) - names, names
