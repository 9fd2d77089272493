"""Chronoville: from damaged archives of French urban policy to a chronology whose every line leads back to a page."""

__version__ = "0.1.0"
