"""French verb forms, enough to see where a clause has its verb and in which tense.

Why: an event's trigger is a verb in any of its forms (« lance », « a lancé », « lancera », « lancée », « lancer »), and a
clause ends where the next verb begins. A tagger would cost more time than the whole budget of the room.
Idea: third persons, participles and infinitives are made from infinitives by some twenty endings families; every form
keeps its infinitive and its tense. Over-generation is harmless: a form nobody writes matches nothing.
Limits: no first or second person (administrations do not use them of events); whether « porte » is a verb or a noun is
decided by the word before it (``clauses.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

Tense = Literal["present", "imperfect", "past", "future", "conditional", "participle", "gerund", "infinitive"]
FINITE: frozenset[Tense] = frozenset({"present", "imperfect", "past", "future", "conditional"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One reading of a word as a verb form."""

    lemma: str
    tense: Tense


# ending of the infinitive; then what follows the stem: presents, imperfect, simple pasts, future, participles
FAMILIES: tuple[tuple[str, tuple[str, ...], str, tuple[str, ...], str, tuple[str, ...]], ...] = (
    ("enir", ("ient", "iennent"), "en", ("int", "inrent"), "iendr", ("enu",)),
    ("prendre", ("prend", "prennent"), "pren", ("prit", "prirent"), "prendr", ("pris",)),
    ("soudre", ("sout", "solvent"), "solv", ("solut",), "soudr", ("sous", "sout")),
    ("attre", ("at", "attent"), "att", ("attit", "attirent"), "attr", ("attu",)),
    ("ettre", ("et", "ettent"), "ett", ("it", "irent"), "ettr", ("is",)),
    ("naître", ("naît", "naissent"), "naiss", ("naquit", "naquirent"), "naîtr", ("né",)),
    ("aître", ("aît", "ait", "aissent"), "aiss", ("ut", "urent"), "aîtr", ("u",)),
    ("clore", ("clôt", "clot", "closent"), "clos", (), "clor", ("clos",)),
    ("clure", ("clut", "cluent"), "clu", ("clurent",), "clur", ("clu",)),
    ("uire", ("uit", "uisent"), "uis", ("uisit", "uisirent"), "uir", ("uit",)),
    ("crire", ("crit", "crivent"), "criv", ("crivit", "crivirent"), "crir", ("crit",)),
    ("élire", ("élit", "élisent"), "élis", ("élut", "élurent"), "élir", ("élu",)),
    ("prévoir", ("prévoit", "prévoient"), "prévoy", ("prévit", "prévirent"), "prévoir", ("prévu",)),
    ("evoir", ("oit", "oivent"), "ev", ("ut", "urent"), "evr", ("u",)),
    ("vivre", ("vit", "vivent"), "viv", ("vécut", "vécurent"), "vivr", ("vécu",)),
    ("eindre", ("eint", "eignent"), "eign", ("eignit", "eignirent"), "eindr", ("eint",)),
    ("aindre", ("aint", "aignent"), "aign", ("aignit", "aignirent"), "aindr", ("aint",)),
    ("erdre", ("erd", "erdent"), "erd", ("erdit", "erdirent"), "erdr", ("erdu",)),
    ("valoir", ("vaut", "valent"), "val", ("valut", "valurent"), "vaudr", ("valu",)),
    ("savoir", ("sait", "savent"), "sav", ("sut", "surent"), "saur", ("su",)),
    ("lire", ("lit", "lisent"), "lis", ("lut", "lurent"), "lir", ("lu",)),
    ("rompre", ("rompt", "rompent"), "romp", ("rompit", "rompirent"), "rompr", ("rompu",)),
    ("suivre", ("suit", "suivent"), "suiv", ("suivit", "suivirent"), "suivr", ("suivi",)),
    ("dire", ("dit", "disent"), "dis", ("dirent",), "dir", ("dit",)),
    ("oindre", ("oint", "oignent"), "oign", ("oignit", "oignirent"), "oindr", ("oint",)),
    ("ondre", ("ond", "ondent"), "ond", ("ondit", "ondirent"), "ondr", ("ondu",)),
    ("endre", ("end", "endent"), "end", ("endit", "endirent"), "endr", ("endu",)),
    ("ouvrir", ("ouvre", "ouvrent"), "ouvr", ("ouvrit", "ouvrirent"), "ouvrir", ("ouvert",)),
    ("offrir", ("offre", "offrent"), "offr", ("offrit", "offrirent"), "offrir", ("offert",)),
    ("ueillir", ("ueille", "ueillent"), "ueill", ("ueillit", "ueillirent"), "ueiller", ("ueilli",)),
    ("courir", ("court", "courent"), "cour", ("courut", "coururent"), "courr", ("couru",)),
    ("acquérir", ("acquiert", "acquièrent"), "acquér", ("acquit", "acquirent"), "acquerr", ("acquis",)),
    ("mourir", ("meurt", "meurent"), "mour", ("mourut", "moururent"), "mourr", ("mort",)),
    ("issir", ("ist",), "iss", (), "istr", ("issu",)),
    ("sortir", ("sort", "sortent"), "sort", ("sortit", "sortirent"), "sortir", ("sorti",)),
    ("répartir", ("répartit", "répartissent"), "répartiss", ("répartit", "répartirent"), "répartir", ("réparti",)),
    ("partir", ("part", "partent"), "part", ("partit", "partirent"), "partir", ("parti",)),
    ("faire", ("fait", "font"), "fais", ("fit", "firent"), "fer", ("fait",)),
    ("ir", ("it", "issent"), "iss", ("it", "irent"), "ir", ("i",)),
)
AUXILIARY_FORMS: tuple[tuple[str, Tense, str], ...] = (
    ("être", "present", "est sont sommes êtes"),
    ("être", "imperfect", "était étaient"),
    ("être", "past", "fut furent"),
    ("être", "future", "sera seront"),
    ("être", "conditional", "serait seraient"),
    ("être", "gerund", "étant"),
    ("être", "infinitive", "être"),
    ("être", "participle", "été"),
    ("avoir", "present", "a ont avons avez"),
    ("avoir", "imperfect", "avait avaient"),
    ("avoir", "past", "eut eurent"),
    ("avoir", "future", "aura auront"),
    ("avoir", "conditional", "aurait auraient"),
    ("avoir", "gerund", "ayant"),
    ("avoir", "infinitive", "avoir"),
    ("avoir", "participle", "eu"),
    ("aller", "present", "va vont"),
    ("aller", "imperfect", "allait allaient"),
    ("aller", "future", "ira iront"),
    ("devoir", "present", "doit doivent"),
    ("devoir", "imperfect", "devait devaient"),
    ("devoir", "future", "devra devront"),
    ("devoir", "conditional", "devrait devraient"),
    ("devoir", "past", "dut durent"),
    ("pouvoir", "present", "peut peuvent"),
    ("pouvoir", "imperfect", "pouvait pouvaient"),
    ("pouvoir", "future", "pourra pourront"),
    ("pouvoir", "conditional", "pourrait pourraient"),
    ("pouvoir", "past", "put purent"),
)
AUXILIARIES = {
    form: Form(lemma=lemma, tense=tense) for lemma, tense, forms in AUXILIARY_FORMS for form in forms.split()
}


