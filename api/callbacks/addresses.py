"""Which addresses callbacks may go to: an own list, because the one of Python's `ipaddress` depends on its version."""

import ipaddress

# https://www.iana.org/assignments/iana-ipv4-special-registry, and multicast.
_SPECIAL_4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        # Protocol assignments; a metadata service of one cloud answers on 192.0.0.192.
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
]
# https://www.iana.org/assignments/iana-ipv6-special-registry. Only this block has been given out for the open network. So
# loopback, link-local, site-local, unique local, multicast, IPv4-mapped, IPv4-compatible, IPv4-translated and NAT64
# addresses (64:ff9b::/96, 64:ff9b:1::/48) are outside of it, and need no line of their own.
_OPEN_6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_6 = [
    ipaddress.IPv6Network(block)
    for block in (
        # Protocol assignments: Teredo, which has an IPv4 address inside, benchmarking, ORCHID.
        "2001::/23",
        "2001:db8::/32",
        # 6to4, which has an IPv4 address inside.
        "2002::/16",
        "2620:4f:8000::/48",
        "3fff::/20",
    )
]


def is_public(address: str) -> bool:
    """Whether an address as `getaddrinfo` gives it belongs to the open network, and has no other address inside."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in block for block in _SPECIAL_4)
    return parsed in _OPEN_6 and not any(parsed in block for block in _SPECIAL_6)
