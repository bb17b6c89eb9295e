"""Makes, lists, changes and revokes keys: satzstrom keys, or python -m store.accounts.key_commands beside a single service.

It works on the store itself, so it needs no key, and no API that runs.
"""

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from json import dumps
from typing import Any, TypeVar

from pipeline.command_line import UsageError
from pipeline.errors import InputError, SatzstromError
from pipeline.settings import StoreSettings, load
from store.accounts.keys import Key, KeyStore, Limits
from store.accounts.usage import UsageStore
from store.collections import Collections, connect

T = TypeVar("T")

_LIMITS = {
    "characters": "characters of text a month",
    "requests": "requests a minute",
    "documents": "documents under way at once",
}


def run(arguments: Sequence[str], settings: StoreSettings, *, program: str) -> None:
    """Do what the arguments say. Raises `SatzstromError`; a wrong call ends the program with status 2."""
    wanted = _parser(program).parse_args(arguments)
    if wanted.command == "create":
        create(settings, wanted.name, Limits(wanted.characters, wanted.requests, wanted.documents), admin=wanted.admin)
    elif wanted.command == "change":
        change(settings, wanted.id, {name: value for name, value in vars(wanted).items() if name in _LIMITS})
    elif wanted.command == "list":
        show(settings, json=wanted.json)
    else:
        revoke(settings, wanted.id)


def create(settings: StoreSettings, name: str, limits: Limits, *, admin: bool, json: bool = False) -> None:
    """Make a key, and print it; with `json` its id, too. Raises `SatzstromError`, as the others do."""

    async def made(collections: Collections) -> tuple[Key, str]:
        return await KeyStore(collections).create(name, limits, admin=admin)

    entry, key = _with_store(settings, made)
    sys.stdout.write(dumps({"id": entry.id, "name": entry.name, "key": key}) + "\n" if json else f"{key}\n")
    sys.stderr.write(f"made key {entry.id} for {entry.name}; keep it now, it cannot be shown again\n")


def change(settings: StoreSettings, key: str, limits: Mapping[str, int | None]) -> None:
    """Change what a key may use; limits that are not named stay."""
    if not limits:
        raise UsageError(f"say what to change: {', '.join(f'--{name}' for name in _LIMITS)}")

    async def changed(collections: Collections) -> Key | None:
        return await KeyStore(collections).change(key, limits)

    if (entry := _with_store(settings, changed)) is None:
        raise InputError(f"there is no key {key!r} that was not revoked; satzstrom keys list shows their ids")
    now = ", ".join(f"{name} {'any' if value is None else value}" for name, value in asdict(entry.limits).items())
    sys.stderr.write(f"key {key} for {entry.name}: {now}; within five seconds every API goes by that\n")


def show(settings: StoreSettings, *, json: bool) -> None:
    """List keys and what they have used this month."""

    async def rows(collections: Collections) -> list[dict[str, Any]]:
        usage = UsageStore(collections)
        found = await KeyStore(collections).all()
        return [_row(key, await usage.characters(key.id), await usage.under_way(key.id)) for key in found]

    found = _with_store(settings, rows)
    sys.stdout.write(dumps(found, default=datetime.isoformat) + "\n" if json else _table(found))


def revoke(settings: StoreSettings, key: str) -> None:
    """End a key; its documents stay."""

    async def revoked(collections: Collections) -> bool:
        return await KeyStore(collections).revoke(key)

    if not _with_store(settings, revoked):
        raise InputError(f"there is no key {key!r}; satzstrom keys list shows their ids")
    sys.stderr.write(f"revoked key {key}; within five seconds no API takes it any more\n")


def _with_store(settings: StoreSettings, work: Callable[[Collections], Awaitable[T]]) -> T:
    async def run_it() -> T:
        collections = await connect(settings)
        try:
            return await work(collections)
        finally:
            await collections.close()

    return asyncio.run(run_it())


def _parser(program: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(program, description="Keys of the API.")
    commands = parser.add_subparsers(dest="command", required=True)
    create = commands.add_parser("create", help="make a key, and print it: nobody can tell it again")
    create.add_argument("name", metavar="NAME", help="who or what it is for")
    create.add_argument("--admin", action="store_true", help="it sees the documents of all, and dead letters")
    change = commands.add_parser("change", help="change what a key may use; what is not named stays")
    change.add_argument("id", metavar="ID", help="the key's id, as list shows it")
    for name, what in _LIMITS.items():
        create.add_argument(f"--{name}", type=limit, metavar="N", help=f"{what} (default: any number)")
        change.add_argument(f"--{name}", type=limit, metavar="N", help=f"{what}, or any", default=argparse.SUPPRESS)
    listing = commands.add_parser("list", help="list keys and what they have used this month")
    listing.add_argument("--json", action="store_true", help="for programs")
    revoke = commands.add_parser("revoke", help="end a key; its documents stay")
    revoke.add_argument("id", metavar="ID", help="the key's id, as list shows it")
    return parser


def limit(text: str) -> int | None:
    """Read a limit: 0 would be a key that cannot be used, and MongoDB's integers end."""
    if text == "any":
        return None
    if not text.isdecimal() or not 1 <= int(text) <= 10**15:
        raise argparse.ArgumentTypeError("must be a number from 1 to 10^15, or any")
    return int(text)


def _row(key: Key, characters: int, under_way: int) -> dict[str, Any]:
    return {
        "id": key.id,
        "name": key.name,
        "admin": key.admin,
        "created": key.created,
        "revoked": key.revoked,
        "characters": {"used": characters, "limit": key.limits.characters},
        "documents": {"under_way": under_way, "limit": key.limits.documents},
        "requests_per_minute": key.limits.requests,
    }


def _table(rows: Sequence[dict[str, Any]]) -> str:
    """Lay the keys out in columns, for people."""
    lines = [("id", "name", "state", "characters", "documents", "requests/min", "created")]
    for row in rows:
        characters, documents = row["characters"], row["documents"]
        state = "revoked" if row["revoked"] else "admin" if row["admin"] else "active"
        lines.append(
            (
                row["id"],
                row["name"],
                state,
                f"{characters['used']:,}{_of(characters['limit'])}",
                f"{documents['under_way']}{_of(documents['limit'])}",
                "any" if row["requests_per_minute"] is None else f"{row['requests_per_minute']:,}",
                f"{row['created'].astimezone():%Y-%m-%d %H:%M}",
            )
        )
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() + "\n" for line in lines
    )


def _of(limit: int | None) -> str:
    return "" if limit is None else f" of {limit:,}"


if __name__ == "__main__":
    try:
        run(sys.argv[1:], load(StoreSettings), program="python -m store.accounts.key_commands")
    except SatzstromError as error:
        sys.exit(f"satzstrom: {error}")
