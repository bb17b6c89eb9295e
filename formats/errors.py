"""Files that cannot be read."""

from pipeline.errors import InputError


class DocumentError(InputError):
    """A file cannot be read as what it says it is; the message says why, and what to do."""


class EmptyFileError(DocumentError):
    """A file has no bytes, which no kind of file is."""

    def __init__(self) -> None:
        super().__init__("the file is empty; see that it opens, and send it again")


class ChangedError(InputError):
    """A file does not give the texts any more that were translated."""

    def __init__(self) -> None:
        super().__init__(
            "the document's file is read otherwise by this release than when it was sent, so its translations have no "
            "place in it; ask for the text, or send the file again"
        )


class KindError(InputError):
    """A file is of a kind that is not translated."""
