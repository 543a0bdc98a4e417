"""Keeps the tests on this machine: a connection to anywhere but loopback raises."""

import ipaddress
import sys

_ADDRESSED = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})


class NetworkForbiddenError(Exception):
    """A test tried to reach another machine; the text names it."""


def forbid_the_network() -> None:
    """Refuse name look-ups and connections beyond loopback in this process, until it ends.

    An audit hook sees every use of `socket`, however it was imported. It does not see uvloop, nor programs
    that a test starts: those are given loopback addresses by their settings.
    """
    sys.addaudithook(_refuse)


def _refuse(event: str, details: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = details[0]
    elif event in _ADDRESSED and isinstance(details[1], tuple):
        host = details[1][0]
    else:
        return
    if not _is_here(host):
        raise NetworkForbiddenError(f"{event} to {host!r}: tests may only use loopback")


def _is_here(host: object) -> bool:
    if isinstance(host, bytes):
        host = host.decode()
    if host is None or host in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
