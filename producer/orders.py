"""What `submit` can say of a document besides its text, as options."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipeline.errors import InputError
from producer.history import pair_of
from satzstrom.orders import Order, Priority

Model = Annotated[
    str | None, typer.Option(metavar="NAME", help="Model, with its revision or without (default: the pair's).")
]
Prior = Annotated[Priority, typer.Option(help="Whether it goes before or behind others.")]
Title = Annotated[str | None, typer.Option(help="What the document is called (default: its file's name).")]
Metadata = Annotated[
    list[str] | None, typer.Option(metavar="NAME=VALUE", help="Kept with the document; may be said several times.")
]
Callback = Annotated[
    str | None, typer.Option(metavar="URL", help="Told with a signed message when the document is done or cancelled.")
]
Glossary = Annotated[str | None, typer.Option(metavar="ID", help="Glossary of yours that it is translated with.")]
Terms = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE", help="Terms and what is to stand for them: JSON, or a line each with a tab or comma between."
    ),
]
Alternatives = Annotated[
    int | None, typer.Option(min=0, help="How many other translations of each sentence are wanted.")
]
Memory = Annotated[
    Literal["on", "off"] | None, typer.Option(help="Whether sentences may come from the translation memory.")
]


def order_of(  # noqa: PLR0913, PLR0917 (each is an option)
    model: str | None,
    priority: Priority,
    title: str | None,
    metadata: list[str] | None,
    callback: str | None,
    glossary: str | None,
    terms: Path | None,
    alternatives: int | None,
    memory: str | None,
) -> Order:
    """Return what options say; what is as the API has it anyway is left out. Raises `UsageError`, `InputError`."""
    found: Order = {
        "model": model,
        # Older releases take none in some places; this is what they go by.
        "priority": None if priority == "normal" else priority,
        "title": title,
        "callback_url": callback,
        "glossary": glossary,
        "metadata": dict(pair_of("--metadata", one) for one in metadata) if metadata else None,
        "terms": _read(terms) if terms else None,
        "alternatives": alternatives,
        "memory": None if memory is None else memory == "on",
    }
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8: byte {error.start} cannot be read; save it in UTF-8") from None
