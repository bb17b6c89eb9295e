"""The commands for models where only a translator is installed: python -m translator.models.

Exit status: 0; 1 after an error, which is one clear line; 75 if a server is away; 2 for misuse.
"""

from pipeline import command_line
from translator.models.commands import app
from translator.models.providing import TRY_LATER


def main() -> None:
    """Run a command."""
    command_line.run(app, away=TRY_LATER)


if __name__ == "__main__":
    main()