def _agreements(participles: Iterable[str]) -> set[str]:
    """Masculine and feminine, singular and plural, of participles."""
    out: set[str] = set()
    for form in participles:
        feminine = form if form.endswith("e") else form + "e"
        out |= {form, feminine, feminine + "s", form if form.endswith("s") else form + "s"}
    return out


def _first_group(verb: str) -> Iterator[tuple[str, Tense]]:
    """Forms of a verb in -er, with the spellings of -ger, -cer, -yer and of a mute e before the ending."""
    stem = verb[:-2]
    soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
    bases = {stem}
    if len(stem) > 2 and stem[-2] in "eé":
        bases |= {stem[:-2] + "è" + stem[-1], stem + stem[-1]}
    if stem.endswith("y"):
        bases.add(stem[:-1] + "i")
    for base in sorted(bases):
        yield from ((base + ending, "present") for ending in ("e", "ent"))
        yield from ((base + ending, "future") for ending in ("era", "eront", "erons", "erez"))
        yield from ((base + ending, "conditional") for ending in ("erait", "eraient"))
    yield from ((soft + ending, "imperfect") for ending in ("ait", "aient"))
    yield from ((form, "past") for form in (soft + "a", stem + "èrent"))
    yield from ((form, "participle") for form in _agreements((stem + "é",)))
    yield from ((verb, "infinitive"), (soft + "ant", "gerund"))


