"""Who pays for what.

Why: money by programme and year is what a historian of these agencies asks first.
Idea: a body pays where a sum stands beside it (« 61 M€ par l'ANRU », « la Région (1,2 M€) »), where it is the subject of a
paying verb or who does it in the passive, or in a table under a heading of finance. What it pays for: the sentence's sites,
else its programmes, else what the sentence before is about, else the document's project.
Limits: who pays whom in a chain (a bank to an agency to a town) is told as each paying for the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.records import Mention
from pipeline.wordings import wordings

from .clauses import Clause, Parsed
from .lexis import Lexis, plain, word_list
from .reading import Claim, Reading, Side, as_written, ground_of, is_purse, joined, pick
from .subjects import has_pronoun, listed, subject
from .triggers import negated

SAYS = wordings(__file__, "money.toml")


def is_money_heading(parsed: Parsed) -> bool:
    """« 2. Plan de financement », « Les participations suivantes sont arrêtées : »."""
    sentence = parsed.sentence
    if not sentence.tokens:  # a line of signs alone
        return False
    if sentence.tokens[-1].text == ":" and len(sentence.tokens) < 40:
        return SAYS["money_head"].search(sentence.low) is not None
    if not sentence.first or len(sentence.tokens) >= 14 or any(m.kind == "amount" for m in sentence.named):
        return False
    return (
        not parsed.finite and SAYS["money_head"].search(" ".join(token.text for token in sentence.tokens)) is not None
    )


def ends_money(parsed: Parsed) -> bool:
    """A heading or a paragraph after a table of finance."""
    sums = any(is_sum(m) for m in parsed.sentence.named)
    return parsed.sentence.first and not parsed.sentence.bullet and not sums


def money_table(reading: Reading, number: int, table: list[Mention] | None) -> list[Mention] | None:
    """What a table of finance that is open at this sentence pays for; ``None`` where none is open.

    Its heading says so, or the paragraph that ends in it (« La place sera refaite. Le coût se décompose comme suit : »).
    """
    parsed = reading.parsed[number]
    if is_money_heading(parsed):
        return pick(parsed.sentence.named) or ground_of(reading, number) or (table or [])
    return None if ends_money(parsed) else table


def table_row(parsed: Parsed) -> list[Mention]:
    """Bodies of a row of a funding table: « Région Rhône-Alpes : 11 M€ »."""
    mentions = parsed.sentence.named
    left = any(SAYS["rest"].match(parsed.sentence.low, m.end - parsed.sentence.start) for m in mentions)
    if parsed.finite or not (left or any(is_sum(m) for m in mentions)):
        return []
    return [m for m in mentions if m.kind == "body" or is_purse(m)][:1]


def is_sum(mention: Mention) -> bool:
    """A sum of money, or a share of one (« 30 % »)."""
    return mention.kind == "amount" or (mention.kind == "quantity" and "%" in mention.surface)


def funders(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Bodies a sentence says give money."""
    out: list[Mention] = labelled(parsed)
    text, offset = reading.text(parsed), parsed.sentence.start
    mentions = parsed.sentence.named
    bodies = [m for m in mentions if m.kind == "body"]
    pays = reading.lexis.verbs["pays"] | reading.lexis.verbs["shares"]
    verbs = ((i, form) for clause in parsed.clauses for i, form in clause.verbs.items())
    paid = any(form.lemma in pays and not reflexive(parsed, i) for i, form in verbs)
    for i, mention in enumerate(mentions):
        if mention.kind != "body":
            continue
        previous = mentions[i - 1] if i else None
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        share = (
            previous
            and (is_sum(previous) if paid else previous.kind == "amount")
            and SAYS["share"].match(reading.between(previous, mention))
        )
        gap = reading.between(mention, following) if following and is_sum(following) else None
        part = "row" if gap and gap.strip() == ":" else "part"
        bracket = (
            gap is not None
            and SAYS["bracket"].fullmatch(gap) is not None
            and (paid or (mention.kind == "body" and SAYS[part].search(text[: mention.start - offset])))
        )
        grant = (paid or any(is_sum(m) for m in mentions)) and SAYS["grant"].search(text[: mention.start - offset])
        aided = SAYS["aided"].search(text[: mention.start - offset])
        rest = (paid or out) and SAYS["rest"].match(text, mention.end - offset)
        if share or bracket or grant or aided or rest:
            out += [m for m in joined(reading, bodies[bodies.index(mention) :]) if m not in out]
        if SAYS["gives"].match(text, mention.end - offset) and not parsed_negated(reading, parsed, mention):
            out += [m for m in joined(reading, mentions[: i + 1][::-1]) if m not in out]
    return out + [m for m in payers(reading, parsed) if m not in out]


