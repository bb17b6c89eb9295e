"""The commands for keys of the API, on the store of the running pipeline, or of the one that the environment names."""

import argparse
from typing import Annotated

import typer

from embedded.commands import Data
from embedded.store_commands import settings_of
from store.accounts import key_commands
from store.accounts.keys import Limits

commands = typer.Typer(
    help="Make, list, change and revoke keys of the API.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _limit(text: str) -> str:
    try:
        key_commands.limit(text)
    except argparse.ArgumentTypeError as error:
        raise typer.BadParameter(str(error)) from None
    return text


def _option(what: str) -> typer.models.OptionInfo:
    found: typer.models.OptionInfo = typer.Option(parser=_limit, metavar="N", help=what)
    return found


Id = Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `list` shows it.")]
Characters = Annotated[str | None, _option("Characters of text a month, or any.")]
Requests = Annotated[str | None, _option("Requests a minute, or any.")]
Documents = Annotated[str | None, _option("Documents under way at once, or any.")]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@commands.command()
def create(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Who or what it is for.")],
    admin: Annotated[bool, typer.Option("--admin", help="It sees the documents of all, and dead letters.")] = False,
    characters: Characters = None,
    requests: Requests = None,
    documents: Documents = None,
    json: Json = False,
    data: Data = None,
) -> None:
    """Make a key, and print it: nobody can tell it again."""
    limits = Limits(**_said(characters, requests, documents))
    key_commands.create(settings_of(data), name, limits, admin=admin, json=json)


@commands.command("list")
def list_(json: Json = False, data: Data = None) -> None:
    """List keys and what they have used this month."""
    key_commands.show(settings_of(data), json=json)


@commands.command()
def change(
    key: Id, characters: Characters = None, requests: Requests = None, documents: Documents = None, data: Data = None
) -> None:
    """Change what a key may use; what is not named stays."""
    key_commands.change(settings_of(data), key, _said(characters, requests, documents))


@commands.command()
def revoke(key: Id, data: Data = None) -> None:
    """End a key; its documents stay."""
    key_commands.revoke(settings_of(data), key)


def _said(characters: str | None, requests: str | None, documents: str | None) -> dict[str, int | None]:
    said = {"characters": characters, "requests": requests, "documents": documents}
    return {name: key_commands.limit(value) for name, value in said.items() if value is not None}
