"""How commands end."""

import sys
from collections.abc import Callable

from pipeline.errors import InputError, SatzstromError


class UsageError(InputError):
    """A command was called with what it cannot take; the message says what to write instead."""


def run(commands: Callable[[], object], *, away: int = 1) -> None:
    """Run what reads the command line. Exit status 1 after an error, which is one clear line; 2 after a wrong call.

    130 after an interruption. `away`: the status after an error that may be over when the same is tried later.
    """
    try:
        commands()
    except UsageError as error:
        sys.stderr.write(f"satzstrom: {error}\n")
        sys.exit(2)
    except SatzstromError as error:
        sys.stderr.write(f"satzstrom: {error}\n")
        sys.exit(away if error.retriable else 1)
    except KeyboardInterrupt:
        sys.exit(130)
