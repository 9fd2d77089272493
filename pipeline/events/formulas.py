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

from .clauses import Parsed
from .lexis import Lexis, bare
from .text import Sentence

PRESENT = re.compile(
    r"(?:étaient |etaient |membres )?(?:présents?|presents?|présentes?|participants?|liste des présents|[àa] la tribune"
    r"|assist(?:ent|aient)(?: également)? (?:à|a) la (?:séance|réunion)|en présence de|ont pris part)\b"
)
ABSENT = re.compile(r"(?:(?:absents?|absente?s?|excusés?|excusée?s?|excuses|diffusion|pouvoirs?)\b|absent)")
PLACE_LINE = re.compile(r"lieu\s*:")
PARTIES = re.compile(r"entre\b(?!\s+\d)")
PARTIES_END = re.compile(
    r"il (?:a été|a ete|est) |préambule|preambule|article|titre |exposé|expose|vu |considérant|étant |fait à"
)
EMPOWERED = re.compile(r"\bd[ée]lib[ée]rations?\b|\bdont (?:la|le|l')?\s?$")
DONE = re.compile(r"fait (?:à|a|en)\b")
SAME_DAY = re.compile(r"jour ?,? mois et an|le jour même|même jour")
ANONYMOUS = re.compile(r"(?:anciennement|ex-?|autrefois|naguère|aux droits (?:de|du|des)(?: la| l')?)\s*$")
MADE_FOR = re.compile(
    r"\b(?:étude|évaluation|mission|diagnostic|rapport|enquête|document|audit|note)\b(?: [a-zéèà'-]+){0,4} ?"
    r"(?:réalisée?|conduite?|menée?|établie?|rédigée?|commandée?) (?:pour|à la demande de|par)(?: le compte de)?"
    r"(?: la| le| l'| les)?$"
)
MADE_BY = re.compile(r"\bpar (?:le |la |l')?(?:cabinet|bureau d'études?|agence|société|groupement|atelier)?")
AWARDED = re.compile(
    r"\b(?:marché|suivi-animation|accord-cadre|mission|maîtrise d'œuvre)\b.*\b(?:notifié|attribué|confié)e?s?\b.*"
    r"\b(?:au groupement|à l'équipe|au cabinet|à l'agence|au bureau d'études?)(?: [a-z]+)?$"
)
LISTED = re.compile(
    r"(?:\( ?(?:mandataire|co-?traitant)[a-z ]*\)|\)|\()? ?,?"
    r"(?: ?(?:,|et|–|-|—|/|\)|\(|avec|en association avec|associée? à|en groupement avec))?(?: ?(?:de )?(?:la|le|l'|les|\(|–))?"
)
OWNER = re.compile(r", maître d' ?ouvrage\b")
CHAIR = re.compile(r"sous la présidence de ?")
CLIENT = re.compile(
    r"(?:maîtrise|maître|maîtres|maitrise|maitre|maîtrises)s? d'ouvrage(?: associée?s?| déléguée?s?)?\s*:|commanditaires?\s*:"
    r"|clients?\s*:|concédants?\s*:|autorité concédante\s*:|mandants?\s*:"
    r"|donneurs? d'ordres?\s*:|pouvoir adjudicateur\s*:|pour le compte de\s*:"
)
TEAM = re.compile(
    r"(?:équipe|equipe|groupement|mandataires?|co-?traitants?|sous-traitants?|prestataires?|titulaires?|bureaux? d'études?"
    r"|maîtrise d'œuvre|maître d'œuvre|attributaires?|concessionnaires?|aménageurs?|délégataires?)(?: [a-zéè' ]{0,20})?\s*:"
)
PARTNERS = re.compile(r"partenaires?(?: [a-zéè]{0,12})?\s*:")
BUDGET = re.compile(r"(?:budget|montant|coût|cout|honoraires?|enveloppe|rémunération|prix)(?: [a-zéèô' ]{0,30})?\s*:")
SHEET_DATE = re.compile(r"(?:dates?|périodes?|années?|calendrier|durée|réalisation|mission|dates? de [a-z ]+)\s*:")
SITTING = re.compile(
    r"\b(?:séance|seance|réunion|reunion|soirée|comité|comite|commission|assemblée|assemblee|conseil|bureau)\b"
)
ACTS = re.compile(r"\b(?:a|ont|est|sont|sera|seront|avait|fut)\b(?! r[ée]uni)")
VOTE_HEAD = re.compile(r"\s*(?:[-–•—*]|\d{1,2}[.)°]|[a-z]\)|article \w+\s*(?:er)?\s*[:.–-]+)?\s*")
DELIBERATES = re.compile(r"\b(?:conseil|comité|commission|assemblée|bureau|jury|motion|délibération|procès-verbal)\b")
COUNTED = re.compile(r"\b(?:unanimité|majorité|voix|à main levée|désignée? secrétaire|abstentions?)\b")
ARTICLE = re.compile(r"article \w+\b")
DECISIONS = re.compile(r"(?:\d+ ?[.)–-] ?)?(?:relevé (?:de|des) )?d[ée]cisions?(?: prises)?(?: :)?$")
ADOPTED = frozenset({"adopter", "approuver", "valider", "voter", "entériner"})
EMPOWERS = re.compile(r"(?:de |d')?donner? (?:tous?|tout) (?:les )?pouvoirs?\b")
MOST_SIGNERS = 12
SIGNATURE = 14  # tokens of a line of signature
GENERIC = re.compile(
    r"(?:l')?(?:agence|ville|commune|office|région|département|chambre|délégation|caisse|collectivité|métropole|municipalité)$"
)


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
        if not ANONYMOUS.search(former.replace(" -", "-")):
            out.append(token.mention)
    return out


