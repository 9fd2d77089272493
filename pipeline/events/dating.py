"""Which dates are dates of events.

Why: nearly every date of an administrative text dates an act; the others (a state measured at a date, a limit, a title's
range, a dateline, a plan taken back) would fill a chronology with things nobody did.
Idea: a date is an event's unless its clause gives a reason against. The reasons are few, each a small function with a name
in ``REASONS``, so that a date that was refused can be explained.
Limits: irony, conditionals of the press and plans taken back three sentences later are beyond it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from pipeline.records import DateValue, Mention

from .clauses import Clause, Parsed
from .lexis import Lexis, bare, plain
from .triggers import before, leading_verbs, main_of, negated, words_of
from .verbs import Form

TITLE_RANGE = re.compile(r"(?:1[89]|20)\d{2}\s?[-–/]\s?(?:1[89]|20)?\d{2}$")
ARTICLES = r"(?:\s?:)?(?:\s(?:le|la|les|l'|du|de|au|en|des|de la))*\s?$"
NOUN_TIE = re.compile(r"\b(?:du|de|des|de l'|de la)$")
VERB_TIE = re.compile(
    r"\b(?:à compter|à partir|au cours|au long|lors|à la date|en date|datée?s?|courant|issu[es]*|au mois|le mois)"
    r" (?:du|de|des|de l'|de la|d')$"
)
SAID_IN = re.compile(
    r"\bdans (?:son|sa|ses|leurs?|une?|l[ea]) (?:rapport|note|lettre|courrier|avis|étude|discours|communiqué|référé)"
    r"(?: \w+)? (?:du|de|d')\s?$"
)
QUALIFIED = (
    r"(?: [a-zêè]{3,})?"
    r"(?: (?:primitif|supplémentaire|principal|annexe|commune|communal|n ° ?\d+))*(?: de l'| de la| de| du| des)?"
    r"(?: (?:année|exercice|commune))?\s?$"
)
NOTHING = re.compile(r"^(?:- )?(?:pas d|aucune? )|sans jamais")
RESIDING = ("habiter", "vivre", "arriver", "emménager", "travailler", "être", "avoir")
ASSEMBLY = re.compile(r"comité|conseil|commission|assemblée|bureau|ciadt?\b|c\.?i\.?v\b")
BEGINS = re.compile(r"\bà (?:partir|compter) (?:du|de|d')$")
SINCE = re.compile(r"\bdepuis(?: la rentrée d[e']?)?(?: l[ae]'?)?$")
WITHIN = re.compile(r"\bd'ici(?: à| au)?(?: l[ae]'?)?$")
AIMED = re.compile(r"\b(?:pour|dès)\b")
SAID = frozenset({"promettre", "annoncer"})
LEFT = frozenset({"rester", "demeurer", "attendre", "manquer"})
RESTATES = frozenset(
    [",", "(", "jour", "pour", "soit", "c'", "est-à-dire", "le", "en", "au", "à", "l'", "la", "presque"]
)
OTHER_PAPER = re.compile(
    r"\bavenants?\b.*\b(?:à|de|sur) (?:la |l'|le )?(?:convention|protocole|contrat|accord|charte|marché)\b[^,;:]* du$"
)
POINTING = re.compile(r"\b(?:celui|celle|ceux|celles) (?:de|du|des)(?: l'| la| le)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A date that may date an event: where it stands, the words before it, the verbs of its clause."""

    parsed: Parsed
    clause: Clause
    at: int
    mention: Mention | None
    near: str
    words: str
    lemmas: list[str]
    finite: Form | None
    lexis: Lexis

    @property
    def surface(self) -> str:
        """The date's plain words."""
        return plain(self.mention.surface).strip() if self.mention else ""

    def before(self, phrases: str, between: str = ARTICLES) -> bool:
        """Whether a phrase of the table stands just before the date."""
        return re.search(self.lexis.phrases[phrases].pattern + between, self.near) is not None


