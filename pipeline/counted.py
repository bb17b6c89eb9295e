"""Numbers as people read them: with their word, as English has them, or as percent."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word: "1 sentence", "1,234 sentences"; `many`: a plural that is not made by an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def percent(share: float) -> str:
    """Return a share as whole percent, rounded down: 100% only of all."""
    # A share that was made by division may be short of its percent by what a float cannot hold.
    return f"{int(share * 100 + 1e-9)}%"