def read_pieces(sentences: Sequence[Sentence], title: str = "") -> Pieces:
    """One pass over the document for its set pieces; ``title`` in plain words, for a line that repeats it heads nothing."""
    pieces = Pieces()
    mode, begun = "", False
    for number, sentence in enumerate(sentences):
        head = sentence.opening
        sums = any(m.kind in ("amount", "quantity") for m in sentence.mentions())
        titled = number < 5 and "".join(sentence.low.split()) == "".join(title.split())
        heads = number < 5 and len(sentence.tokens) < 15 and ":" not in head and not sums and not titled
        if heads and not begun:
            pieces.letterhead += bodies(sentence)
            pieces.ground += bodies(sentence, ("site",)) + bodies(sentence, ("place",))[:1]
        mode = _mode(mode, head, sentence)
        if number < 15:
            pieces.chair += [m for m, words in introduced(sentence) if m.kind == "person" and CHAIR.search(words)]
        if mode == "present":
            pieces.attendance += bodies(sentence, ("person", "body"))
        elif mode == "parties":
            cited = {m.mention_id for m, words in introduced(sentence) if EMPOWERED.search(words)}
            pieces.parties += [m for m in bodies(sentence) if m.mention_id not in cited]
        if PLACE_LINE.match(head):
            pieces.attendance += bodies(sentence, ("place",))[:1]
        if sentence.first and (CLIENT.match(head) or TEAM.match(head) or PARTNERS.match(head)):
            _labelled(pieces, sentence)
        elif TEAM.match(head):
            pieces.team += bodies(sentence)
        else:
            _commission(pieces, sentence, number)
        if BUDGET.match(head):
            pieces.budget += bodies(sentence, ("amount",))[:1]
        if pieces.sitting is None and (
            number < 4 or (number < 15 and re.search(r"\b(?:s[ée]ance|r[ée]union|soirée)\b", head))
        ):
            pieces.sitting = _sitting(sentence, head)
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


