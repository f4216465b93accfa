"""What the program says of itself where it was started."""

from collections.abc import Sequence
from contextlib import suppress

from korob.config import Settings
from korob.running.folder import Demo


def say(line: str) -> None:
    """One line, at once. Whoever has stopped listening does not stop us."""
    with suppress(OSError):
        print(line, flush=True)


def base_url(settings: Settings) -> str:
    """Where sellers' programs find the API."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)  # noqa: S104 (asked for)
    return f"http://{f'[{host}]' if ':' in host and not host.startswith('[') else host}:{settings.port}"


def tell_schema(applied: Sequence[str]) -> None:
    """Say which migrations were applied, in a line; nothing if none were."""
    if applied:
        say(f"The schema has now {' to '.join(dict.fromkeys((applied[0], applied[-1])))}")


def introduce(settings: Settings, own_token: str, demo: Demo | None) -> None:
    """Say what a caller has to know."""
    say(f"  Base URL        {base_url(settings)}")
    say(f"  Operator token  {own_token or 'as in KOROB_OPERATOR_TOKEN'}")
    if demo is None:
        return
    say(f"  Business        {demo.business_id}")
    say(f"  API key         {demo.api_key}")
    for model, campaign_id in demo.campaigns:
        say(f"  Campaign        {campaign_id} ({model})")
    say(f"  Try             curl -H 'Api-Key: {demo.api_key}' {base_url(settings)}/v2/campaigns")
