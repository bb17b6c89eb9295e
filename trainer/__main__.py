"""The trainer's image: `python -m trainer` is `satzstrom train`."""

import sys

from pipeline.errors import SatzstromError
from trainer.commands import commands


def main() -> None:
    """Run a command. Exit status: 0; 1 after an error, which is one clear line; 2 for a wrong call; 130 interrupted."""
    try:
        commands()
    except SatzstromError as error:
        sys.stderr.write(f"satzstrom: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
