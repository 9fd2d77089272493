"""Who, what, where, when, how much: mentions with one identity each.

Why: a statistical model out of the box finds a tenth of what an archive on urban policy names, and links none of it.
Idea: three sources of evidence (gazetteers, grammars kept as data, cues around names nothing knows) make claims; one
joint decision chooses; what a document establishes once it is read again for; linking comes last, corrections after it.
Limits: claims are weighed by hand-set scores (``grammar.toml``), measured on the gold set, not learnt.

The room's functions are ``load_knowledge`` and ``find_mentions``, or ``find_on`` for a document that comes in parts;
``load_model`` does early what the first doubtful name would ask for. Nothing else of it is meant for others.
"""

from __future__ import annotations

from pipeline.entities.finding import Learned, find_mentions, find_on
from pipeline.entities.knowledge import Knowledge, load_knowledge
from pipeline.entities.model import load_model

__all__ = ["Knowledge", "Learned", "find_mentions", "find_on", "load_knowledge", "load_model"]
