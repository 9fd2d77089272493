"""Letters, quotes and spaces that became U+FFFD or a question mark.

Why: bytes that are no valid UTF-8 leave ``r\ufffdnovation``: the letter is gone, only its place is known.
Idea: what stands beside a gap tells figures, quotes and dashes; the word list tells letters, the most frequent word that
fits; an unknown word gets the letters its spelling calls for (``unknown_words``), and a word that lost its first letter
a capital where it is a name (``lost_capitals``).
Limits: the choice sees one word (``d\ufffdment`` may be ``dément`` or ``dûment``); a gap nothing fits stays.
"""

from __future__ import annotations

import re
from itertools import islice, product

from pipeline import lexicon
from pipeline.repair.accented import ELIDED, GONE, by_remains, capitals, differences, opens_sentence, preferred_elisions
from pipeline.repair.changes import Change
from pipeline.repair.likelihood import SOUND, WORD, French, word_score
from pipeline.repair.lost_capitals import opens_cell, was_capital
from pipeline.repair.solve_alone import standing
from pipeline.repair.unknown_words import fill_unknown

REPLACED = "letter replaced"
_GAP = re.compile(r"[\w’'\ufffd]*\ufffd[\w’'\ufffd]*")
_QUESTION = re.compile(r"[^\W\d_]*(?<=[^\W\d_])\?(?=[^\W\d_])[\w?’']*")
_ASKED = re.compile(r"\?(?<=[^\W\d_]\?)[^\W\d_]")
_LEAST_ASKED = 4  # letters of a word that a question mark bit: « B?T:E » is a program's
_MOST_GAPS = 5


def fill_gaps(text: str, french: French) -> list[Change]:
    """Changes that put letters, quotes and spaces back for U+FFFD, and for question marks where they are no questions."""
    if GONE in text:
        return _fill_gone(text, french)
    asked = len(_ASKED.findall(text))
    if not asked:
        return []
    if asked >= _LEAST_BITTEN and asked > _BITTEN_SHARE * text.count("?"):
        return _fill_gone(_NO_QUESTION.sub(GONE, text), french)
    changes: list[Change] = []
    for match in _QUESTION.finditer(text):
        token = match[0].replace("?", GONE)
        before, opens = text[max(0, match.start() - 24) : match.start()], opens_sentence(text, match.start())
        word = _fill_word(token, before, french, only_letters=True, opens=opens)
        whole = word and GONE not in word and len(word) >= _LEAST_ASKED and word[1:].islower() == token[1:].islower()
        if word and whole and all(word_score(part) > -17 for part in WORD.findall(word)):
            changes += differences(match[0], word, match.start(), REPLACED, 0.9)
    return changes


_LEAST_BITTEN = 4  # question marks inside words that show what the others are,
_BITTEN_SHARE = 0.3  # and their share among all
_NO_QUESTION = re.compile(r"(?<! )\?(?=\w)|(?<=\w)\?|\?(?= ?[a-zà-ÿ\d(«])|(?<=[^\W\d_]\?)\?")


def _fill_gone(text: str, french: French) -> list[Change]:
    """Changes for the gaps of a text, as U+FFFD."""
    # Where quotes survived, only letters were replaced.
    only_letters = any(sign in text for sign in "’«»–") and not _signs_gone(text)
    aliens = ((match, _as_bytes(match[0])) for match in _ALIEN.finditer(text))
    changes = [Change(match.start(), match.end(), after, REPLACED, 0.9) for match, after in aliens if after]
    signs = _fill_signs(text, only_letters=only_letters)
    changes += differences(text, signs, 0, REPLACED, 0.9)
    in_words = re.search(r"[^\W\d_]\ufffd|\ufffd[^\W\d_]", text) is not None
    for match in _GAP.finditer(signs):
        # A mark stood here, if not every space is bound.
        bound = signs[match.start() - 1 : match.start()] == "\u00a0" and signs[match.start() - 2] != "«"
        bound = bound and (not only_letters or signs[match.end() : match.end() + 1] == " ")
        if match[0] == GONE and (bound or not in_words):
            continue  # nothing shows that a letter stood here
        filled = _fill(match[0], signs, match.start(), french, only_letters=only_letters)
        changes += differences(match[0], filled, match.start(), REPLACED, 0.95)
    return changes


