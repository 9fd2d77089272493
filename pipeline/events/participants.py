"""Who and what took part: the names of the event's own clause, and those it leans on.

Why: a chronology by body, site or programme is only as good as the links of its lines.
Idea: the clause's own names; the noun a participle or a relative clause is about; the subject a second verb shares, or a
pronoun recalls; descriptions without a date (« présidée par », « confiée à ») go with what they describe. Each identity
once, under its full name where an acronym follows in brackets.
Limits: what a clause leans on outside its sentence is found elsewhere (``anaphora.py``, ``recalled.py``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pipeline.records import Mention, Participant, Role
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .formulas import SAYS
from .lexis import Lexis, plain, word_list
from .subjects import antecedent, has_pronoun, objects, recalls, root, subject
from .triggers import before, law_date, negated

NAMES = wordings(__file__, "participants.toml")
ROLES: dict[str, Role] = {
    "body": "body",
    "programme": "programme",
    "site": "site",
    "place": "place",
    "person": "person",
    "law": "law",
    "amount": "amount",
}


def dated(parsed: Parsed, clause: Clause, lexis: Lexis) -> bool:
    """Whether a clause tells an event of its own: it holds a date, or a founding statute."""
    if any(mention.kind == "date" for mention in parsed.mentions(clause)):
        return True
    founding = any(form.lemma in lexis.verbs["setting"] for form in clause.verbs.values())
    return founding and any(m.kind == "law" and law_date(m) for m in parsed.mentions(clause))


def own_mentions(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """Names of the clause, of the undated descriptions inside it, and of the undated participles beside it."""
    found = parsed.mentions(clause)
    for child in parsed.clauses:
        inside = child.parent is clause and not (child.shares and dated(parsed, child.shares, lexis))
        beside = child.shares is clause and clause.kind == "participle"
        if child is clause or child.kind != "participle" or not (inside or beside) or dated(parsed, child, lexis):
            continue
        lemmas = {form.lemma for form in child.verbs.values()}
        if not lemmas & (lexis.verbs["aside"] | (lexis.verbs["state"] - {"porter", "établir"})):
            found += own_mentions(parsed, child, lexis)
    return sorted(found, key=lambda m: m.start)


def segment(parsed: Parsed, clause: Clause, at: int) -> list[Mention]:
    """In a list of nouns with several dates (« étude de X (1978), subvention de Y (1979) »), the names of one of them."""
    tokens = parsed.sentence.tokens
    dates = [
        i for i in clause.tokens if (m := tokens[i].mention) and (m.kind == "date" or (m.kind == "law" and law_date(m)))
    ]
    start = max((i for i in dates if i < at), default=-1)
    stop = min((i for i in dates if i > at), default=len(tokens))
    if start >= 0:
        start = next((i for i in range(start, at) if tokens[i].text == ","), -1)
    if stop < len(tokens):
        stop = next((i for i in range(stop, at, -1) if tokens[i].text == ","), len(tokens))
    return [m for m in parsed.mentions(clause, start=start + 1, end=stop) if m.kind != "date"]


def _siblings(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """« une convention évaluée à 459 M€, approuvée le … »: the undated description of the same noun just before."""
    found: list[Mention] = []
    for other in parsed.clauses:
        beside = other.kind == "participle" and other.parent is clause.parent and other is not clause
        if beside and other.tokens and other.tokens[-1] == clause.tokens[0] - 1 and not dated(parsed, other, lexis):
            lemmas = {form.lemma for form in other.verbs.values()}
            found += [] if lemmas & lexis.verbs["aside"] else parsed.mentions(other)
    return found


def _main_too(parsed: Parsed, clause: Clause, kind: str, lexis: Lexis) -> list[Mention]:
    """What the main clause adds to a participle: the sites of a convention, those it lists (« figurent … »), who leads it."""
    main = root(clause)
    if main is clause or negated(parsed, main, lexis):
        return []
    lemmas = {form.lemma for form in main.verbs.values()}
    led = (
        lemmas & lexis.verbs["runs"] and main.tokens and "par" in {parsed.sentence.tokens[i].text for i in main.tokens}
    )
    joins = kind == "signature" and lemmas & lexis.verbs["binds"]
    lists = lemmas & lexis.verbs["lists"] or ((led or joins) and not dated(parsed, main, lexis))
    if lists and main.finite is not None and clause.tokens[0] < main.finite:
        return own_mentions(parsed, main, lexis)
    return (
        [m for m in own_mentions(parsed, main, lexis) if m.kind in ("site", "programme", "amount")]
        if kind == "signature"
        else []
    )


def _sums_beside(parsed: Parsed, clause: Clause, lexis: Lexis) -> list[Mention]:
    """Sums of undated clauses: « a déposé un protocole, chiffré à 1,46 M€ », « qui lie depuis 2008 …, coûte 46,8 M€ »."""
    hanging = [c for c in parsed.clauses if c.parent is clause]
    beside = [c for c in parsed.clauses if c.shares is clause]
    beside += [clause.parent] if clause.kind == "relative" and clause.parent else []
    undated = [c for c in hanging + beside if not dated(parsed, c, lexis)]
    sums = [[m for m in parsed.mentions(c) if m.kind == "amount"][: None if c in hanging else 1] for c in undated]
    payers = [m for c in undated if _pays(c, lexis) for m in parsed.mentions(c) if m.kind == "body"]
    return [m for told in sums for m in told] + payers


def _pays(clause: Clause, lexis: Lexis) -> bool:
    """« , financée par l'État et la Région »."""
    return any(f.lemma in lexis.verbs["finances"] and f.tense == "participle" for f in clause.verbs.values())


