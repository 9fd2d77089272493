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

from .clauses import Parsed
from .lexis import plain, wordings
from .reading import Claim, Reading, is_purse
from .subjects import listed
from .triggers import negated

SAYS = wordings("money")

SHARES = frozenset({"répartir", "ventiler", "partager"})
BACK = frozenset({"leur", "leurs", "son", "sa", "ses", "il", "elle", "ils", "elles", "ce", "cette", "ces", "y"})


def is_money_heading(parsed: Parsed) -> bool:
    """« 2. Plan de financement », « Les participations suivantes sont arrêtées : »."""
    sentence = parsed.sentence
    if not sentence.tokens:  # a line of signs alone
        return False
    if sentence.tokens[-1].text == ":" and len(sentence.tokens) < 40:
        return SAYS["money_head"].search(sentence.low) is not None
    if not sentence.first or len(sentence.tokens) >= 14 or any(m.kind == "amount" for m in sentence.named):
        return False
    verbless = all(clause.finite is None for clause in parsed.clauses)
    return verbless and SAYS["money_head"].search(" ".join(token.text for token in sentence.tokens)) is not None


def ends_money(parsed: Parsed) -> bool:
    """A heading or a paragraph after a table of finance."""
    sums = any(is_sum(m) for m in parsed.sentence.mentions())
    return parsed.sentence.first and not sums


def table_row(parsed: Parsed) -> list[Mention]:
    """Bodies of a row of a funding table: « Région Rhône-Alpes : 11 M€ »."""
    mentions = parsed.sentence.mentions()
    if any(clause.finite is not None for clause in parsed.clauses) or not any(is_sum(m) for m in mentions):
        return []
    return [m for m in mentions if m.kind == "body" or is_purse(m)][:1]


def is_sum(mention: Mention) -> bool:
    """A sum of money, or a share of one (« 30 % »)."""
    return mention.kind == "amount" or (mention.kind == "quantity" and "%" in mention.surface)


def funders(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Bodies a sentence says give money."""
    out: list[Mention] = []
    text, offset = reading.text(parsed), parsed.sentence.start
    mentions = parsed.sentence.mentions()
    lemmas = {form.lemma for clause in parsed.clauses for form in clause.verbs.values()}
    paid = bool(lemmas & (reading.lexis.verbs["pays"] | SHARES))
    for i, mention in enumerate(mentions):
        if mention.kind != "body" and not is_purse(mention):
            continue
        previous = mentions[i - 1] if i else None
        following = mentions[i + 1] if i + 1 < len(mentions) else None
        share = (
            previous
            and (is_sum(previous) if paid else previous.kind == "amount")
            and SAYS["share"].match(reading.between(previous, mention))
        )
        gap = reading.between(mention, following) if following and is_sum(following) else None
        bracket = (
            gap is not None
            and SAYS["bracket"].fullmatch(gap) is not None
            and (paid or (mention.kind == "body" and SAYS["part"].search(text[: mention.start - offset])))
        )
        grant = (paid or any(is_sum(m) for m in mentions)) and SAYS["grant"].search(text[: mention.start - offset])
        if share or bracket or grant:
            out.append(mention)
    return out + [m for m in payers(reading, parsed) if m not in out]


def payers(reading: Reading, parsed: Parsed) -> list[Mention]:
    """Subjects of paying verbs, and who does them in the passive."""
    out: list[Mention] = []
    for clause in parsed.clauses:
        at = next((i for i, form in clause.verbs.items() if form.lemma in reading.lexis.verbs["pays"]), None)
        if at is None or negated(parsed, clause, reading.lexis):
            continue
        names = parsed.mentions(clause)
        sums = any(is_sum(m) for m in parsed.sentence.mentions())
        if not sums and not SAYS["money"].search(" ".join(token.text for token in parsed.sentence.tokens)):
            continue
        if clause.verbs[at].tense == "participle" and not any(f.lemma == "avoir" for f in clause.verbs.values()):
            doers = [
                m
                for m in names
                if m.kind == "body"
                and SAYS["doer"].search(plain(reading.texts[m.page][max(0, m.start - 12) : m.start]))
            ]
            out += doers
        else:
            out += [m for m in parsed.mentions(clause, end=at) if m.kind == "body" or is_purse(m)]
    return out


def fundings(reading: Reading, number: int, topic: list[Mention], table: bool) -> Iterator[Claim]:
    """Who pays for what the sentence, the one before or the whole document is about."""
    parsed = reading.parsed[number]
    given = funders(reading, parsed) or (table_row(parsed) if table else [])
    if not given:
        return
    targets = pick(
        [m for m in parsed.sentence.mentions() if m not in given and m not in sources(reading, parsed, given)]
    )
    stated = bool(targets)
    recalled = takes_up(parsed)
    granted = any(m.kind == "amount" for m in parsed.sentence.mentions())
    leans = table or recalled or SAYS["cost"].search(parsed.sentence.low) is not None
    if not targets and parsed.sentence.tokens[-1].text == ":":
        targets = listed(reading.parsed, number)
    ground = ground_of(reading, number) if not parsed.sentence.first else []
    targets = targets or (pick(topic) if recalled else []) or [m for m in ground if m.kind == "site"]
    project = reading.project if not targets and (leans or granted) else None
    if not targets and not project and (leans or (granted and pays(reading, parsed))):
        whole = [reading.programme] if reading.programme else []
        targets = [site for site, _ in reading.titled_sites][:1] or ground or whole
    for body in given:
        for target in nearest(targets, body):
            yield Claim(
                subject=reading.name(body),
                predicate="funds",
                object=target.surface if stated else reading.name(target),
                parsed=parsed,
                subject_id=body.entity_id,
                object_id=target.entity_id,
            )
        if project:
            yield Claim(
                subject=reading.name(body), predicate="funds", object=project, parsed=parsed, subject_id=body.entity_id
            )


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
    return any(token.text in BACK or (token.text == "en" and i + 1 in verbs) for i, token in enumerate(tokens))


def pays(reading: Reading, parsed: Parsed) -> bool:
    """Whether a verb of the sentence says that someone pays."""
    verbs = reading.lexis.verbs["pays"]
    return any(form.lemma in verbs for clause in parsed.clauses for form in clause.verbs.values())


def nearest(targets: list[Mention], body: Mention) -> list[Mention]:
    """All sites; of several programmes, the last named before who pays."""
    if not targets or any(m.kind == "site" for m in targets):
        return targets
    before = [m for m in targets if (m.page, m.start) < (body.page, body.start)]
    return (before[-1:] or targets[:1]) if len(targets) > 1 else targets


def ground_of(reading: Reading, number: int) -> list[Mention]:
    """The sites, else the programme, last told of in the same paragraph."""
    here = reading.parsed[number].sentence
    for before in range(number - 1, -1, -1):
        parsed = reading.parsed[before]
        if (parsed.sentence.page, parsed.sentence.line) != (here.page, here.line):
            break
        if ground := pick(parsed.sentence.mentions()):
            return ground
    return []


def pick(mentions: Sequence[Mention]) -> list[Mention]:
    """The sites, else the programmes, each once."""
    sites = [m for m in mentions if m.kind == "site"]
    chosen = sites or [m for m in mentions if m.kind == "programme" and not is_purse(m)]
    return list({m.entity_id or m.surface: m for m in reversed(chosen)}.values())[::-1]
