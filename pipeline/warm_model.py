"""The statistical model, loaded by being imported: for runs long enough to meet a doubtful name (``pipeline.warm``)."""

from __future__ import annotations

import gc

from pipeline import entities

entities.load_model()
gc.freeze()
