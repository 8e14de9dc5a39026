"""Where a request of ours may lead: looked up once, looked at, and then used as the address itself, so that a name cannot change its mind.

Addresses come from the team's own file, but a file can be wrong, and a name can lead elsewhere than yesterday. Webhooks and trackers ask
here before they connect.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ipaddress import IPv4Address, IPv6Address

_METADATA = frozenset(ipaddress.ip_address(one) for one in ("169.254.169.254", "fd00:ec2::254", "100.100.100.200"))
"""Where clouds tell machines their secrets; the second and third are not link-local."""


class AddressError(Exception):
    """A name that leads nowhere, or to where no request of ours may go; `passing` says whether that may change by itself."""

    def __init__(self, message: str, *, passing: bool) -> None:
        super().__init__(message)
        self.message = message
        self.passing = passing


def looked_up(host: str, port: int, scheme: str, *, allow_private: bool, what: str) -> str:
    """The address to connect to for `what`, such as a webhook. Raises AddressError."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise AddressError(f"the name of the {what}'s host is not known: {reason[:200]}", passing=True) from error
    addresses = [str(one[4][0]) for one in found]
    for address in addresses:
        if why := refusal(address, scheme, allow_private=allow_private, what=what):
            raise AddressError(why, passing=False)
    return addresses[0]


def refusal(address: str, scheme: str, *, allow_private: bool, what: str = "webhook") -> str | None:
    """Why a request may not lead to an address, None where it may.

    Never to where clouds keep the secrets of a machine, and never to addresses that are no one machine. To the own machine and network
    only where the file says so; and only there without encryption, because what is sent holds somebody's words.
    """
    ip = _plain(ipaddress.ip_address(address.partition("%")[0]))
    if ip in _METADATA or ip.is_link_local or ip.is_multicast or ip.is_unspecified:
        return f"a {what} may not lead to {ip}: no service for people is there"
    if not ip.is_global and not allow_private:
        return f"the {what} leads to {ip} in the own network; say allow_private = true if that is meant"
    if ip.is_global and scheme != "https":
        return f"the {what} leads to {ip} without encryption; write https://"
    return None


def _plain(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that is meant where one is written as IPv6, as translators do."""
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        return ip.ipv4_mapped or ip.sixtofour or ip
    return ip
