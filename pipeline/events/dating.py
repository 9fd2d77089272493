"""Which dates are dates of events, and whether the event happened or is planned.

Why: nearly every date of an administrative text dates an act; the others (a state measured at a date, a limit, a title's
range, a dateline, a plan taken back) would fill a chronology with things nobody did.
Idea: a date is an event's unless its clause gives a reason against. The reasons are few, and each has a name, so that a
date that was refused can be explained.
Limits: irony, conditionals of the press and plans taken back three sentences later are beyond it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from pipeline.records import Certainty, DateValue, Mention

from .clauses import Clause, Parsed
from .lexis import EventKind, Lexis, bare, plain
from .verbs import Form

MONTHS = {
    name: number
    for number, name in enumerate(
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ],
        start=1,
    )
}
LAW_DATE = re.compile(r"\b(\d{1,2})(?:er)?\s+(" + "|".join(MONTHS) + r")\s+(\d{4})\b")
TITLE_RANGE = re.compile(r"(?:1[89]|20)\d{2}\s?[-–/]\s?(?:1[89]|20)?\d{2}$")
SETTING = frozenset(
    {"créer", "instituer", "fonder", "instaurer", "établir", "devenir", "dissoudre", "supprimer", "renommer"}
)
NOUN_TIE = re.compile(r"\b(?:du|de|des|de l'|de la)$")
VERB_TIE = re.compile(
    r"\b(?:à compter|à partir|au cours|au long|lors|à la date|en date|datée?s?|courant|issue?s?|au mois|le mois) (?:du|de|des|de l'|de la|d')$"
)
LISTS = re.compile(
    r"\b(?:fixant|approuvant|créant|désignant|portant (?:création|nomination|dissolution|approbation))\b"
)
SUPPORT = frozenset(
    {"avoir", "être", "devoir", "pouvoir", "aller", "faire", "permettre", "intervenir", "survenir", "prévoir", "donner"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The word that makes a clause an event, and the kind it calls for."""

    text: str
    kind: str
    index: int


def law_date(mention: Mention) -> DateValue | None:
    """The day in a statute's reference (« loi n° 2003-710 du 1er août 2003 »); ``None`` where it holds none."""
    match = LAW_DATE.search(plain(mention.surface))
    if match is None:
        return None
    try:
        day = date(int(match[3]), MONTHS[match[2]], int(match[1]))
    except ValueError:
        return None
    return DateValue(date_from=day, date_to=day, precision="day")


def words_of(parsed: Parsed, clause: Clause) -> str:
    """Plain text of a clause's own words; a mention stands as it is."""
    return " ".join(parsed.sentence.tokens[i].text for i in clause.tokens)


def _pick(kinds: tuple[EventKind, ...], text: str) -> EventKind | None:
    """The kind meant, of those a trigger may call for: one whose needed words are there, else the first without needs."""
    met = [kind for kind in kinds if kind.needs and any(re.search(rf"\b{word}\b", text) for word in kind.needs)]
    free = [kind for kind in kinds if not kind.needs]
    return (met or free or [None])[0]


def leading_verbs(clause: Clause) -> list[tuple[int, Form]]:
    """The verbs of a clause that carry its meaning, best first: what follows an auxiliary or a modal, then the finite one."""
    forms = list(clause.verbs.items())
    full = [(i, form) for i, form in forms if form.lemma not in SUPPORT]
    rest = [(i, form) for i, form in forms if form.lemma in SUPPORT and form.lemma not in ("être", "avoir")]
    acting = [row for row in full if row[1].tense != "infinitive"]
    meant = [row for row in full if row[1].tense == "infinitive"]
    return acting + meant + rest