def _signs_gone(text: str) -> bool:
    """Whether apostrophes were replaced too: elided words that no letter would make whole."""
    bitten = {match[0].lower(): match[1] for match in _APOSTROPHE_GONE.finditer(text)}
    telling = (token for token, tail in bitten.items() if token not in by_remains() and word_score(tail) > _TAIL)
    return len(list(islice(telling, 2))) == 2


_APOSTROPHE_GONE = re.compile(r"\b(?:[ldnsjcmLDNSJCM]|[Qq]u)\ufffd([aeiouyhâêîôœ]\w+)")
_TAIL = -14.0  # nats of a word that may follow an elided one


_ALIEN = re.compile("[\u0180-\u02af\u0370-\u1fff\u2e80-\ud7ff\uf900-\ufaff]+")


def _as_bytes(signs: str) -> str:
    """The cp1252 text whose bytes happened to be whole signs of UTF-8 (``頻`` for « é » with its space and »)."""
    read = signs.encode("utf-8").decode("cp1252", "replace")
    return read if SOUND.issuperset(read) else ""


# What a gap is where its neighbours alone tell; tried in order. Each keeps the length of the text.
_SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), after)
    for pattern, after in (
        (r"(?<=\d)\ufffd(?=\d{3}(?!\d))", "\u00a0"),  # 1�640
        (r"(?<=[!?.])\ufffd\ufffd(?=\W|$)", "\u00a0»"),  # dates�!��
        (r"(?<=\d)\ufffd\ufffd(?=C\b)", "\u00a0°"),  # 15��C
        (r"(?:^|(?<=[;:.] ))(?P<number>\d{1,2})\ufffd(?= |\ufffd[^\W\d_])", r"\g<number>°"),  # 1� Halles
        (r"(?<=\d°)\ufffd(?=\w)", "\u00a0"),
        (r"(?<![\w\ufffd])\ufffd{3}(?= )", "«\u00a0à"),  # ��� la chambre
        (r"(?<=\b[dlnqDLN])\ufffd{3}(?=\w)", "’«\u00a0"),  # d���allée
        (r"(?<=\d)\ufffd(?=[kKM]?\ufffd(?!\w)|(?:ha|m|km|h|F|MF|KF|kF|m\ufffd|km\ufffd)\b)", "\u00a0"),  # 34�M�
        (r"(?<=[\d\u00a0 ][kKM])\ufffd(?!\w)", "€"),  # 34 M�
        (
            r"(?<=\d{3}[ \u00a0])\ufffd"
            r"(?=[.,;:)]|[ \u00a0](?:[;:]|(?:HT|TTC|par|de|pour|en|et|sur|le m|la page)\b)|$)"
            r"(?<![^\d \u00a0](?:19|20)\d\d.\ufffd)",
            "€",
        ),
        (r"(?<=\d[ \u00a0])\ufffd(?= (?:par (?:an|jour|mois|page|m|logement)|H\.?T|T\.?T\.?C)\b)", "€"),
        (r"(?<=\d[ \u00a0]m)\ufffd(?!\w)|(?<=/m)\ufffd(?!\w)", "²"),
        (r"(?<=\b[nN])\ufffd(?=[ \u00a0\ufffd]?\d)", "°"),  # n� 2003-710
        (r"(?<=[nN]°)\ufffd(?=\d)", "\u00a0"),
        (r"(?<=\b[ldcjmnst])\ufffd(?=[A-Z])|(?<=\b[LDCJMNST])\ufffd(?=[A-Z][a-z])", "’"),  # l�ANRU
        (r"(?<=[:(\n] \d{4} )\ufffd(?= \d{4})|(?<=[(\n]\d{4} )\ufffd(?= \d{4})", "–"),  # : 2016 � 2017
        (r"(?<=[A-Z\d)] )\ufffd(?= [A-Z])(?<!\d{4} \ufffd)|(?<=\) )\ufffd(?= )|^\ufffd(?= )", "–"),  # ARTICLE 2 � OBJET
        (r"(?<![\w\ufffd])\ufffd\ufffd(?=\w)", "«\u00a0"),
    )
)
_ORDINALS = re.compile(r"(?<=\d)\ufffd(?=mes?\b)|(?<=\b1)\ufffd(?=res?\b)")  # 2�me, 1�re

