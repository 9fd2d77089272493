"""Names after a label and a colon at the start of a line: « Maîtrise d'ouvrage : X, Y ».

Why: reference sheets and minutes name who took part in lists, where no sentence explains them.
Idea: labels are rows of ``grammar.toml``, each with the kind of what follows; commas and the like part the items.
Limits: a label far from its colon, or on a line of its own, is not seen.
"""

from __future__ import annotations

import re

from pipeline.entities.claims import Claim
from pipeline.entities.head import labels
from pipeline.entities.knowledge import Knowledge, words_key
from pipeline.entities.reading import Reading
from pipeline.entities.unknown import not_names

_LABEL = re.compile(r"^[ \t•–-]*([A-ZÀ-Ý][^:\n]{2,40}?)\s?:\s+(\S[^\n]*)$", re.MULTILINE)
_INNER_LABEL = re.compile(r"[ ]*([A-ZÀ-Ý][^:\n]{2,40}?)\s?:\s+(?=\S)")
_ITEM = re.compile(r"(?:[^,;()•\n–/]|(?<=\w)/(?=\w)|(?<=\w)–(?=\w))+(?:\([^)]*\))?")
_LEAD = re.compile(r"^[ -]*(?:(?:M\.|MM\.|Mme|Mlle|Me|Monsieur|Madame|l'|la |le |les ) ?)?")


def label_claims(reading: Reading, knowledge: Knowledge) -> list[Claim]:
    """Claims for the items after a label and a colon at the start of a line."""
    rows, claims, stop = labels(knowledge), [], not_names(knowledge)
    for match in _LABEL.finditer(reading.flat):
        row = rows.get(words_key(match[1]))
        if row is None:
            continue
        for item in _ITEM.finditer(reading.flat, match.start(2), match.end(2)):
            text = re.sub(r"\s*\([^)]*\)?\s*$", "", item.group())
            inner = _INNER_LABEL.match(text)  # « Région : X – Commune : Y »
            row = rows.get(words_key(inner[1])) if inner else row
            if row is None:
                break
            start = item.start() + len(text) - len(_LEAD.sub("", text[inner.end() if inner else 0 :]))
            end = item.start() + len(text.rstrip(" ."))
            words = reading.flat[start:end].split()
            paired = row.kind == "person" and "et" in words  # « Présents : MM. A et B »
            named = bool(words) and words[0][:1].isupper() and len(words) <= 9 and not paired
            if named and words_key(" ".join(words)) not in stop:
                claims.append(Claim(start=start, end=end, kind=row.kind, score=row.score, method="label", lasting=True))
    return claims
