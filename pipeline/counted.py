"""Numbers with their word, as English has them."""


def counted(number: int, one: str, many: str | None = None) -> str:
    """Return a number with its word: "1 sentence", "1,234 sentences"; `many`: a plural that is not made by an s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