def parsed_negated(reading: Reading, parsed: Parsed, mention: Mention) -> bool:
    """Whether the clause a name stands in is denied."""
    index = next(i for i, token in enumerate(parsed.sentence.tokens) if token.mention is mention)
    return negated(parsed, parsed.clause_at(index), reading.lexis)


def labelled(parsed: Parsed) -> list[Mention]:
    """« Financeurs : X, Y, Z »: all bodies of a line so labelled."""
    sentence = parsed.sentence
    label = SAYS["funders"].match(sentence.low)
    if label is None or not sentence.first:
        return []
    return [m for m in sentence.named if m.kind == "body" and m.start >= sentence.start + label.end()]


def payers(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Subjects of paying verbs, and who does them in the passive."""
    out: list[Mention] = []
    verbs = reading.lexis.verbs
    sums = any(is_sum(m) for m in parsed.sentence.named)
    told = {form.lemma for clause in parsed.clauses for form in clause.verbs.values()}
    if told.isdisjoint(verbs["finances"] | verbs["pays"] | verbs["gives"]):
        return out
    spoken = sums or SAYS["money"].search(parsed.sentence.low) is not None
    for clause in parsed.clauses:
        names = parsed.mentions(clause)
        given = any(m.kind == "amount" for m in names)
        pays_ = verbs["finances"] | (verbs["pays"] if spoken else set()) | (verbs["gives"] if given else set())
        at = next((i for i, form in clause.verbs.items() if form.lemma in pays_), None)
        if (
            at is None
            or negated(parsed, clause, reading.lexis)
            or refused(clause, reading.lexis)
            or reflexive(parsed, at)
        ):
            continue
        words = [parsed.sentence.tokens[i].text for i in clause.tokens]
        active = "été" not in words and any(f.lemma == "avoir" for f in clause.verbs.values())
        if clause.verbs[at].tense == "participle" and not active:
            doers = [
                m
                for m in names
                if m.kind == "body"
                and SAYS["doer"].search(plain(reading.texts[m.page][max(0, m.start - 12) : m.start]))
            ]
            named = parsed.sentence.named
            out += [m for doer in doers for m in joined(reading, named[named.index(doer) :]) if m not in out]
        else:
            acting = [m for m in parsed.mentions(clause, end=at) if m.kind == "body" or is_purse(m)]
            out += [m for m in acting if m.kind == "body"] or acting or _speaker(reading, parsed, clause)
            text, start = reading.text(parsed), parsed.sentence.start
            out += [m for m in names if m.kind == "body" and SAYS["beside"].search(text[: m.start - start])]
    return out


def reflexive(parsed: Parsed, at: int) -> bool:
    """« se sont accordés sur un effort »: who agrees gives nothing; « se répartissent le coût » does."""
    own = {token.text for token in parsed.sentence.tokens[max(0, at - 2) : at]} & {"se", "s'"}
    return bool(own) and SAYS["agrees"].match(parsed.sentence.tokens[at].text) is not None


def _speaker(reading: Reading, parsed: Parsed, clause: Clause) -> list[Mention]:
    """« La Région a fait savoir qu'elle apporterait 2 MF »: who speaks is who pays."""
    at = parsed.clauses.index(clause)
    if clause.kind != "complement" or not at or not has_pronoun(parsed, clause, reading.lexis):
        return []
    return [m for m in subject(parsed, parsed.clauses[at - 1]) if m.kind == "body"]


def refused(clause: Clause, lexis: Lexis) -> bool:
    """« a refusé de financer »."""
    return any(form.lemma in lexis.verbs["refuses"] for form in clause.verbs.values())


def fundings(reading: Reading, number: int, topic: list[Mention], table: list[Mention] | None) -> Iterator[Claim]:
    """Who pays for what the sentence, the one before or the whole document is about."""
    parsed = reading.parsed[number]
    given = funders(reading, parsed) or (table_row(parsed) if table is not None else [])
    if not given:
        return
    targets = paid_for(reading, parsed, given)
    stated = bool(targets)
    project = None if targets else works(reading, parsed)
    if not targets and not project:
        targets = implied(reading, number, topic, table)
    if not targets and not project and leans(parsed, table):
        project = reading.project
        main = [reading.main_site] if reading.main_site else []
        ground = ground_of(reading, number) if not parsed.sentence.first else []
        told = reading.programme if reading.titled_programme or table is not None else None
        whole = [told] if told else []
        section = reading.sections[number]
        project = None if section else project
        targets = section or ([] if project else main or ground or whole)
    for body in given:
        for target in nearest(own_stretch(reading, parsed, targets, body), body):
            paid = as_written(target) if stated else reading.side(target)
            yield Claim(reading.side(body), "funds", paid, parsed)
        if project:
            yield Claim(reading.side(body), "funds", Side(project), parsed)


def paid_for(reading: Reading, parsed: Parsed, given: Sequence[Mention]) -> list[Mention]:
    """What the sentence says money goes to, best where no « ; » stands between, else before who gives."""
    kept = [m for m in parsed.sentence.named if m not in given and m not in sources(reading, parsed, given)]
    text, start = reading.text(parsed), parsed.sentence.start
    stop = text.find(";", max(m.end for m in given) - start)
    begin = text.rfind(";", 0, min(m.start for m in given) - start)
    before = [m for m in kept if stop < 0 or m.start - start < stop]
    return pick([m for m in before if begin < m.start - start]) or pick(before)


def own_stretch(reading: Reading, parsed: Parsed, targets: list[Mention], body: Mention) -> list[Mention]:
    """« X est financé par A ; celle de Y par B »: of several targets, those between the same « ; » as who pays, if any."""
    text, start = reading.text(parsed), parsed.sentence.start

    def stretch(name: Mention) -> int:
        return text.count(";", 0, name.start - start)

    here = [m for m in targets if m in parsed.sentence.named and stretch(m) == stretch(body)]
    return here or targets


def works(reading: Reading, parsed: Parsed) -> str | None:
    """« Le centre social sera financé par »: a building or a study that has no name of its own, as the subject."""
    found = SAYS["works"].match(reading.text(parsed))
    if found is None:
        return None
    start = parsed.sentence.start
    return reading.texts[parsed.sentence.page][start + found.start("what") : start + found.end("what")]


def implied(reading: Reading, number: int, topic: Sequence[Mention], table: Sequence[Mention] | None) -> list[Mention]:
    """What a sentence that names nothing paid for speaks of: its list, its table's heading, what its words take up."""
    parsed = reading.parsed[number]
    if parsed.sentence.tokens[-1].text == ":" and (below := listed(reading.parsed, number)):
        return below
    ground = ground_of(reading, number) if not parsed.sentence.first else []
    return list(table or ()) or (pick(topic) if takes_up(parsed) else []) or [m for m in ground if m.kind == "site"]


def leans(parsed: Parsed, table: Sequence[Mention] | None) -> bool:
    """Whether the money must be the document's own: a table, a word that takes up, the whole cost, a sum given or had."""
    if table is None and SAYS["others"].search(parsed.sentence.low):
        return False
    if table is not None or takes_up(parsed) or SAYS["cost"].search(parsed.sentence.low):
        return True
    return any(m.kind == "amount" for m in parsed.sentence.named)


def sources(reading: Reading, parsed: Parsed, given: Sequence[Mention]) -> list[Mention]:
    """Programmes that money comes from: « État (F.I.V.) : 9,5 MF », « 95 k€ du programme européen X »."""
    return [
        second
        for first, second in pairwise(parsed.sentence.named)
        if second.kind == "programme"
        and (
            (first in given and reading.between(first, second).strip() == "(")
            or (first.kind == "amount" and SAYS["from"].fullmatch(reading.between(first, second)))
        )
    ]


def takes_up(parsed: Parsed) -> bool:
    """Whether a word stands for what was told before: « y ajoutera », « son coût », « en apporte »."""
    tokens = parsed.sentence.tokens
    verbs = {i for clause in parsed.clauses for i, form in clause.verbs.items() if form.tense != "gerund"}
    stand_for = word_list("stands_for")
    return any(token.text in stand_for or (token.text == "en" and i + 1 in verbs) for i, token in enumerate(tokens))


def nearest(targets: list[Mention], body: Mention) -> list[Mention]:
    """All sites; of several programmes, the last named before who pays."""
    if not targets or any(m.kind == "site" for m in targets):
        return targets
    before = [m for m in targets if (m.page, m.start) < (body.page, body.start)]
    return (before[-1:] or targets[:1]) if len(targets) > 1 else targets