def other_thing(c: Candidate) -> bool:
    """« mise à jour le », « sauf en »: the date of something else."""
    following = c.parsed.sentence.tokens[c.at + 1].text if c.at + 1 < len(c.parsed.sentence.tokens) else ""
    founded = following in ("de", "du", "d'") and c.near.endswith(("né en", "née en"))  # « Né en 2014 de la fusion de »
    return c.before("excluded_before") and not founded


def title_range(c: Candidate) -> bool:
    """« CPER 2000-2006 », « Note sur …, 1983-2004 »: what a title or a paper covers."""
    if not TITLE_RANGE.match(c.surface) or c.at == 0:
        return False
    tokens = c.parsed.sentence.tokens
    ends = tokens[-1].text not in ".;:" and c.at >= len(tokens) - 2 and not c.parsed.sentence.bullet
    if not c.clause.verbs and (ends or c.lexis.phrases["papers"].search(c.words)):
        return True
    previous = tokens[c.at - 2] if tokens[c.at - 1].text in "()" and c.at > 1 else tokens[c.at - 1]
    programme = previous.mention is not None and previous.mention.kind == "programme"
    return programme or previous.text in ("»", "plan", "cper", "période", "plh")


def open_to_readers(c: Candidate) -> bool:
    """How long something may be read or asked for."""
    return c.lexis.phrases["consulted"].search(c.words.replace("' ", "'")) is not None


def heading(c: Candidate) -> bool:
    """« ce qui change cette année »: a heading that points at its own day."""
    pointing = c.lexis.phrases["now"].fullmatch(c.surface) is not None
    return pointing and c.parsed.sentence.tokens[-1].text not in ".;:"


def only_pointing(c: Candidate) -> bool:
    """« celui de 1963 »."""
    return POINTING.search(c.near) is not None


def limit(c: Candidate) -> bool:
    """« avant le … », unless someone must act (« doit dévoiler avant la fin de l'année »)."""
    if not c.before("limit", r"(?:\s(?:le|la|les|l'|du|au|fin))*\s?$"):
        return False
    coming = c.finite is not None and c.finite.lemma == "devoir"
    if c.finite is not None and c.finite.tense == "future" and WITHIN.search(c.near):
        return False  # « seront relogées d'ici à juin »: someone is to do it
    last = [form for i, form in c.clause.verbs.items() if i < c.at]
    infinitive = bool(last) and last[-1].tense == "infinitive" and all(form.lemma != "devoir" for form in last)
    return not coming or infinitive


def denied(c: Candidate) -> bool:
    """It did not happen; « la réunion du 27 mars n'appelle pas d'observation » did."""
    if _met(c):
        return False
    return negated(c.parsed, c.clause, c.lexis) or NOTHING.search(c.words) is not None


def _met(c: Candidate) -> bool:
    """Whether the date is that of a meeting or a visit the clause only speaks of."""
    noun = bare(re.sub(r"^[ld]'", "", c.near.split(" ")[-2])) if goes_with_noun(c.near) and " " in c.near else ""
    gathers = any(kind.name in ("meeting", "visit") for kind in c.lexis.by_noun.get(noun, ()))
    return gathers and not {"tenir", "avoir", "réunir", "lieu"} & set(c.lemmas) and "lieu" not in c.words.split()


def should_have(c: Candidate) -> bool:
    """« devait s'achever le … »."""
    return c.finite is not None and c.finite.lemma == "devoir" and c.finite.tense == "imperfect"


def wish(c: Candidate) -> bool:
    """« pourra », « recommande », « il serait souhaitable »; « recommandait dans son rapport de mai » dates the paper."""
    if SAID_IN.search(before(c.parsed, c.at, 6)):
        return False
    might = c.finite is not None and c.finite.lemma == "pouvoir" and c.finite.tense != "past"
    asked = [i for i, form in c.clause.verbs.items() if form.tense == "infinitive" and form.lemma != "être"]
    if c.finite is not None and c.finite.lemma == "demander" and asked and asked[0] < c.at:
        return True
    sentence = " ".join(token.text for token in c.parsed.sentence.tokens)
    return (
        might
        or (c.clause.kind != "relative" and c.lexis.phrases["wished"].search(sentence) is not None)
        or bool(c.lemmas and c.lemmas[0] in c.lexis.verbs["wish"])
    )