_CLOSED = re.compile(r"([\w’]+)\ufffd\ufffd(?![\w\ufffd])")
_BOUND_QUOTE = re.compile("«\u00a0|\u00a0»")  # where quotation marks have their spaces, one alone is none
_CLOSING = re.compile(r"(?<=[ \u00a0])\ufffd(?=[.,;:)]|\s*$)", re.MULTILINE)  # no word: only a quote stands there
_OPENING = re.compile(r"(?<![^\s(])\ufffd(?=[ \u00a0])")


def _fill_signs(text: str, *, only_letters: bool) -> str:
    text = _ORDINALS.sub("è", text)
    if only_letters:
        return text
    text = _BOUND.sub(lambda match: match[0] if _bitten(match) else "\u00a0", text)
    for pattern, after in _SIGNS:
        text = pattern.sub(after, text)
    text = _CLOSED.sub(_closed, text)
    if _BOUND_QUOTE.search(text):
        return text
    for match in _CLOSING.finditer(text):
        start = max(0, match.start() - 160, text.rfind("\n", 0, match.start()))
        openings = [m.start() for m in _OPENING.finditer(text, start, match.start())]
        if openings:
            place = max(reversed(openings), key=lambda place, text=text: _opens_quote(text, place))  # type: ignore[misc]
            text = text[:place] + "«" + text[place + 1 : match.start()] + "»" + text[match.end() :]
    return text


def _opens_quote(text: str, place: int) -> float:
    """Log odds that a gap alone is an opening quotation mark and no « à » or dash."""
    mark, letter, dash = (standing(text, place, place + 1, sign) or 0.0 for sign in "«à–")
    return mark - max(letter, dash)


def _bitten(match: re.Match[str]) -> bool:
    """Whether a gap before a mark took an é with the no-break space, as the two bytes begin one sign of UTF-8."""
    word = _WORD_END.search(match.string, max(0, match.start() - 40), match.start())
    if word is None or len(word[0]) < _BITABLE:
        return False
    ends = {word[0], _ELISION_GONE.sub("", word[0])}
    return any(_likeliest(end + GONE) > max(map(_likeliest, ends)) + _BITTEN for end in ends)


def _likeliest(remains: str) -> float:
    """Nats of the likeliest word that leaves some remains."""
    words = by_remains().get(remains.lower(), ()) if GONE in remains else (remains,)
    return max(map(word_score, words), default=_NO_WORD)


# A space no line may break at: before a mark or a figure, after a figure, an initial or a title, before a name's capital.
_BOUND = re.compile(
    r"(?<=[\w».)%°€\]\ufffd])\ufffd(?=[;:!?%])"  # ville�; 35�%
    r"|(?<=[^\s(\d])(?<!\b[nNlLdD])\ufffd(?=\d)|(?<=\d)\ufffd(?=[^\W\d_])"  # en�1977, 17�mars
    r"|(?<=[.)])\ufffd(?=[\w\ufffd])|(?<=\bMme)\ufffd|(?<=\b(?:Mmes|Mlle))\ufffd"  # M.�Durand
    r"|(?<=\d(?:er|re))\ufffd(?=\w)|(?<=[\dIVX]e)\ufffd(?=[^\W\d_])"  # 1er�octobre, VIe�Plan
    r"|(?<=[a-zà-ÿ]{2})(?<!qu)\ufffd(?=[A-Z])|(?<=[A-Z]{2})\ufffd(?=[IVX]{1,4}\b)"  # tour�C, TITRE�II
)
_WORD_END = re.compile(r"(?:[^\W\d_]|\ufffd)+$")
_ELISION_GONE = re.compile("^(?:[cdjlmnst]|qu)\ufffd", re.IGNORECASE)
_BITABLE = 2  # letters
_BITTEN = 2.0  # nats
_NO_WORD = -30.0


