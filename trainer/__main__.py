"""The trainer's image: `python -m trainer` is `satzstrom train`."""

from pipeline import command_line
from trainer.commands import commands


def main() -> None:
    """Run a command."""
    command_line.run(commands)


if __name__ == "__main__":
    main()