def _listed_on(parsed: Parsed, clause: Clause, found: Sequence[Mention]) -> list[Mention]:
    """« signée par X, Y et Z prévoit »: the rest of a list that the end of a participle cut, up to its « et »."""
    tokens = parsed.sentence.tokens
    at = max((i for i in clause.tokens if tokens[i].mention), default=-1)
    last = tokens[at].mention if at >= 0 else None
    if clause.kind != "participle" or last is None or last.kind != "body" or last not in found:
        return []
    out: list[Mention] = []
    ended = False
    for token in tokens[at + 1 :]:
        if token.mention is not None:
            if token.mention.kind != "body":
                break
            out.append(token.mention)
            if ended:
                return [m for m in out if m not in found]
        elif token.text not in word_list("between_agents"):
            break
        ended = ended or token.text == "et"
    return []


def _cost_told_after(parsed: Parsed, at: int) -> list[Mention]:
    """« … réceptionnés le 29 mai ; coût : 21,4 MF, dont 6,1 MF de PALULOS »: the sums of the next stretch, without a date."""
    tokens = parsed.sentence.tokens
    stop = next((i for i in range(at, len(tokens)) if tokens[i].text == ";"), len(tokens))
    rest = tokens[stop + 1 :]
    if len(rest) < 2 or not SAYS["cost"].match(" ".join(token.text for token in rest[:4]).replace("' ", "'")):
        return []
    end = next((i for i, token in enumerate(rest) if token.text == ";"), len(rest))
    named = [m for token in rest[:end] if (m := token.mention)]
    beside = [m for token in tokens[at + 1 : stop] if (m := token.mention)]
    if any(m.kind == "date" for m in [*named, *beside]):
        return []
    return [m for m in named if m.kind in ("amount", "programme")]


def _told_below(parsed: Parsed, clause: Clause, found: Sequence[Mention], lexis: Lexis) -> list[Mention]:
    """« les logements qu'il possède à Montconseil », « le bus, qui traverse Avalix »: the ground a relative clause names."""
    below = [c for c in parsed.clauses if c.parent is clause and c.kind == "relative" and not dated(parsed, c, lexis)]
    sited = any(m.kind in ("site", "place") for m in found)
    return [] if sited else [m for c in below for m in parsed.mentions(c) if m.kind in ("site", "place")]


def _around(parsed: Parsed, clause: Clause, found: Sequence[Mention], lexis: Lexis) -> list[Mention]:
    """What an embedded clause leaves to the one around it: the site told of before, who acts where that one is undated."""
    parent = clause.parent
    if parent is None or not clause.tokens:
        return []
    before = parsed.mentions(parent, end=clause.tokens[0])
    kinds = {m.kind for m in found}
    sites = [] if "site" in kinds else [m for m in before if m.kind == "site"][-1:]
    acting = [] if "body" in kinds or dated(parsed, parent, lexis) else [m for m in before if m.kind == "body"][-1:]
    return sites + acting


