"""The front door: the command line, its messages and exit codes.

Results go to stdout, messages to stderr. Exit codes: 0 all well; 1 the run finished but some documents failed; 2 the call
was wrong; 3 the database or the output could not be used; 130 somebody stopped it (Ctrl-C, SIGTERM).
Idea: who asks the program to stop is heard before anything is imported.
"""

from __future__ import annotations

import signal
import sys
from threading import Event
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130  # what a shell expects of a program ended by Ctrl-C


class Stopped(BaseException):
    """Somebody asked the program to end; not an error, so nothing that handles errors may hold it."""


asked_to_stop = Event()  # libraries turn what a signal raises inside them into errors of their own


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    asked_to_stop.set()
    raise Stopped


def main() -> None:
    """Run the command line; every error a person can mend ends in one line and its exit code."""
    for asked in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked, _stop)
    try:
        from pipeline.commands import app

        app(standalone_mode=True)
    except (Exception, Stopped) as error:
        if asked_to_stop.is_set():
            _say("chronoville: stopped. What was stored is whole; run the same command again to go on.")
            sys.exit(INTERRUPTED)
        sys.exit(_told(error))


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _told(error: BaseException) -> int:
    """Say what a person can mend and return its exit code; raise what is an error of the program."""
    from pipeline.errors import EXIT_OK, EXIT_OUTPUT, ChronovilleError

    if isinstance(error, ChronovilleError):
        _say(f"chronoville: {error}")
        return error.exit_code
    if isinstance(error, BrokenPipeError):  # whoever read the results has read enough
        return EXIT_OK
    if isinstance(error, OSError):  # a document's own trouble is a row; what reaches this line is about the output
        _say(f"chronoville: {error.filename or 'the output'} cannot be used ({error.strerror or error}).")
        return EXIT_OUTPUT
    raise error


if __name__ == "__main__":
    main()
