"""Letters, quotes and spaces that became U+FFFD or a question mark.

Why: bytes that are no valid UTF-8 leave ``r\ufffdnovation``: the letter is gone, only its place is known.
Idea: what stands beside a gap tells quotes, dashes and spaces (``lost_marks``); the word list tells letters, the most
frequent word that fits; an unknown word gets the letters its spelling calls for (``unknown_words``), and a word that lost
its first letter a capital where it is a name (``lost_capitals``).
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
from pipeline.repair.lost_marks import ORDINALS, ends_in_a_mark, fill_marks, mark_after, mark_alone
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
    signs = ORDINALS.sub("è", text) if only_letters else fill_marks(text)
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


def _fill(token: str, text: str, start: int, french: French, *, only_letters: bool) -> str:
    """``token`` with its gaps filled in the likeliest way; a gap nothing fits stays."""
    before, following = text[max(0, start - 24) : start], text[start + len(token) :][:24]
    opens = opens_sentence(text, start) or (before[-1:] == "\n" and _LABEL.match(following) is not None)
    opens = opens or opens_cell(text, start)
    if token == GONE:
        if _INITIAL.match(following):
            return "É"
        if not only_letters:
            return mark_alone(text, start)
        return "À" if opens or (_CAPITALS_END.search(before) and _CAPITALS_FOLLOW.match(following)) else "à"
    bound = None if only_letters else _BITTEN_BOUND.fullmatch(token)
    if bound:
        return _fill(bound[1], text, start, french, only_letters=False) + "\u00a0" + bound[2]
    if not only_letters and ends_in_a_mark(token):
        stem = token[:-1]
        word = _fill(stem, text, start, french, only_letters=False) if GONE in stem else stem
        return word + mark_after(text, start + len(stem))
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
_NO_ELISION = re.compile(
    r"’(?![aeiouyhàâéèêëîïôœAEIOUYHÀÂÉÈÊËÎÏÔŒ\d«A-Z\ufffd])|’[eiouéèêîôû](?![\w’\ufffd])"
)  # no word is a vowel alone, but « y », « a », « à »


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
            if not words and _shouted(piece):
                pieces[number] = name.upper()
            elif not words and piece[0] == GONE and number:
                pieces[number] = name[0].upper() + name[1:]
        elif number and pieces[number - 1] == "’" and not piece:
            return None
    return "".join(pieces)


_STATE = frozenset(["état", "états"])  # the State after an article, a condition elsewhere


def _shouted(remains: str) -> bool:
    """Whether a word is set in capitals, by the letters that are left of it."""
    kept = [char for char in remains if char.isalpha()]
    return bool(kept) and all(map(str.isupper, kept)) and (len(kept) > 1 or not remains[0].isalpha())


def _cased(word: str, remains: str, before: str, *, opens: bool) -> str:
    """``word`` in the case its remains show, and a capital where a sentence starts with the missing letter."""
    if _shouted(remains):
        return word.upper()
    if word in capitals() and (word not in _STATE or before.endswith(("’", "'"))):
        return capitals()[word]
    letters = list(word)
    if remains[:1].isupper() or (remains[:1] == GONE and opens):
        letters[0] = letters[0].upper()
    return "".join(letters)
