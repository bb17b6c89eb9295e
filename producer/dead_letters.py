"""Commands for dead letters: what could not be used, and what to do with it."""

import base64
import sys
from itertools import islice
from typing import Annotated, Literal

import msgspec
import typer

from pipeline.command_line import UsageError
from pipeline.counted import counted
from producer.commands import Json
from producer.connecting import Api, DataFolder, client_for
from producer.tables import print_table
from satzstrom import Client

commands = typer.Typer(
    help="Look at records that could not be used, send them again, or forget them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Service = Annotated[str | None, typer.Option(help="Only those of this service (segmenter, translator, sink).")]
Stage = Annotated[
    Literal["decode", "handle", "translate"] | None, typer.Option(help="Only those that failed at this step.")
]
Reason = Annotated[str | None, typer.Option(help="Only those of this kind of error, for example EventError.")]
Document = Annotated[str | None, typer.Option(help="Only those of this document.")]
Since = Annotated[str | None, typer.Option(help="Only those since then (2026-11-21 or 2026-11-21T18:00:00Z).")]
Until = Annotated[str | None, typer.Option(help="Only those before then.")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which; or all that the options select.")]


@commands.command("list")
def list_(  # noqa: PLR0913, PLR0917 (each is an option)
    service: Service = None,
    stage: Stage = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 50,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """List them, newest first."""
    with client_for(api, data) as client:
        found = client.dead_letters(**_filters(service, stage, reason, document, since, until))
        letters = list(islice(found, limit))
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(letters)).decode() + "\n")
        return
    rows = [("id", "at", "service", "reason", "document", "message")]
    for letter in letters:
        again = f" (sent again {letter.replayed:%Y-%m-%d %H:%M})" if letter.replayed else ""
        at = f"{letter.at:%Y-%m-%d %H:%M:%S}"
        rows.append((letter.id, at, letter.service, letter.reason, letter.document or "", letter.message + again))
    print_table(rows, flexible=5)


@commands.command()
def show(
    letter: Annotated[str, typer.Argument(metavar="ID")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the record's bytes as they are, and nothing else.")] = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Show one with its value."""
    with client_for(api, data) as client:
        found = client.dead_letter(letter)
    value = base64.b64decode(found.value_base64)
    if raw:
        sys.stdout.buffer.write(value)
        return
    for name in ("id", "at", "service", "stage", "reason", "message", "document", "topic", "replayed"):
        sys.stdout.write(f"{name:<9} {getattr(found, name) or ''}\n")
    sys.stdout.write(f"value     {counted(len(value), 'byte')}\n{value.decode(errors='backslashreplace')}\n")


@commands.command()
def replay(  # noqa: PLR0913, PLR0917 (each is an option)
    ids: Ids = None,
    service: Service = None,
    stage: Stage = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    until: Until = None,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Send them again, as they were, to the topics that they came from."""
    with client_for(api, data) as client:
        for letter in _chosen(client, ids, _filters(service, stage, reason, document, since, until)):
            client.replay(letter)
            sys.stdout.write(f"sent again: {letter}\n")


@commands.command()
def drop(  # noqa: PLR0913, PLR0917 (each is an option)
    ids: Ids = None,
    service: Service = None,
    stage: Stage = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    until: Until = None,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Forget them."""
    with client_for(api, data) as client:
        for letter in _chosen(client, ids, _filters(service, stage, reason, document, since, until)):
            client.drop(letter)
            sys.stdout.write(f"dropped: {letter}\n")


def _filters(*values: str | None) -> dict[str, str | None]:
    """Return the options by which dead letters are selected, as the API names them."""
    return dict(zip(("service", "stage", "reason", "document", "since", "until"), values, strict=True))


def _chosen(client: Client, ids: list[str] | None, filters: dict[str, str | None]) -> list[str]:
    """Return the ids that were named, or those that the options select. Raises `UsageError` if neither says anything."""
    if ids:
        return ids
    if not any(filters.values()):
        names = [f"--{name}" for name in filters]
        raise UsageError(f"name dead letters, or choose them by {', '.join(names[:-1])} or {names[-1]}")
    # All of them before the first is sent or dropped: a page is found by the last one of the page before.
    return [letter.id for letter in client.dead_letters(**filters)]
