"""What a model's vocabulary tells about words."""

from collections.abc import Callable

Length = Callable[[str], int]
"""Counts the tokens of a text. A vocabulary is made from usual text, so what is usual has few tokens."""
