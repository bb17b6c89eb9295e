"""How commands end."""

import sys
from collections.abc import Callable

from pipeline.errors import SatzstromError


def run(commands: Callable[[], object], *, away: int = 1) -> None:
    """Run what reads the command line. Exit status 1 after an error, which is one clear line; 130 after an interruption.

    `away`: the status after an error that may be over when the same is tried later.
    """
    try:
        commands()
    except SatzstromError as error:
        sys.stderr.write(f"satzstrom: {error}\n")
        sys.exit(away if error.retriable else 1)
    except KeyboardInterrupt:
        sys.exit(130)
