"""The commands for models where only a translator is installed: python -m translator.models."""

import sys

from pipeline.errors import SatzstromError
from translator.models.commands import app
from translator.models.providing import TRY_LATER


def main() -> None:
    """Run a command. Exit status: 0; 1 after an error, which is one clear line; 75 if a server is away; 2 for misuse."""
    try:
        app()
    except SatzstromError as error:
        sys.stderr.write(f"satzstrom: {error}\n")
        sys.exit(TRY_LATER if error.retriable else 1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