def rumour(c: Candidate) -> bool:
    """« une fête qui, selon plusieurs témoins, aurait marqué l'été 1981 »."""
    return c.finite is not None and c.finite.lemma == "avoir" and c.finite.tense == "conditional"


def decade_of_a_noun(c: Candidate) -> bool:
    """« la rénovation des années 2000 s'adressait … »."""
    imperfect = c.finite is not None and c.finite.tense == "imperfect"
    return c.surface.startswith("années") and c.near.endswith("des") and imperfect


def own_life(c: Candidate) -> bool:
    """« je suis née en 1950 »."""
    return any(word in ("je", "j'") for word in c.words.split()[:4]) and bool({"naître", *RESIDING} & set(c.lemmas))


def measure(c: Candidate) -> bool:
    """« a reculé de 6 % entre 2015 et 2017 »."""
    if _aside(c):
        return True
    figures = any(m.kind == "quantity" for m in c.parsed.mentions(c.clause))
    lasting = c.finite is not None and c.finite.tense == "imperfect" and c.finite.lemma not in ("être", "avoir")
    share = any("%" in m.surface for m in c.parsed.mentions(c.clause) if m.kind == "quantity")
    if c.finite is not None and c.finite.lemma == "être" and not c.lemmas and share:
        return True
    reached = c.finite is not None and c.finite.tense == "imperfect" and re.search(r"\b(?:au|fin|à la fin de)$", c.near)
    if figures and reached and c.finite is not None and c.finite.lemma in ("être", "avoir"):
        return True
    return bool(c.lemmas) and figures and (lasting or c.lemmas[0] in c.lexis.verbs["measure"])


def _aside(c: Candidate) -> bool:
    """« Le quartier (11 400 habitants en 1999) », « la vacance, de 17 % en 1988, »: a figure and its year, no verb."""
    tokens = c.parsed.sentence.tokens
    if c.at < 4 or tokens[c.at - 1].text not in ("en", "au", "fin") or c.at + 1 >= len(tokens):
        return False
    figure, opened = tokens[c.at - 2].mention, tokens[c.at - 3].text
    counted = figure is not None and figure.kind == "quantity"
    enclosed = (opened, tokens[c.at + 1].text) == ("(", ")") or (opened == "de" and tokens[c.at + 1].text in ",;)")
    return counted and enclosed


def once_meant(c: Candidate) -> bool:
    """« était annoncée pour 2016 », « fut envisagé en 1995 », « on songe à étendre »: a plan the text looks back on."""
    if not c.lemmas or c.finite is None:
        return False
    if c.lemmas[0] in ("envisager", "songer"):
        return c.finite.tense not in ("future", "conditional")
    if c.finite.lemma == "avoir" and c.finite.tense == "imperfect" and c.lemmas[0] == "fixer":
        return True  # « sa réception avait été fixée à la mi-2009 »
    imperfect = c.finite.lemma == "être" and c.finite.tense == "imperfect"
    meant = imperfect and c.lemmas[0] in c.lexis.verbs["intent"]
    return meant and re.search(r"\b(?:pour|dès)(?: l[ae']?)?$", c.near) is not None


def exercise(c: Candidate) -> bool:
    """« le budget 2012 », « le rapport d'activités 2011 », « l'exercice 1975 »: the year a paper or a price is of."""
    whole = c.surface[:4].isdigit() and len(c.surface) in (4, 9)
    near = re.sub(r"\b[ld]'", "", c.near)
    return whole and re.search(c.lexis.phrases["exercise"].pattern + QUALIFIED, near) is not None


