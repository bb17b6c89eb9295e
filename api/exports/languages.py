"""Languages of a document that is written in another form."""

from store.documents.reading import Document

# Of languages that are written from right to left.
_RIGHT_TO_LEFT = frozenset(["ar", "arc", "ckb", "dv", "fa", "he", "ks", "ku", "ps", "sd", "ug", "ur", "yi"])


def source_of(document: Document) -> str:
    """Return the language of a document's text: with `auto` that of its beginning, `und` while that is not known."""
    return document.source if document.source != "auto" else document.detected or "und"


def right_to_left(language: str) -> bool:
    """Return whether a language is written so."""
    return language.partition("-")[0] in _RIGHT_TO_LEFT
