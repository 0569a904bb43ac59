"""Which Host headers are answered. A page elsewhere must not read the index through a name it controls."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from ipaddress import ip_address

_HOST = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{1,5})?")
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names that this server goes by.

    A DNS name of an attacker can be made to point here (DNS rebinding), an address cannot: with `addresses` every
    IP address is answered, which a server needs that listens on all interfaces.
    """

    names: frozenset[str] = _LOOPBACK
    addresses: bool = False

    def answers(self, header: str) -> bool:
        """Whether a Host header names this server; its port does not matter, a tunnel may change it."""
        match = _HOST.fullmatch(header)
        if not match:
            return False
        name = match["name"].strip("[]").lower().removesuffix(".")
        return name in self.names or (self.addresses and _is_address(name))


def hosts_of(bound: str, named: tuple[str, ...] = ()) -> Hosts:
    """The names of a server that listens on `bound`: `named`, its own, and this machine's where it is not loopback."""
    names = _LOOPBACK | {bound.lower(), *(name.lower() for name in named)}
    if is_loopback(bound):
        return Hosts(names)
    own = {socket.gethostname().lower(), socket.getfqdn().lower()}
    return Hosts(names | own, addresses=True)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach a server on this address."""
    return host.lower() == "localhost" or (_is_address(host) and ip_address(host).is_loopback)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True
