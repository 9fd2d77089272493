"""The gold documents are well formed: every answer is copied from its text, and the held-out ones stay apart.

Only the form is tested here. Nothing is scored, so that nobody tunes on the held-out documents.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.evaluate.gold import load

HELD_OUT = sorted((Path(__file__).parent / "gold_heldout").glob("*.gold.md"))
KNOWN = sorted((Path(__file__).parent / "gold").glob("*.gold.md"))


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("path", HELD_OUT, ids=lambda path: path.stem)
def test_answers_are_copied_from_the_text(path: Path) -> None:
    gold = load(path)
    text = flat(gold.text)
    marks = {(mention.kind, flat(mention.surface)) for mention in gold.mentions}
    surfaces = {surface for _, surface in marks} | {flat(gold.title)}
    assert len(gold.mentions) > 50 and len(gold.events) > 10
    assert "[[" not in gold.text and "]]" not in gold.text
    for event in gold.events:
        assert flat(event.words) in text
        assert 3 <= len(event.words.split()) <= 16, "a clause's own words, 4 to 15 around the verb"
        assert all((role, flat(surface)) in marks for role, surface in event.participants), event.words
    for subject, predicate, related in gold.relations:
        ends = {flat(subject), flat(related)}
        assert all(any(end in surface for surface in surfaces) for end in ends), (subject, predicate, related)


def home(path: Path) -> str | None:
    """The commune most of a document's sites lie in; ``None`` where it tells of no one town."""
    counts = Counter(mention.value for mention in load(path).mentions if mention.kind == "site" and mention.value)
    town, sites = counts.most_common(1)[0] if counts else (None, 0)
    return town if 2 * sites > counts.total() else None


def test_held_out_documents_tell_of_other_towns() -> None:
    towns = [{town for path in paths if (town := home(path))} for paths in (HELD_OUT, KNOWN)]
    assert towns[0] and towns[1] and not towns[0] & towns[1]
