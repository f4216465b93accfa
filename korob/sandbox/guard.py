"""Who may play with worlds: anybody on this machine, except web pages; from elsewhere only with a token."""

from ipaddress import ip_address
from typing import Final

from starlette.requests import Request

from korob.api import errors
from korob.operator import access
from korob.operator.endpoint import EVERYTHING, Reach, Services
from korob.operator.front import check_json

NAMES: Final = frozenset({"127.0.0.1", "localhost", "[::1]"})
"""What `Host` may be without a token. A page that had its own name point here would send that name."""
HARMLESS: Final = frozenset({"GET", "DELETE"})
"""Verbs without a body: of another site's page a browser lets neither read nor delete."""


async def gate(request: Request, services: Services) -> Reach:
    """How far a request reaches: everywhere from loopback, else as far as its token.

    Without a token `Host` must be a loopback name, and what changes something must say that it is JSON: a web page can
    make a browser send neither. A token that was sent must be good all the same.
    """
    token = access.token_of(request)
    if token is not None:
        return await access.reach_of(token, services)
    if not _is_from_here(request):
        raise errors.unauthorized("From another machine the operator's token is needed: Authorization: Bearer <token>")
    if _name(request.headers.get("host", "")) not in NAMES:
        raise errors.forbidden("Without a token Host must be 127.0.0.1, localhost or [::1]")
    if request.method not in HARMLESS:
        check_json(request)
    return EVERYTHING


def _is_from_here(request: Request) -> bool:
    # What a proxy on this machine passes on is not from here, whoever knocks at the socket.
    if request.client is None or {"x-forwarded-for", "forwarded"} & set(request.headers.keys()):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


def _name(host: str) -> str:
    """The name in a header Host, without its port."""
    name, colon, port = host.rpartition(":")
    return (name if colon and port.isdigit() else host).lower()
