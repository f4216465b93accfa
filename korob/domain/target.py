"""Where a subscription may point: an address of the open network, and in a world any."""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit, urlunsplit

from korob.domain.notification import SUFFIX
from korob.domain.refusal import Refusal

LENGTH_MAX: Final = 2000


class BadTarget(Refusal):
    """The URL can't be one to send notifications to."""

    template = "url {fault} (rejected value: {url})"


def checked(url: str, *, any_address: bool) -> str:
    """The URL, if a subscription may have it. Raises BadTarget.

    A host's name says nothing about its addresses: these are checked whenever a connection is made.
    """
    if fault := _fault(url, any_address=any_address):
        raise BadTarget(url=url[:LENGTH_MAX], fault=fault)
    return url


def is_open(address: str) -> bool:
    """Whether an IP address belongs to the open network: not private, loopback, link-local, multicast or reserved.

    An IPv4 address that travels inside an IPv6 address counts as itself.
    """
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address) and (inner := _inner(found)) is not None:
        found = inner
    if isinstance(found, IPv6Address) and (found not in _ASSIGNED or found in _EXAMPLES):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def is_address(host: str) -> bool:
    """Whether a host is an IP address, not a name."""
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def endpoint(url: str) -> str:
    """Where notifications go: `/notification` is put behind the path."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=parts.path.rstrip("/") + SUFFIX))


def _fault(url: str, *, any_address: bool) -> str | None:
    if len(url) > LENGTH_MAX:
        return f"must not be longer than {LENGTH_MAX} characters"
    if not _VISIBLE.fullmatch(url):
        return "must be a full link of visible ASCII characters"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return "must be a full link"
    if parts.scheme not in ({"https", "http"} if any_address else {"https"}):
        return f"must begin with {'http:// or https://' if any_address else 'https://'}"
    if not host:
        return "must be a full link"
    if parts.username is not None or parts.password is not None:
        return "must not contain a user name or a password"
    if parts.fragment or url.endswith("#"):
        return "must not contain a fragment"
    return None if any_address else _private(parts, host)


def _private(parts: SplitResult, host: str) -> str | None:
    if parts.port == 0:
        return "must not have port 0"
    if is_address(host):
        return None if is_open(host) else "must not point to a private or loopback address"
    labels = host.rstrip(".").lower().split(".")
    # A last label of digits is an address in one of its odder spellings (127.1, 0x7f000001), which resolvers accept.
    if _NUMBER.fullmatch(labels[-1]) or labels[-1] in _LOCAL_NAMES or len(labels) == 1:
        return "must not point to a private or loopback address"
    return None


def _inner(address: IPv6Address) -> IPv4Address | None:
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address in _TRANSLATED or address in _COMPATIBLE:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.teredo[1] if address.teredo else None


_VISIBLE: Final = re.compile(r"[!-~]+")
_NUMBER: Final = re.compile(r"\d+|0x[0-9a-f]*")
_LOCAL_NAMES: Final = frozenset({"localhost", "local", "internal", "localdomain"})
_TRANSLATED: Final = ip_network("64:ff9b::/96")
_COMPATIBLE: Final = ip_network("::/96")
_ASSIGNED: Final = ip_network("2000::/3")
"""All that is routed. The library calls the rest global, too, such as what sites once had for themselves."""
_EXAMPLES: Final = ip_network("3fff::/20")