def cited(c: Candidate) -> bool:
    """« Bâtir pour l'atome, 1977, p. 52 »: the year of a book."""
    after = [token.text for token in c.parsed.sentence.tokens[c.at + 1 : c.at + 4]]
    return after[:2] in ([",", "p"], [",", "pp"], [",", "n"])


def compared(c: Candidate) -> bool:
    """« 13 M€, contre 11,8 M€ à l'avenant de 2008 »: a figure held against another."""
    tokens = c.parsed.sentence.tokens
    for i in range(c.at - 1, max(0, c.at - 8), -1):
        figure = tokens[i].mention
        if figure and figure.kind in ("amount", "quantity") and tokens[i - 1].text == "contre":
            return not any(i < j < c.at for j in c.clause.verbs)
    return False


def state(c: Candidate) -> bool:
    """A verb of state; « depuis » tells when the state began, except of where someone lives."""
    if not c.lemmas or c.lemmas[0] not in c.lexis.verbs["state"]:
        return False
    if SINCE.search(c.near) and c.lemmas[0] not in c.lexis.verbs["residence"]:
        return False
    participle = any(f.lemma == c.lemmas[0] and f.tense == "participle" for f in c.clause.verbs.values())
    if BEGINS.search(c.near) and c.finite is not None and c.finite.tense == "future":
        return False  # « occupera, à partir du 1er mai, un local »
    made = c.lemmas[0] in ("établir", "porter", "dater") and c.clause.kind == "participle"
    made = made or _comes_about(c)
    return not (made or (c.lemmas[0] == "élever" and participle))


def _comes_about(c: Candidate) -> bool:
    """« est passé en comité », « le collectif se constitue », « l'arrêté portant … »: verbs of state that tell an act."""
    text = c.words.split()
    if c.lemmas[0] == "passer":
        return c.finite is not None and c.finite.lemma == "être"
    if c.lemmas[0] == "dater":
        return c.near.endswith("du")  # a convention « date du 3 mai », a tower « date de 1961 »
    if c.lemmas[0] == "constituer":
        return "se" in text or "s'" in text
    return "portant" in text


def taken_back(c: Candidate) -> bool:
    """A plan (« prévue à la fin 2012 ») that the main clause denies, or dates otherwise."""
    if c.clause.kind != "participle" or not c.lemmas:
        return False
    main = main_of(c.clause)
    aimed = AIMED.search(c.near) is not None
    if c.lemmas[0] in SAID and not aimed:
        return False  # « promise au printemps 1966 »: the day it was said
    if aimed and c.lemmas[0] in c.lexis.verbs["intent"] and main and any(f.lemma in LEFT for f in main.verbs.values()):
        return True
    past = c.lexis.phrases["superseded"].search(before(c.parsed, max(c.clause.verbs, default=0), 6)) is not None
    redated = main is not None and any(m.kind == "date" for m in c.parsed.mentions(main))
    if past and (redated or c.lemmas[0] in c.lexis.verbs["intent"]):
        return True
    if c.lemmas[0] not in c.lexis.verbs["intent"]:
        return False
    if main is None or main.finite is None:
        return False
    if any(form.lemma in c.lexis.verbs["undoes"] for form in main.verbs.values()):
        return True
    words = words_of(c.parsed, main).split(" ")
    dated = any(m.kind == "date" for m in c.parsed.mentions(main))
    restricted = (dated or "n'" in words or "ne" in words) and c.lemmas[0] != "annoncer"
    return negated(c.parsed, main, c.lexis) or restricted


def noun_beside(c: Candidate) -> bool:
    """« abattues en juin 1983, à la suite des violences de l'été 1981 »: the clause has its date, this one is a noun's.

    So for « a annoncé hier la prolongation jusqu'en 2026 ». Not where that noun is an act (« l'incendie du 14 avril ») or
    what it was done by (« par l'avenant du 22 décembre »).
    """
    until = re.search(r"jusqu'(?:en|à|au)(?: la| l')?$", c.near) is not None
    if not c.clause.verbs or not (until or goes_with_noun(c.near)):
        return False
    if _sat_on(c):
        return False
    near = before(c.parsed, c.at, 5).split()
    noun = re.sub(r"^[ld]'", "", near[-2]) if len(near) > 1 else ""
    if "par" in near or (bare(noun) in c.lexis.by_noun and not c.lexis.phrases["papers"].fullmatch(noun)):
        return False
    return any(i != c.at and _free_date(c, i) for i in c.clause.tokens)