def _fill(token: str, text: str, start: int, french: French, *, only_letters: bool) -> str:
    """``token`` with its gaps filled in the likeliest way; a gap nothing fits stays."""
    before, following = text[max(0, start - 24) : start], text[start + len(token) :][:24]
    opens = opens_sentence(text, start) or (before[-1:] == "\n" and _LABEL.match(following) is not None)
    opens = opens or opens_cell(text, start)
    if token == GONE:
        if _INITIAL.match(following):
            return "É"
        if not only_letters:
            if before[-1:] in _SENTENCE_END and (mark := _mark_after(text, start)) == "»":
                return mark
            signs = "àÀ–" if _BOUND_QUOTE.search(text) else "àÀ–«»"
            return max(signs, key=lambda sign: standing(text, start, start + 1, sign) or 0.0)
        return "À" if opens or (_CAPITALS_END.search(before) and _CAPITALS_FOLLOW.match(following)) else "à"
    bound = None if only_letters else _BITTEN_BOUND.fullmatch(token)
    if bound:
        return _fill(bound[1], text, start, french, only_letters=False) + "\u00a0" + bound[2]
    if not only_letters and _ends_in_a_mark(token):
        stem = token[:-1]
        word = _fill(stem, text, start, french, only_letters=False) if GONE in stem else stem
        return word + _mark_after(text, start + len(stem))
    best = _fill_word(token, before, french, only_letters=only_letters, opens=opens)
    if best is not None:
        best = _state(best, following, opens=opens and token[0] == GONE)
        elided = best.rfind("’") + 1
        if token[elided] == GONE and (
            _COMPOUND_NAME.match(following)
            or (elided == 0 and len(token) > 2 and _AFTER_A_HYPHEN.search(before))
            or _MINISTRY.search(before + best[:elided])
            or _names(text, start + elided, start + len(token), best[elided:])
        ):
            best = best[:elided] + best[elided:].capitalize()
        if not only_letters and token[-1] == GONE and following[:1] in _BOUND_MARKS:
            best += "\u00a0"
    if best is None and not only_letters and token.endswith(GONE * 2):
        inner = token[:-2]
        best = (
            (_fill_word(inner, before, french, only_letters=False, opens=opens) if GONE in inner else inner) or inner
        ) + "\u00a0»"
    return best or token


def _closed(match: re.Match[str]) -> str:
    """A quotation closed, unless one of the gaps, or both, were likelier letters of the word before."""
    word = re.split(r"[’\d_]", match[1])[-1]
    letters = max(_likeliest(word + GONE), _likeliest(word + GONE * 2))
    return match[0] if word.lower() in ELIDED or _likeliest(word) <= letters + _BITTEN else match[1] + "\u00a0»"


def _ends_in_a_mark(token: str) -> bool:
    """Whether the last gap of a token stands after a whole word, that no letter would make another word."""
    last = re.split(r"[’'\d_]", token)[-1]
    if not (last.endswith(GONE) and len(last) > _BITABLE and last[:-1].replace(GONE, "").islower()):
        return False
    if by_remains().get(last) or last.rstrip(GONE) in ELIDED:
        return False
    stem = last[:-1]
    return bool(by_remains().get(stem)) if GONE in stem else lexicon.zipf(stem) >= _COMMON


def _mark_after(text: str, place: int) -> str:
    """A quotation closed where one is open, points of suspension elsewhere."""
    before = text[max(0, place - _QUOTED) : place]
    return "»" if before.rfind("«") > before.rfind("»") else "…"


_SENTENCE_END = frozenset("!?.")
_COMMON = 3.0  # zipf score
_QUOTED = 300  # letters of a quotation


def _names(text: str, start: int, end: int, word: str) -> bool:
    return word.islower() and was_capital(text, start, end, word, known=word in lexicon.zipf_scores())


def _state(word: str, following: str, *, opens: bool) -> str:
    """The State, or a condition, by what follows the word."""
    if _WITH_REGION.match(following):
        return word.replace("état", "État")
    return word.replace("État", "état") if _CONDITION.match(following) and not opens else word