def _labelled(pieces: Pieces, sentence: Sentence) -> None:
    """« Concédant : X – Concessionnaire : Y »: each body under the label before it."""
    former = {m.mention_id for m in sentence.mentions()} - {m.mention_id for m in bodies(sentence)}
    into: list[Mention] = []
    for mention, words in introduced(sentence):
        label = re.sub(r" :", ":", words)
        for pattern, kept in ((CLIENT, pieces.clients), (TEAM, pieces.team), (PARTNERS, pieces.partners)):
            if pattern.search(label):
                into = kept
        if mention.kind == "body" and mention.mention_id not in former:
            into.append(mention)


def _commission(pieces: Pieces, sentence: Sentence, number: int) -> None:
    """« Étude réalisée pour X par Y », « Marché notifié au groupement Y – Z », « X, maître d'ouvrage »: who asked whom."""
    into: list[Mention] | None = None
    opened = ""
    for mention, words in introduced(sentence):
        opened = f"{opened} {words}"
        if number < 6 and MADE_FOR.search(opened):
            into, opened = pieces.clients, ""
        elif into is pieces.clients and MADE_BY.search(words):
            into = pieces.team
        elif AWARDED.search(opened):
            into, opened = pieces.team, ""
        elif into is not None and not LISTED.fullmatch(words.strip()):
            into = None
        if mention.kind == "body" and into is not None:
            into.append(mention)
    for i, token in enumerate(sentence.tokens[:-3]):
        if token.mention and token.mention.kind == "body":
            owner = " ".join(t.text for t in sentence.tokens[i + 1 : i + 5])
            if OWNER.match(owner):
                pieces.clients.append(token.mention)


def _mode(mode: str, head: str, sentence: Sentence) -> str:
    """Which list the sentence stands in."""
    if PRESENT.match(head):
        return "present"
    if (
        head == "entre"
        or head.endswith("entre :")
        or (PARTIES.match(head) and (":" in head or "soussigné" in head or re.search(r"représentée?|d'une part", head)))
    ):
        return "parties"
    if mode == "present" and (ABSENT.match(head) or _heading(sentence)):
        return ""
    if mode == "parties" and PARTIES_END.match(head):
        return ""
    return mode


def _heading(sentence: Sentence) -> bool:
    """A line that opens the next part: numbered, or without any name."""
    numbered = bool(sentence.tokens) and sentence.tokens[0].text[0].isdigit()
    return sentence.first and (numbered or not any(m.kind in ("person", "body") for m in sentence.mentions()))


def _sitting(sentence: Sentence, head: str) -> DateValue | None:
    """The day of a heading such as « Séance du 15 février 2018 »."""
    if not SITTING.search(head) or len(sentence.tokens) > 25 or ACTS.search(" ".join(t.text for t in sentence.tokens)):
        return None
    for mention in sentence.mentions():
        if isinstance(mention.value, DateValue) and mention.value.precision == "day":
            return mention.value
    return None


def is_sheet_date(sentence: Sentence, pieces: Pieces) -> bool:
    """Whether a line is the « Date : … » of a reference sheet."""
    return bool(sentence.first and pieces.clients and SHEET_DATE.match(sentence.opening))


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
        if (
            not row.sentence.first
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
    skipped = VOTE_HEAD.match(parsed.sentence.low)
    start = parsed.sentence.start + (skipped.end() if skipped else 0)
    first = next((i for i, token in enumerate(tokens) if token.start >= start), None)
    if first is None or tokens[first].mention:
        return None
    word = text[tokens[first].start : tokens[first].end]
    if EMPOWERS.match(" ".join(token.text for token in tokens[first : first + 5]).replace("' ", "'")):
        return None
    if word.isupper() and len(word) > 3:
        readings = lexis.bare_present.get(bare(word), "")
        decided = readings in lexis.verbs["decides"] | lexis.verbs["votes"]
        return first if decided and len(tokens) - first > 3 else None
    if listed and tokens[first].text in ("d'", "de") and first + 1 < len(tokens):
        forms = lexis.forms.get(tokens[first + 1].text, ())
        return first + 1 if any(form.tense == "infinitive" for form in forms) else None
    return None
