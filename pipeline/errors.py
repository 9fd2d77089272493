"""Errors for the reader: one class for each thing a person can mend, with the exit code it ends in.

| exit code | meaning |
| --- | --- |
| 0 | all well |
| 1 | the run finished, but some documents failed; they are listed, and are rows in ``documents`` |
| 2 | the call was wrong |
| 3 | the database or the output could not be used |
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_SOME_FAILED = 1
EXIT_USAGE = 2
EXIT_OUTPUT = 3

NO_MEMORY = "it asked for more memory than a worker may have (--limit-memory allows more)"


class ChronovilleError(Exception):
    """Base class. The message says what happened, where, and what to do."""

    exit_code = EXIT_SOME_FAILED


class CallError(ChronovilleError):
    """The command was called in a way that cannot work."""

    exit_code = EXIT_USAGE


class OutputError(ChronovilleError):
    """The database or the output folder cannot be used."""

    exit_code = EXIT_OUTPUT


class DocumentError(ChronovilleError):
    """One document cannot be read; the others go on."""


class EmptyDocument(DocumentError):
    """The file holds no bytes, or nothing that can be read."""


class EncryptedDocument(DocumentError):
    """The PDF asks for a password."""


class UnreadableDocument(DocumentError):
    """The file is not what its name says, or is too broken to read."""


class ChangedDocument(UnreadableDocument):
    """The file was written to while it was read."""
