"""Builds the sample corpus from the texts beside this file: ``python -m tools.build_corpus``."""
