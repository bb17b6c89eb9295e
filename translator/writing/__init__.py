"""How a text is written: edges, quotation marks, dashes, line breaks, spelling; as a model knows it, and as readers do."""

from collections.abc import Callable

Length = Callable[[str], int]
"""Counts the tokens of a text. A vocabulary is made from usual text, so what is usual has few tokens."""