def gather(
    parsed: Parsed, clause: Clause, kind: str, topic: Sequence[Mention], lexis: Lexis, at: int = -1
) -> list[Mention]:
    """All names of an event told by ``clause`` and dated at token ``at``; ``topic`` is what a pronoun recalls."""
    found = segment(parsed, clause, at) if not clause.verbs and at >= 0 else own_mentions(parsed, clause, lexis)
    found += _cost_told_after(parsed, at) if at >= 0 else []
    found += _sums_beside(parsed, clause, lexis) + _told_below(parsed, clause, found, lexis)
    if clause.kind in ("participle", "relative", "subordinate"):
        found += antecedent(parsed, clause, lexis)
        found += _around(parsed, clause, found, lexis)
    found += _listed_on(parsed, clause, found)
    if clause.kind == "participle":
        found += _main_too(parsed, clause, kind, lexis)
        found += _siblings(parsed, clause, lexis)
    elif clause.shares is not None:
        found += subject(parsed, clause.shares)
    elif clause.kind == "main":
        found += subject(parsed, clause) if clause.verbs else []
    if clause.kind in ("main", "complement"):
        found += objects(parsed, clause)
    mains = [c for c in parsed.clauses if c.kind == "main" and c.tokens]
    earlier = _told_before(parsed, clause, mains, topic, lexis) if clause in mains[1:] else []
    earlier = [m for m in earlier if m.kind in ("body", "site", "programme", "place")]
    if earlier and (has_pronoun(parsed, clause, lexis) or not any(m.kind in ROLES for m in found)):
        found += earlier
    elif recalls(parsed, clause, lexis):
        sited = any(m.kind == "site" for m in found)
        found += [m for m in topic if m.kind != "site" or not sited]
    return without_brackets(parsed, without_places(parsed, found))


def _told_before(
    parsed: Parsed, clause: Clause, mains: Sequence[Clause], topic: Sequence[Mention], lexis: Lexis
) -> list[Mention]:
    """What the independent clause before tells of; for a pronoun its subject, or what its own pronoun stands for."""
    previous = mains[mains.index(clause) - 1]
    if not has_pronoun(parsed, clause, lexis):
        return own_mentions(parsed, previous, lexis)
    return (list(topic) if has_pronoun(parsed, previous, lexis) else []) or own_mentions(parsed, previous, lexis)


def without_places(parsed: Parsed, found: Sequence[Mention]) -> list[Mention]:
    """Names without places that only situate (« à l'ouest de Nîmes », « les usines Peugeot de Sochaux »), nor causes."""
    tokens, dropped, cause = parsed.sentence.tokens, set[str](), -1
    for i, token in enumerate(tokens):
        if token.mention is None:
            if token.text in ("de", "du", "des", "d'", "à", "au") and NAMES["cause"].search(before(parsed, i)):
                cause = parsed.owner[i]
            cause = -1 if token.text in ",;." else cause
            continue
        maker = (
            i > 1
            and (m := tokens[i - 2].mention) is not None
            and m.kind == "body"
            and tokens[i - 1].text in ("de", "d'")
        )
        aside = token.mention.kind == "place" and (maker or NAMES["beside"].search(before(parsed, i) + " "))
        if aside or cause == parsed.owner[i]:
            dropped.add(token.mention.mention_id)
    return [m for m in found if m.mention_id not in dropped]


def without_brackets(parsed: Parsed, found: Sequence[Mention]) -> list[Mention]:
    """Names without the acronyms that only repeat in brackets the name before, and without zones that are mere ground."""
    tokens, out = parsed.sentence.tokens, {m.mention_id: m for m in found}
    for i in range(2, len(tokens)):
        mention, full = tokens[i].mention, tokens[i - 2].mention
        if mention is None or full is None or full.kind != mention.kind or full.mention_id not in out:
            continue
        short = len(mention.surface) < len(full.surface) and " " not in mention.surface
        if tokens[i - 1].text == "(" and short:
            out.pop(mention.mention_id, None)
    return [
        m
        for m in out.values()
        if not (m.kind == "programme" and NAMES["zone"].match(plain(m.surface))) and not is_street(m)
    ]


def is_street(mention: Mention) -> bool:
    """Whether a site is only an address: « rue des Farines » tells where, and takes part in nothing."""
    return mention.kind == "site" and NAMES["street"].match(plain(mention.surface)) is not None


def participants(mentions: Iterable[Mention]) -> tuple[Participant, ...]:
    """Participants in reading order, each identity once."""
    out: dict[tuple[str, str], Participant] = {}
    for mention in sorted(mentions, key=lambda m: (m.page, m.start, m.mention_id)):
        role = ROLES.get(mention.kind)
        if role is not None:
            key = (role, mention.entity_id or mention.surface.casefold())
            out.setdefault(
                key,
                Participant(
                    role=role, surface=mention.surface, mention_id=mention.mention_id, entity_id=mention.entity_id
                ),
            )
    return tuple(out.values())