def _other_groups(verb: str) -> Iterator[tuple[str, Tense]]:
    """Forms of a verb in -ir, -re or -oir, from the first family whose ending fits."""
    family = next((row for row in FAMILIES if verb.endswith(row[0])), None)
    if family is None:
        raise ValueError(f"no conjugation known for {verb!r}: add its ending to FAMILIES")
    ending, present, imperfect, past, future, participle = family
    base = verb[: -len(ending)]
    cedilla = base[:-1] + "ç" if verb.endswith("cevoir") else base

    def spelt(tail: str) -> str:
        return (cedilla if tail[:1] in ("o", "u") else base) + tail

    yield from ((spelt(tail), "present") for tail in present)
    yield from ((spelt(tail), "past") for tail in past)
    yield from ((base + imperfect + tail, "imperfect") for tail in ("ait", "aient"))
    yield from ((base + future + tail, "future") for tail in ("a", "ont", "ons", "ez"))
    yield from ((base + future + tail, "conditional") for tail in ("ait", "aient"))
    yield from ((form, "participle") for form in _agreements(spelt(tail) for tail in participle))
    yield from ((verb, "infinitive"), (base + imperfect + "ant", "gerund"))


def conjugate(verb: str) -> set[tuple[str, Tense]]:
    """Third persons, participles and infinitive of one verb, each with its tense.

    >>> sorted(form for form, tense in conjugate("soumettre") if tense == "future")
    ['soumettra', 'soumettront']
    """
    return set(_first_group(verb) if verb.endswith("er") else _other_groups(verb))


def learnt_forms(words: Mapping[str, float], least: float = 2.0) -> dict[str, tuple[Form, ...]]:
    """Forms of verbs nobody listed, from a word list with zipf scores: « X-er » is a verb where « X-é », « X-ée » and
    « X-ait » are words too, « X-ir » where « X-issait » or « X-issent » is. Their present singular is more often a noun
    (« place »): the reader of clauses asks more of it.
    """
    table: dict[str, set[Form]] = {}
    for word, score in words.items():
        if score < least or len(word) < 5 or not word.isalpha():
            continue
        stem = word[:-2]
        soft = stem + "e" if stem.endswith("g") else stem[:-1] + "ç" if stem.endswith("c") else stem
        first = word.endswith("er") and all(form in words for form in (stem + "é", stem + "ée", soft + "ait"))
        second = word.endswith("ir") and (stem + "issait" in words or stem + "issent" in words)
        if not (first or second):
            continue
        for form, tense in conjugate(word):
            table.setdefault(form, set()).add(Form(lemma=word, tense=tense))
    return {form: tuple(sorted(readings, key=lambda f: (f.lemma, f.tense))) for form, readings in table.items()}


def forms_of(verbs: Iterable[str]) -> dict[str, tuple[Form, ...]]:
    """Every form of every verb with all its readings; of « prendre fin », the forms of its first word."""
    table: dict[str, set[Form]] = {}
    for verb in set(verbs):
        for form, tense in conjugate(verb.split(" ", 1)[0]):
            table.setdefault(form, set()).add(Form(lemma=verb, tense=tense))
    return {form: tuple(sorted(readings, key=lambda f: (f.lemma, f.tense))) for form, readings in table.items()}
