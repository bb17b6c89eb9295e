"""Commands with which people change documents: a sentence's translation, a document's name."""

import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console

from pipeline.command_line import UsageError
from pipeline.errors import SatzstromError
from producer.commands import DocumentId, Json
from producer.connecting import Api, DataFolder, client_for, in_words
from satzstrom import RefusedError
from satzstrom.requests import UNCHANGED, sentence_path
from satzstrom.results import Sentence

Position = Annotated[
    str, typer.Argument(metavar="PART.INDEX", help="Its place, as `sentences` and `search` show it: 0.12")
]


def correct(  # noqa: PLR0913, PLR0917 (each is an option)
    document: DocumentId,
    position: Position,
    text: Annotated[
        str | None, typer.Argument(metavar="[TEXT]", help="The translation that it should have; -: standard input.")
    ] = None,
    machine: Annotated[bool, typer.Option("--machine", help="Take the machine's translation again.")] = False,
    approve: Annotated[
        bool | None, typer.Option("--approve/--no-approve", help="Say that it can be relied on, or take that back.")
    ] = None,
    comment: Annotated[str | None, typer.Option(help="What others should know of it; empty: none.")] = None,
    expect: Annotated[
        int | None,
        typer.Option(
            metavar="VERSION", min=0, help="Change nothing unless it has this version still (0: as it was made)."
        ),
    ] = None,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Give a sentence another translation, approve it, or comment on it.

    What counts from then on is what you write, in every form of the document and in the translation memory.
    """
    if text is not None and machine:
        raise UsageError("give the text, or --machine for the machine's; not both")
    if text is None and not machine and approve is None and comment is None:
        raise UsageError("say what is to change: its TEXT, --machine, --approve, --no-approve or --comment")
    try:
        sentence_path(document, position)
    except ValueError as error:
        raise UsageError(str(error)) from None
    wanted = sys.stdin.read().removesuffix("\n") if text == "-" else text
    with client_for(api, data) as client:
        before = client.sentence(document, position)
        try:
            made = client.correct(
                document,
                position,
                None if machine else UNCHANGED if wanted is None else wanted,
                approved=approve,
                comment=UNCHANGED if comment is None else comment,
                version=before.version if expect is None else expect,
            )
        except RefusedError as error:
            if error.kind != "changed":
                raise
            now = client.sentence(document, position)
            raise SatzstromError(f"{in_words(error)}: version {now.version}, {_shown(now.translation)}") from None
    if json:
        sys.stdout.write(msgspec.json.encode(made).decode() + "\n")
        return
    _show(before, made)


def rename(
    document: DocumentId,
    title: Annotated[
        str, typer.Argument(help="What it is called from now on; empty: as its file, or by its first words.")
    ],
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Give a document another name, which downloads go by, too."""
    with client_for(api, data) as client:
        found = client.rename(document, title)
    sys.stdout.write(f"{found.id}: {found.called}\n")


def _show(before: Sentence, made: Sentence) -> None:
    console = Console(highlight=False, soft_wrap=True)
    approved = ", approved" if made.approved else ""
    console.print(f"{made.position} version {made.version}{approved}", style="dim", markup=False)
    console.print(f"  {made.source}", markup=False)
    if made.translation != before.translation:
        console.print(f"- {_shown(before.translation)}", markup=False)
        console.print(f"+ {_shown(made.translation)}", markup=False)
    else:
        console.print(f"  {_shown(made.translation)}", markup=False)
    if made.comment:
        console.print(f"  comment: {made.comment}", markup=False)


def _shown(translation: str | None) -> str:
    return "…" if translation is None else translation
