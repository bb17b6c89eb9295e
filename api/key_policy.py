"""Whether keys are asked for."""

import ipaddress
import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from api.keys import KeyRing
from pipeline.errors import SetupError
from store.accounts.keys import KeyStore
from store.accounts.usage import UsageStore

logger = logging.getLogger(__name__)

KeysWanted = Literal["auto", "yes", "no"]


@dataclass(frozen=True, slots=True)
class KeyPolicy:
    """What was said about keys, and where the API can be reached."""

    wanted: KeysWanted
    host: str

    def required(self, from_file: Collection[str]) -> bool:
        """Whether keys are asked for: always if a file names some; else as was said; else unless others cannot come."""
        if from_file or self.wanted == "yes":
            return True
        return self.wanted == "auto" and not is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether only programs on this machine can reach an address. A name other than localhost may mean anything."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


async def open_ring(policy: KeyPolicy, store: KeyStore, usage: UsageStore, from_file: Collection[str]) -> KeyRing:
    """Return the keys that may use the API.

    Raises `SetupError` if others can reach the API and nobody could use it, because there is no key and nothing was said.
    """
    required = policy.required(from_file)
    if required and not from_file and all(key.revoked for key in await store.all()):
        what_to_do = "make one with: satzstrom keys create NAME"
        if policy.wanted == "auto":
            raise SetupError(
                f"others can reach the API at {policy.host}, and there is no key; {what_to_do}; or name a file with keys in "
                "SATZSTROM_API_KEYS_FILE; or let everybody in with SATZSTROM_REQUIRE_KEYS=no"
            )
        logger.warning("there is no key yet, so nobody can use the API; %s", what_to_do)
    return KeyRing(store, usage, from_file, required=required)