def find_trigger(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> Trigger | None:
    """The verb or noun of the clause that says what happened. ``at`` is the date's token index."""
    text = words_of(parsed, clause)
    plainest = bare(text)
    verbs = leading_verbs(clause)
    if clause.kind == "relative" and not verbs and clause.parent:
        return find_trigger(parsed, clause.parent, at, lexis)
    nouns = [
        (kind, match) for match in lexis.nouns.finditer(plainest) if (kind := _pick(lexis.by_noun[match.group()], text))
    ]
    for index, form in verbs:
        kind = _pick(lexis.by_verb.get(form.lemma, ()), text)
        if kind:
            return Trigger(text=parsed.sentence.tokens[index].text, kind=kind.name, index=index)
    if nouns:
        kind, match = nouns[0]
        return Trigger(text=match.group(), kind=kind.name, index=clause.tokens[0])
    if verbs:
        index, _ = verbs[0]
        return Trigger(text=parsed.sentence.tokens[index].text, kind="other", index=index)
    if clause.finite is not None:
        return Trigger(text=parsed.sentence.tokens[clause.finite].text, kind="other", index=clause.finite)
    return None


def before(parsed: Parsed, at: int, width: int = 4) -> str:
    """The few words before a token, plain."""
    first = max(0, at - width)
    return " ".join(token.text for token in parsed.sentence.tokens[first:at]).replace("' ", "'")


def negated(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """« ne … pas », « aucun … ne », « ni »; not the « ne … que » that only restricts."""
    if clause.shares and clause.finite is None and clause.kind != "participle":
        return negated(parsed, clause.shares, lexis)
    words = [parsed.sentence.tokens[i].text for i in clause.tokens]
    if "ne" not in words and "n'" not in words:
        return False
    if any(word in lexis.words["negative"] for word in words):
        return True
    opened = words[1:] if words[0] in ("que", "qu'") else words
    return not ("que" in opened or "qu'" in opened)


def main_of(clause: Clause) -> Clause | None:
    """The clause whose verb decides what became of a participle's noun."""
    parent = clause.parent
    while parent and parent.finite is None and parent.parent:
        parent = parent.parent
    return parent


def refusal(parsed: Parsed, at: int, clause: Clause, lexis: Lexis) -> str | None:
    """Why the date at token ``at`` dates no event; ``None`` where nothing speaks against."""
    tokens = parsed.sentence.tokens
    mention = tokens[at].mention
    near = before(parsed, at)
    if re.search(
        lexis.phrases["excluded_before"].pattern + r"(?:\s?:)?(?:\s(?:le|la|les|l'|du|de|au|en|des|de la))*\s?$", near
    ):
        return "the date of something else"
    if mention and TITLE_RANGE.match(plain(mention.surface).strip()) and at:
        if not clause.verbs and _titled(parsed, clause, at, lexis):
            return "a title's range"
        previous = tokens[at - 2] if tokens[at - 1].text == ")" else tokens[at - 1]
        programme = previous.mention is not None and previous.mention.kind == "programme"
        if programme or previous.text in ("»", "plan", "cper", "période", "plh"):
            return "a title's range"
    words = words_of(parsed, clause).replace("' ", "'")
    if lexis.phrases["consulted"].search(words):
        return "open to readers"
    if mention and lexis.phrases["now"].fullmatch(plain(mention.surface)) and tokens[-1].text not in ".;:":
        return "a heading"
    if re.search(r"\b(?:celui|celle|ceux|celles) (?:de|du|des)(?: l'| la| le)?$", near):
        return "a date that only points"
    if (
        clause.verbs
        and near.endswith(("du", "de", "des", "de l'", "de la"))
        and _dated_otherwise(parsed, clause, at, lexis)
    ):
        return "the date of a noun beside the event"
    limit = re.search(lexis.phrases["limit"].pattern + r"(?:\s(?:le|la|les|l'|du|au|fin))*\s?$", near)
    finite = clause.verbs.get(clause.finite) if clause.finite is not None else None
    if limit and not (
        finite and (finite.tense == "future" or finite.lemma == "devoir") and not _infinitive_last(clause, at)
    ):
        return "a limit"
    if negated(parsed, clause, lexis):
        return "it did not happen"
    if (
        finite
        and finite.lemma == "devoir"
        and finite.tense in ("imperfect", "conditional")
        and finite.tense == "imperfect"
    ):
        return "a plan that did not hold"
    if finite and finite.lemma == "pouvoir" and finite.tense == "conditional":
        return "a wish"
    if (
        mention
        and plain(mention.surface).startswith("années")
        and near.endswith("des")
        and finite
        and finite.tense == "imperfect"
    ):
        return "a state"
    lemmas = [form.lemma for _, form in leading_verbs(clause)]
    if lemmas and lemmas[0] in lexis.verbs["wish"]:
        return "a wish"
    if any(word in ("je", "j'") for word in words_of(parsed, clause).split()[:4]):
        return "a life, not an act"
    if lemmas and lemmas[0] in lexis.verbs["measure"] and any(m.kind == "quantity" for m in parsed.mentions(clause)):
        return "a measure"
    if lemmas and near.endswith("depuis") and lemmas[0] not in lexis.verbs["residence"]:
        return None
    if lemmas and _only_state(parsed, clause, lemmas, lexis):
        return "a state"
    return _taken_back(parsed, clause, lemmas, lexis)


def _titled(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> bool:
    """A range of years at the end of a title, or after the name of a paper: what it covers, not what was done."""
    tokens = parsed.sentence.tokens
    last = tokens[-1].text not in ".;:" and at >= len(tokens) - 2 and not parsed.sentence.bullet
    return last or lexis.phrases["papers"].search(words_of(parsed, clause)) is not None


def _goes_with_noun(near: str) -> bool:
    """Whether the words before a date tie it to a noun (« la convention du »), not to the verb (« à compter du »)."""
    return NOUN_TIE.search(near) is not None and VERB_TIE.search(near) is None


def _dated_otherwise(parsed: Parsed, clause: Clause, at: int, lexis: Lexis) -> bool:
    """Whether the clause has a date that goes with its verb, so that « de l'été 1981 » only goes with a noun.

    Not where that noun is an act (« l'incendie du 14 avril ») or what it was done by (« par l'avenant du 22 décembre »).
    """
    tokens = parsed.sentence.tokens
    near = before(parsed, at, 5).split()
    noun = re.sub(r"^[ld]'", "", near[-2]) if len(near) > 1 else ""
    if "par" in near or (bare(noun) in lexis.by_noun and not lexis.phrases["papers"].fullmatch(noun)):
        return False
    for i in clause.tokens:
        mention = tokens[i].mention
        if i != at and mention and mention.kind == "date" and not TITLE_RANGE.match(plain(mention.surface).strip()):
            word = before(parsed, i)
            listed = any(tokens[j].text in ("et", ",") for j in range(min(i, at) + 1, max(i, at))) and abs(i - at) <= 3
            if not listed and not _goes_with_noun(word):
                return True
    return False


def _infinitive_last(clause: Clause, at: int) -> bool:
    """Whether the verb nearest before the date is an infinitive after « à » (« à signer avant le … »)."""
    last = [form for i, form in clause.verbs.items() if i < at]
    return bool(last) and last[-1].tense == "infinitive" and not any(form.lemma == "devoir" for form in last)


def _only_state(parsed: Parsed, clause: Clause, lemmas: list[str], lexis: Lexis) -> bool:
    """A verb of state, and no act named beside it."""
    return lemmas[0] in lexis.verbs["state"] and not (
        lemmas[0] in ("établir", "porter", "dater") and clause.kind == "participle"
    )


def _taken_back(parsed: Parsed, clause: Clause, lemmas: list[str], lexis: Lexis) -> str | None:
    """A plan (« prévue à la fin 2012 ») that the main clause denies, or dates otherwise."""
    if clause.kind != "participle" or not lemmas or lemmas[0] not in lexis.verbs["intent"]:
        return None
    if lexis.phrases["superseded"].search(before(parsed, max(clause.verbs, default=0), 6)):
        return "a plan that did not hold"
    main = main_of(clause)
    if main is None:
        return None
    if main.finite is not None and negated(parsed, main, lexis):
        return "a plan that did not hold"
    words = [parsed.sentence.tokens[i].text for i in main.tokens]
    dated = any((m := parsed.sentence.tokens[i].mention) is not None and m.kind == "date" for i in main.tokens)
    if main.finite is not None and (dated or "n'" in words or "ne" in words) and lemmas[0] != "annoncer":
        return "a plan that did not hold"
    return None


def certainty_of(parsed: Parsed, clause: Clause, lexis: Lexis) -> Certainty:
    """Planned where the verb is to come or the words say it was fixed for later."""
    if clause.shares and clause.finite is None and clause.kind != "participle":
        return certainty_of(parsed, clause.shares, lexis)
    finite = clause.verbs.get(clause.finite) if clause.finite is not None else None
    if finite and (
        finite.tense in ("future", "conditional") or (finite.lemma == "devoir" and finite.tense == "present")
    ):
        return "planned"
    if finite and finite.lemma == "aller" and finite.tense == "present":
        return "planned"
    text = words_of(parsed, clause).replace("' ", "'")
    return "planned" if lexis.phrases["planned"].search(text) else "happened"
