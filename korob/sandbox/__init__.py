"""The sandbox's own API: worlds and their clocks. In production it is not even there."""

from typing import Final

from starlette.routing import Route

from korob.operator import front, openapi
from korob.operator.endpoint import Endpoint, Services
from korob.sandbox import clocks, code_rules, guard, wire, worlds

_WORLDS: Final = "/sandbox/v1/worlds"
_WORLD: Final = f"{_WORLDS}/{{id}}"

ABOUT: Final = (
    "Worlds: businesses made for tests, with clocks that jump. From this machine no token is needed, from elsewhere "
    "`Authorization: Bearer` and the operator's. Bodies are JSON, and say so in `Content-Type`."
)
ENDPOINTS: Final = (
    Endpoint(
        "createWorld",
        "POST",
        _WORLDS,
        "Make a world: a business with a campaign of each model, and a clock of its own",
        worlds.create,
        body=wire.NewWorld,
        answer=wire.NewWorldAnswer,
        errors=(400, 401, 403),
    ),
    Endpoint("getWorlds", "GET", _WORLDS, "All worlds", worlds.get_all, answer=wire.WorldsAnswer, errors=(401, 403)),
    Endpoint("getWorld", "GET", _WORLD, "A world", worlds.get, answer=wire.WorldInFull),
    Endpoint("deleteWorld", "DELETE", _WORLD, "Delete a world with all that is in it", worlds.delete),
    Endpoint("getClock", "GET", f"{_WORLD}/clock", "What time it is in a world", clocks.get, answer=wire.ClockAnswer),
    Endpoint(
        "setClock",
        "POST",
        f"{_WORLD}/clock",
        "Let time pass in a world, or stop or start it; answers when all that fell due on the way is done",
        clocks.set_clock,
        body=wire.ClockWish,
        answer=wire.ClockAnswer,
        idempotent=True,
        errors=(400, 401, 403, 404),
    ),
    Endpoint(
        "getAuthority",
        "GET",
        f"{_WORLD}/authority",
        "What the code authority answers in a world",
        code_rules.get,
        answer=wire.AuthorityAnswer,
    ),
    Endpoint(
        "setAuthority",
        "PUT",
        f"{_WORLD}/authority",
        "Choose ahead what the code authority answers in a world, and when; replaces the rules before",
        code_rules.put,
        body=wire.CodeRules,
        answer=wire.AuthorityAnswer,
        errors=(400, 401, 403, 404, 415),
    ),
    Endpoint(
        "resetAuthority",
        "DELETE",
        f"{_WORLD}/authority",
        "Have the code authority judge by the structure of codes again, after 5 seconds",
        code_rules.delete,
        answer=wire.AuthorityAnswer,
    ),
    Endpoint(
        "getDeadlines",
        "GET",
        f"{_WORLD}/deadlines",
        "All that the orders of a world wait for, soonest first",
        worlds.get_deadlines,
        answer=wire.DeadlinesAnswer,
    ),
    Endpoint(
        "getNotifications",
        "GET",
        f"{_WORLD}/notifications",
        "What the seller was to be told, oldest first",
        worlds.get_notifications,
        query=wire.NotificationsQuery,
        answer=wire.NotificationsAnswer,
    ),
)


def routes(services: Services) -> list[Route]:
    """The routes of the sandbox's API, and of the document about it."""
    return [
        *front.routes(services, ENDPOINTS, guard.gate),
        *openapi.routes("/sandbox/v1", "Korob: the sandbox's API", ABOUT, ENDPOINTS),
    ]
