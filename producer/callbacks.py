"""The command for the secret that signs callbacks."""

import sys
from typing import Annotated

import msgspec
import typer

from producer.commands import Json
from producer.connecting import Api, DataFolder, client_for


def callback_secret(
    rotate: Annotated[
        bool, typer.Option("--rotate", help="Make another one; messages are signed with the one before too, for a day.")
    ] = False,
    json: Json = False,
    api: Api = None,
    data: DataFolder = None,
) -> None:
    """Show the secret that callbacks of your documents are signed with, as Standard Webhooks writes it."""
    with client_for(api, data) as client:
        found = client.callback_secrets(rotate=rotate)
    if json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(found)).decode() + "\n")
        return
    for secret in found:
        sys.stdout.write(secret.secret + "\n")
        if secret.until is not None:
            sys.stderr.write(f"the last one signs until {secret.until:%Y-%m-%d %H:%M} UTC\n")
