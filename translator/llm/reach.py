"""Whether the text that goes to a server stays on this machine or in its network."""

import ipaddress
import socket
from urllib.parse import urlsplit

from pipeline.events import TextGoes

# Addresses that only somebody's own networks have; what Python calls private depends on its version.
_OWN = [
    ipaddress.ip_network(block)
    for block in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "fc00::/7",
        "fe80::/10",
    )
]


def text_goes(url: str) -> TextGoes:
    """Return how far text goes that is sent to an address, by what its name leads to now.

    `machine`: loopback; `network`: private addresses only; `outside`: everything else. A name that leads nowhere yet is one
    of this network where it has no dot, as those of containers are, and outside otherwise.
    """
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return "machine"
    try:
        found = {entry[4][0] for entry in socket.getaddrinfo(host, None, proto=socket.IPPROTO_TCP)}
    except (OSError, UnicodeError):
        return "outside" if "." in host or ":" in host else "network"
    reached = [_reached(str(address)) for address in found]
    return next((far for far in ("outside", "network") if far in reached), "machine")


def _reached(text: str) -> TextGoes:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    if address.is_loopback or address.is_unspecified:
        return "machine"
    own = any(address.version == block.version and address in block for block in _OWN)
    return "network" if own else "outside"
