"""Commands for dead letters: what could not be used, and what to do with it."""

import base64
import sys
from itertools import islice
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.table import Table

from pipeline.errors import InputError
from producer.client import Client, DeadLetter
from producer.commands import Api, Json, client_for

commands = typer.Typer(
    help="Look at records that could not be used, send them again, or forget them.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Service = Annotated[str | None, typer.Option(help="Only those of this service (segmenter, translator, sink).")]
Reason = Annotated[str | None, typer.Option(help="Only those of this kind of error, for example EventError.")]
Document = Annotated[str | None, typer.Option(help="Only those of this document.")]
Since = Annotated[str | None, typer.Option(help="Only those since then (2026-11-21 or 2026-11-21T18:00:00Z).")]
Ids = Annotated[list[str] | None, typer.Argument(metavar="[ID]...", help="Which; or all that the options select.")]


@commands.command("list")
def list_(
    service: Service = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="So many at most.")] = 50,
    json: Json = False,
    api: Api = None,
) -> None:
    """List them, newest first."""
    with client_for(api) as client:
        found = client.dead_letters(service=service, reason=reason, document=document, since=since)
        letters = list(islice(found, limit))
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(letters)).decode() + "\n")
        return
    table = Table("id", "at", "service", "reason", "document", "message", box=None)
    for letter in letters:
        again = f" (sent again {letter.replayed:%Y-%m-%d %H:%M})" if letter.replayed else ""
        at = f"{letter.at:%Y-%m-%d %H:%M:%S}"
        table.add_row(letter.id, at, letter.service, letter.reason, letter.document or "", letter.message + again)
    Console(highlight=False, markup=False).print(table)


@commands.command()
def show(
    letter: Annotated[str, typer.Argument(metavar="ID")],
    raw: Annotated[bool, typer.Option("--raw", help="Write the record's bytes as they are, and nothing else.")] = False,
    api: Api = None,
) -> None:
    """Show one with its value."""
    with client_for(api) as client:
        found = client.dead_letter(letter)
    value = base64.b64decode(found.value_base64)
    if raw:
        sys.stdout.buffer.write(value)
        return
    for name in ("id", "at", "service", "stage", "reason", "message", "document", "topic", "replayed"):
        sys.stdout.write(f"{name:<9} {getattr(found, name) or ''}\n")
    sys.stdout.write(f"value     {len(value)} bytes\n{value.decode(errors='backslashreplace')}\n")


@commands.command()
def replay(
    ids: Ids = None,
    service: Service = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    api: Api = None,
) -> None:
    """Send them again, as they were, to the topics that they came from."""
    with client_for(api) as client:
        for letter in _chosen(client, ids, service, reason, document, since):
            client.replay(letter)
            sys.stdout.write(f"sent again: {letter}\n")


@commands.command()
def drop(
    ids: Ids = None,
    service: Service = None,
    reason: Reason = None,
    document: Document = None,
    since: Since = None,
    api: Api = None,
) -> None:
    """Forget them."""
    with client_for(api) as client:
        for letter in _chosen(client, ids, service, reason, document, since):
            client.drop(letter)
            sys.stdout.write(f"dropped: {letter}\n")


def _chosen(
    client: Client,
    ids: list[str] | None,
    service: str | None,
    reason: str | None,
    document: str | None,
    since: str | None,
) -> list[str]:
    """Return the ids that were named, or those that the options select. Raises `InputError` if neither says anything."""
    if ids:
        return ids
    if not any((service, reason, document, since)):
        raise InputError("name dead letters, or choose them by --service, --reason, --document or --since")
    found: list[DeadLetter] = list(client.dead_letters(service=service, reason=reason, document=document, since=since))
    return [letter.id for letter in found]
