"""Which addresses lie outside: a program of ours asks nothing inside the house by mistake."""

import ipaddress
import socket

_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address for networks without IPv4


def is_public(place: str) -> bool:
    """Whether an address is one of the open network, also when it hides one of IPv4."""
    address = ipaddress.ip_address(place.split("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        hidden = address.ipv4_mapped or address.sixtofour
        if address in _TRANSLATED:
            hidden = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        address = hidden or address
    return address.is_global and not address.is_multicast


def places_of(host: str, port: int) -> list[str]:
    """The addresses behind a name; OSError when it has none."""
    return [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
