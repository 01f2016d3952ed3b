"""Which addresses lie outside: a program of ours asks nothing inside the house by mistake."""

import errno
import ipaddress
import socket

from parvis.common.errors import Refused

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


def place_to_listen(host: str, port: int) -> str:
    """The network address behind a host where a server may start; refuses what cannot be had.

    The web server shares a port with whoever has it already, so that half of the requests would
    go to another house: it is tried here first, without sharing.
    """
    if not 0 < port < 2**16:
        raise Refused(f"{port} is no port: it must lie between 1 and 65535.")
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        family, kind, *_rest, place = min(found, key=lambda one: one[0] != socket.AF_INET)
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as after a restart
            probe.bind(place)
            probe.listen()  # two sockets that only took the address do not see each other
    except (OSError, UnicodeError) as error:
        if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
            why = "another server is running there. Stop it, or choose another --port."
        else:
            why = f"{getattr(error, 'strerror', None) or error}. Choose another --host or --port."
        raise Refused(f"Parvis cannot be served on {host}, port {port}: {why}") from error
    return str(place[0])
