"""The set pieces of administrative paper: sittings and their votes, attendance lists, « Fait à », parties, reference sheets.

Why: these carry the most certain events of an archive, and their participants stand lines away from their date.
Idea: find each piece once for the document, then let the dated line take its participants from there.
Limits: a piece without its usual words (« Présents », « Entre les soussignés », « Maîtrise d'ouvrage ») is not seen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.records import DateValue, Mention
from pipeline.wordings import wordings

from .clauses import Parsed
from .lexis import Lexis, bare
from .text import Sentence

SAYS = wordings(__file__, "formulas.toml")
MOST_SIGNERS = 12
HEAD = 5  # sentences of a letterhead and a title
LETTERHEAD = 15  # tokens of one of its lines, fewer
LABEL = 8  # tokens of a line that is nothing but a label
OPENING = 15  # sentences in which a paper says who sits, and who asked for it
SIGNATURE = 14  # tokens of a line of signature


@dataclass(slots=True)
class Pieces:
    """What a document's set pieces hold.

    ``sitting``: the day of the sitting or meeting the document reports; ``ground``: sites and place its head names.
    """

    sitting: DateValue | None = None
    attendance: list[Mention] = field(default_factory=list)
    parties: list[Mention] = field(default_factory=list)
    clients: list[Mention] = field(default_factory=list)
    team: list[Mention] = field(default_factory=list)
    budget: list[Mention] = field(default_factory=list)
    letterhead: list[Mention] = field(default_factory=list)
    ground: list[Mention] = field(default_factory=list)
    chair: list[Mention] = field(default_factory=list)
    partners: list[Mention] = field(default_factory=list)


def bodies(sentence: Sentence, kinds: tuple[str, ...] = ("body",)) -> list[Mention]:
    """Bodies of a line, without those it names only as former names."""
    out = []
    for i, token in enumerate(sentence.tokens):
        if token.mention is None or token.mention.kind not in kinds:
            continue
        former = " ".join(t.text for t in sentence.tokens[max(0, i - 4) : i])
        if not SAYS["anonymous"].search(former.replace(" -", "-")):
            out.append(token.mention)
    return out


def read_pieces(sentences: Sequence[Sentence], title: str = "") -> Pieces:
    """One pass over the document for its set pieces; ``title`` in plain words, for a line that repeats it heads nothing."""
    pieces = Pieces()
    mode, begun = "", False
    label: list[Mention] | None = None
    for number, sentence in enumerate(sentences):
        head = sentence.opening
        titled = number < HEAD and "".join(sentence.low.split()) == "".join(title.split())
        heads = number < HEAD and len(sentence.tokens) < LETTERHEAD and ":" not in head and not titled
        if heads and not begun and not any(m.kind in ("amount", "quantity") for m in sentence.named):
            pieces.letterhead += bodies(sentence)
            pieces.ground += bodies(sentence, ("site",)) + bodies(sentence, ("place",))[:1]
        mode = _mode(mode, head, sentence)
        if number < OPENING:
            pieces.chair += [
                m for m, words in introduced(sentence) if m.kind == "person" and SAYS["chair"].search(words)
            ]
        if mode == "present":
            pieces.attendance += bodies(sentence, ("person", "body"))
        elif mode == "parties":
            cited = {m.mention_id for m, words in introduced(sentence) if SAYS["empowered"].search(words)}
            pieces.parties += [m for m in bodies(sentence) if m.mention_id not in cited]
        if SAYS["place_line"].match(head):
            pieces.attendance += bodies(sentence, ("place",))[:1]
        opened = _label_line(pieces, sentence)
        goes_on = sentence.first and len(sentence.tokens) < SIGNATURE
        label = opened if opened is not None else label if goes_on else None
        if label is not None and ":" not in head:
            label += bodies(sentence)
        elif sentence.first and any(pattern.match(head) for pattern, _ in _under_labels(pieces)):
            _labelled(pieces, sentence)
        elif SAYS["team"].match(head):
            pieces.team += bodies(sentence)
        else:
            _commission(pieces, sentence, number)
        if SAYS["budget"].match(head):
            pieces.budget += bodies(sentence, ("amount",))[:1]
        if pieces.sitting is None and number < OPENING:
            pieces.sitting = _day_of_sitting(sentence, head, sentences[:number])
        begun = begun or (pieces.sitting is not None and not titled)
    return pieces


def introduced(sentence: Sentence) -> list[tuple[Mention, str]]:
    """Each mention with the plain words and signs that stand between it and the mention before."""
    out: list[tuple[Mention, str]] = []
    words: list[str] = []
    for token in sentence.tokens:
        if token.mention is None:
            words.append(token.text)
            continue
        out.append((token.mention, " ".join(words).replace("' ", "'")))
        words = []
    return out


def _label_line(pieces: Pieces, sentence: Sentence) -> list[Mention] | None:
    """The list that a line of nothing but a label (« MAITRISE D'OUVRAGE ») opens."""
    if not sentence.first or sentence.named or len(sentence.tokens) > LABEL:
        return None
    line = f"{sentence.opening.rstrip(' :')} :"
    return next((kept for label, kept in _under_labels(pieces) if label.fullmatch(line)), None)


def _under_labels(pieces: Pieces) -> tuple[tuple[re.Pattern[str], list[Mention]], ...]:
    """The labels of a reference sheet, each with the list it opens."""
    return (SAYS["client"], pieces.clients), (SAYS["team"], pieces.team), (SAYS["partners"], pieces.partners)


def _labelled(pieces: Pieces, sentence: Sentence) -> None:
    """« Concédant : X – Concessionnaire : Y »: each body under the label before it."""
    former = {m.mention_id for m in sentence.named} - {m.mention_id for m in bodies(sentence)}
    into: list[Mention] = []
    for mention, words in introduced(sentence):
        label = re.sub(r" :", ":", words)
        into = next((kept for pattern, kept in reversed(_under_labels(pieces)) if pattern.search(label)), into)
        if mention.kind == "body" and mention.mention_id not in former:
            into.append(mention)


def _commission(pieces: Pieces, sentence: Sentence, number: int) -> None:
    """« Étude réalisée pour X par Y », « Marché notifié au groupement Y – Z », « X, maître d'ouvrage »: who asked whom."""
    into: list[Mention] | None = None
    opened = ""
    made: Mention | None = None
    for mention, words in introduced(sentence):
        opened = f"{opened} {words}"
        if number < 6 and SAYS["made_for"].search(opened):
            into, opened = pieces.clients, ""
        elif into is pieces.clients and SAYS["made_by"].search(words):
            into = pieces.team
        elif SAYS["awarded"].search(opened):
            into, opened = pieces.team, ""
        elif into is not None and not SAYS["listed"].fullmatch(words.strip()):
            into = None
        if mention.kind == "body" and into is not None:
            into.append(mention)
        if made and mention.kind == "body" and SAYS["on_behalf"].search(words):  # « réalisé par X pour le compte de Y »
            pieces.clients = [m for m in pieces.clients if m not in (made, mention)] + [mention]
            pieces.team.append(made)
        made = mention if into is pieces.clients and SAYS["made_by"].search(words) else None
    if number < OPENING and SAYS["this_paper"].search(sentence.low):
        _asked(pieces, sentence)
    for i, token in enumerate(sentence.tokens[:-3]):
        if token.mention and token.mention.kind == "body":
            owner = " ".join(t.text for t in sentence.tokens[i + 1 : i + 5])
            if SAYS["owner"].match(owner):
                pieces.clients.append(token.mention)


def after_of(sentence: Sentence, mention: Mention) -> str:
    """The plain words of a sentence after a mention."""
    return sentence.low[mention.end - sentence.start :]


def _asked(pieces: Pieces, sentence: Sentence) -> None:
    """« Commandé par X, l'audit … », « X a confié à Y la présente étude », « La présente étude a été confiée à Y par X »."""
    asked: Mention | None = None
    before = ""
    for mention, words in introduced(sentence):
        before = f"{before} {words}"
        if mention.kind != "body":
            continue
        if SAYS["ordered"].search(before) or (asked in pieces.team and SAYS["by"].fullmatch(words.strip())):
            pieces.clients.append(mention)
        elif SAYS["entrusted"].search(before) or (
            asked in pieces.clients and SAYS["makes"].match(after_of(sentence, mention))
        ):
            pieces.team.append(mention)
        elif asked is not None and SAYS["entrusts"].search(words):
            pieces.clients.append(asked)
            pieces.team.append(mention)
        asked, before = mention, ""


def _mode(mode: str, head: str, sentence: Sentence) -> str:
    """Which list the sentence stands in."""
    if SAYS["present"].match(head):
        return "present"
    if (
        head == "entre"
        or head.endswith("entre :")
        or (SAYS["parties"].match(head) and (":" in head or "soussigné" in head or SAYS["represented"].search(head)))
    ):
        return "parties"
    if mode == "present" and (SAYS["absent"].match(head) or _heading(sentence)):
        return ""
    if mode == "parties" and SAYS["parties_end"].match(head):
        return ""
    return mode


def _heading(sentence: Sentence) -> bool:
    """A line that opens the next part: numbered, or without any name."""
    numbered = bool(sentence.tokens) and sentence.tokens[0].text[0].isdigit()
    return sentence.first and (numbered or not any(m.kind in ("person", "body") for m in sentence.named))


def _day_of_sitting(sentence: Sentence, head: str, before: Sequence[Sentence]) -> DateValue | None:
    """The day that a sentence near the head of minutes gives to the sitting."""
    sat = _sat(sentence, before) if len(before) < HEAD else None
    headed = len(before) < HEAD - 1 or SAYS["sits"].search(head)
    return sat or (_sitting(sentence, head) if headed else None)


def _sitting(sentence: Sentence, head: str) -> DateValue | None:
    """The day of a heading such as « Séance du 15 février 2018 »."""
    if (
        not SAYS["sitting"].search(head)
        or len(sentence.tokens) > 25
        or SAYS["acts"].search(" ".join(t.text for t in sentence.tokens))
    ):
        return None
    for mention in sentence.named:
        if isinstance(mention.value, DateValue) and mention.value.precision == "day":
            return mention.value
    return None


def _sat(sentence: Sentence, before: Sequence[Sentence]) -> DateValue | None:
    """The day that opens the first sentence of minutes, under their heading: « Le 28 juin 2016, le conseil s'est réuni »."""
    first = sentence.named[0] if sentence.named else None
    if first is None or not isinstance(first.value, DateValue) or first.value.precision != "day":
        return None
    opens = sentence.first and any(token.mention is first for token in sentence.tokens[:2])  # behind « Le »
    headed = any(SAYS["sitting"].search(line.opening) for line in before)
    return first.value if opens and headed and SAYS["sat"].search(sentence.low) else None


def is_sheet_date(sentence: Sentence, pieces: Pieces) -> bool:
    """Whether a line is the « Date : … » of a reference sheet."""
    return bool(sentence.first and pieces.clients and SAYS["sheet_date"].match(sentence.opening))


def sheet_participants(pieces: Pieces) -> list[Mention]:
    """The first client, the whole team, the main sum."""
    return pieces.clients[:1] + pieces.team + pieces.budget[:1]


def signatories(pieces: Pieces) -> list[Mention]:
    """The parties of the deed, each once, under the name it is brought in by."""
    return list({party.entity_id or party.surface.casefold(): party for party in reversed(pieces.parties)}.values())


def signers(parsed: Sequence[Parsed], index: int) -> list[Mention]:
    """Who signs below « Fait à »: line by line, a person, and the body a line is signed « pour »; of one line, its person."""
    block: list[Sentence] = []
    for row in parsed[index + 1 : index + 1 + MOST_SIGNERS]:
        named = {m.kind for m in row.sentence.named}
        beside = (row.sentence.page, row.sentence.line) == (parsed[index].sentence.page, parsed[index].sentence.line)
        if not named and row.sentence.low.endswith(",") and len(row.sentence.tokens) < SIGNATURE:
            continue  # « Le directeur, »: the name stands on the next line
        if (
            not (row.sentence.first or beside)
            or len(row.sentence.tokens) > SIGNATURE
            or named & {"date", "amount", "quantity", "law"}
        ):
            break
        if "person" not in named and not row.sentence.opening.startswith("pour "):
            break
        block.append(row.sentence)
    own = [m for m in parsed[index].sentence.named if m.kind == "person"]
    persons = [m for sentence in block for m in sentence.named if m.kind == "person"]
    bodies_ = [m for s in block if s.opening.startswith("pour ") for m in s.named if m.kind == "body"]
    return own or (persons + bodies_ if len(block) > 1 else persons)


def vote_verb(parsed: Parsed, text: str, lexis: Lexis, listed: bool) -> int | None:
    """Index of the verb of a vote: « - APPROUVE … », or « - d'approuver … » in a list that « décide : » opens."""
    tokens = parsed.sentence.tokens
    skipped = SAYS["vote_head"].match(parsed.sentence.low)
    start = parsed.sentence.start + (skipped.end() if skipped else 0)
    first = next((i for i, token in enumerate(tokens) if token.start >= start), None)
    if first is None or tokens[first].mention:
        return None
    word = text[tokens[first].start : tokens[first].end]
    shouted = word.isupper() and len(word) > 3
    if not shouted and not (listed and tokens[first].text in ("d'", "de")):
        return None
    if SAYS["empowers"].match(" ".join(token.text for token in tokens[first : first + 5]).replace("' ", "'")):
        return None
    if shouted:
        readings = lexis.bare_present.get(bare(word), "")
        decided = readings in lexis.verbs["decides"] | lexis.verbs["votes"]
        return first if decided and len(tokens) - first > 3 else None
    forms = lexis.forms.get(tokens[first + 1].text, ()) if first + 1 < len(tokens) else ()
    return first + 1 if any(form.tense == "infinitive" for form in forms) else None