_BOUND_MARKS = frozenset(";:!?%")
_BITTEN_BOUND = re.compile(r"((?:.*[^\W\d_])?\ufffd)(\d[\w’]*|(?<=[a-zà-ÿ]\ufffd)[A-Z][\w’]*)")  # l’�t�1967, � 29
_WITH_REGION = re.compile("(?:-|,? et |, )(?:la )?[Rr].gions?")  # contrat de plan État-région
_LABEL = re.compile(r"\s?:")
_AFTER_A_HYPHEN = re.compile(r"(?<![.!?]\s)(?<!^)(?<!\n)\b[A-ZÀ-Þ][a-zà-ÿ]+-$")  # Petite-�le
_INITIAL = re.compile(r"\.[ \u00a0-]?[A-ZÀ-Þ][a-zà-ÿ\ufffd]")  # �. Zola
_CAPITALS_END = re.compile(r"[A-ZÀ-Þ]{2}\W? $")
_CAPITALS_FOLLOW = re.compile(r" (?:[A-Z]’)?[A-ZÀ-Þ\ufffd]{2}")
_MINISTRY = re.compile(r"\b[Mm]inist(?:re|ère|\ufffdre) (?:délégué |d\ufffdl\ufffdgu\ufffd )?(?:de l’|chargé de l’)$")
_COMPOUND_NAME = re.compile(r"(?:-[a-zà-ÿ]+)*-[A-ZÀ-Þ\ufffd][a-zà-ÿ\ufffd]")  # �le-de-France
# What follows « état » where it is a condition, or a list, and not the State.
_CONDITION = re.compile(
    r" (?:d[’e]|des |du [a-zà-ÿ\ufffd]|civil|sanitaire|parcellaire|actuel|initial|général|récapitulatif|descriptif)"
)


def _fill_word(token: str, before: str, french: French, *, only_letters: bool, opens: bool) -> str | None:
    """The likeliest word, or elided words, that leave ``token``; ``None`` where there is none."""
    places = [place for place, char in enumerate(token) if char == GONE]
    if len(places) > _MOST_GAPS:
        return None
    elisions = [False] if only_letters else [False, True]
    best: tuple[float, str] | None = None
    for choice in product(elisions, repeat=len(places)):
        text = list(token)
        for place, elided in zip(places, choice, strict=True):
            if elided:
                text[place] = "’"
        filled = None if _NO_ELISION.search("".join(text)) else _fill_pieces("".join(text), before, opens=opens)
        score = french.text(filled) + _ELIDED * sum(choice) if filled is not None else 0.0
        if filled in preferred_elisions():
            return filled
        if filled is not None and (best is None or score > best[0]):
            best = (score, filled)
    return best[1] if best else None


_ELIDED = 2.0  # nats: an elision is likelier than its signs are
_NO_ELISION = re.compile(r"’(?![aeiouyhàâéèêëîïôœAEIOUYHÀÂÉÈÊËÎÏÔŒ\d«A-Z\ufffd])")


def _fill_pieces(text: str, before: str, *, opens: bool) -> str | None:
    pieces = re.split(r"([’'\d_]+)", text)
    for number, piece in enumerate(pieces):
        following = pieces[number + 1] if number + 1 < len(pieces) else ""
        if following[:1] == "’" and piece.lower() not in ELIDED:
            return None
        if GONE in piece:
            words = by_remains().get(piece.lower())
            name = fill_unknown(piece) if not words else ""
            if not words and not name:
                return None
            elided = before if number == 0 else pieces[number - 1]
            pieces[number] = _cased(words[0], piece, elided, opens=opens and not number) if words else name
            if not words and piece[0] == GONE and number:
                pieces[number] = name[0].upper() + name[1:]
        elif number and pieces[number - 1] == "’" and not piece:
            return None
    return "".join(pieces)


_STATE = frozenset(["état", "états"])  # the State after an article, a condition elsewhere


def _cased(word: str, remains: str, before: str, *, opens: bool) -> str:
    """``word`` in the case its remains show, and a capital where a sentence starts with the missing letter."""
    kept = [char for char in remains if char.isalpha()]
    if kept and all(char.isupper() for char in kept) and (len(kept) > 1 or not remains[0].isalpha()):
        return word.upper()
    if word in capitals() and (word not in _STATE or before.endswith(("’", "'"))):
        return capitals()[word]
    letters = list(word)
    if remains[:1].isupper() or (remains[:1] == GONE and opens):
        letters[0] = letters[0].upper()
    return "".join(letters)
