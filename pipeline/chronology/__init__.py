"""Chronology: from the archive to the tables a historian reads.

Why: the product is who decided or did what, where, when, under which programme, on whose authority, on which page.
Idea: ``refresh`` makes one history out of the documents' tellings and installs the SQL views; ``write_tables`` prints the
view ``chronology`` as CSV, Markdown, XLSX, a self-contained HTML page, JSON or iCalendar. The same archive gives the same
bytes.
Limits: what is one event is decided carefully rather than completely (see ``grouping``); the view ``disagreements`` lists
what was left apart.
"""

from pipeline.chronology.filters import Filters
from pipeline.chronology.tables import DEFAULT_FORMATS, FORMATS, write_tables
from pipeline.chronology.views import refresh

__all__ = ["DEFAULT_FORMATS", "FORMATS", "Filters", "refresh", "write_tables"]