def _sat_on(c: Candidate) -> bool:
    """« Le comité interministériel (C.I.V.) du 1er octobre a décidé »: an assembly by the day it sat."""
    tokens = c.parsed.sentence.tokens
    i = c.at - 2
    if i > 2 and tokens[i].text == ")":
        i -= 3
    mention = tokens[i].mention if i >= 0 else None
    assembly = mention is not None and mention.kind == "body" and ASSEMBLY.match(plain(mention.surface))
    return bool(assembly) and c.clause.finite is not None and c.clause.finite > c.at


def goes_with_noun(near: str) -> bool:
    """Whether the words before a date tie it to a noun (« la convention du »), not to the verb (« à compter du »)."""
    return NOUN_TIE.search(near) is not None and VERB_TIE.search(near) is None


def _free_date(c: Candidate, i: int) -> bool:
    """Whether token ``i`` is a date that goes with the verb and is not listed beside the candidate."""
    tokens = c.parsed.sentence.tokens
    mention = tokens[i].mention
    if mention is None or mention.kind != "date" or TITLE_RANGE.match(plain(mention.surface).strip()):
        return False
    between = range(min(i, c.at) + 1, max(i, c.at))
    listed = abs(i - c.at) <= 3 and any(tokens[j].text in ("et", ",") for j in between)
    return not listed and not goes_with_noun(before(c.parsed, i))


def of_other_paper(c: Candidate) -> bool:
    """« Avenant à la convention du 11 juillet 2018 »: the day of the paper that is changed, not of the change."""
    return OTHER_PAPER.search(before(c.parsed, c.at, 10)) is not None


def said_fuller(c: Candidate) -> bool:
    """« Onze ans plus tard, le 11 octobre 1994 », « en 2004 … le 3 mai 2004 »: the fuller date dates the event."""
    tokens = c.parsed.sentence.tokens
    own = c.mention.value if c.mention else None
    if not isinstance(own, DateValue) or own.precision in ("range", "decade", "century"):
        return False
    for i, token in enumerate(tokens):
        value = token.mention.value if token.mention and i != c.at else None
        if not isinstance(value, DateValue) or not own.date_from <= value.date_from <= value.date_to <= own.date_to:
            continue
        beside = i > c.at and all(tokens[j].text in RESTATES for j in range(c.at + 1, i))
        if beside or (value != own and i in c.clause.tokens and not goes_with_noun(before(c.parsed, i))):
            return True
    return False


REASONS: tuple[Callable[[Candidate], bool], ...] = (
    other_thing,
    title_range,
    open_to_readers,
    heading,
    only_pointing,
    of_other_paper,
    said_fuller,
    noun_beside,
    limit,
    denied,
    should_have,
    wish,
    rumour,
    decade_of_a_noun,
    own_life,
    measure,
    compared,
    once_meant,
    exercise,
    cited,
    state,
    taken_back,
)


def refusal(parsed: Parsed, at: int, clause: Clause, lexis: Lexis) -> str | None:
    """The name of the reason why the date at token ``at`` dates no event; ``None`` where nothing speaks against."""
    candidate = Candidate(
        parsed=parsed,
        clause=clause,
        at=at,
        mention=parsed.sentence.tokens[at].mention,
        near=before(parsed, at),
        words=words_of(parsed, clause),
        lemmas=[form.lemma for _, form in leading_verbs(clause, lexis)],
        finite=clause.verbs.get(clause.finite) if clause.finite is not None else None,
        lexis=lexis,
    )
    return next((reason.__name__ for reason in REASONS if reason(candidate)), None)
