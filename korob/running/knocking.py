"""The commands about notifications: listening to a world for a local program, and checking a handler."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click
import uvloop

from korob.clock import WALL
from korob.config import Settings
from korob.domain import target
from korob.domain.notification import NotificationType
from korob.domain.target import BadTarget
from korob.notifications import handler_check, junit, signature
from korob.notifications import listen as listening
from korob.notifications.handler_check import Finding, Grade
from korob.notifications.listen import Passed
from korob.running import commands, folder
from korob.running.commands import SandboxError, SandboxGoneError

AGAIN_SECONDS: Final = 1.0
"""How soon a sandbox that has ended is asked again."""
COLOURS: Final = {Grade.GOOD: "green", Grade.POOR: "yellow", Grade.BAD: "red"}


class HandlerError(Exception):
    """A handler can't be checked as asked; the message says why in one line."""


def listen(
    settings: Settings, base: str, forward: str, *, world_id: int | None, types: frozenset[str], from_start: bool
) -> None:
    """Send a world's notifications on to a local program until a signal ends it.

    Raises SandboxError, HandlerError, and click's BadParameter for a type that there is not.
    """
    _check_link(forward)
    if unknown := types - set(NotificationType):
        raise click.BadParameter(f"there is no type {min(unknown)}", param_hint="--type")
    world = world_id or _the_world(settings, base)
    click.echo(f"World {world} at {base}: notifications go to {target.endpoint(forward)}. Ctrl-C ends it.")
    with suppress(KeyboardInterrupt):
        uvloop.run(pass_on(settings, base, world, forward, types=types, from_start=from_start))


def check_handler(url: str, *, secret: str | None, junit_path: Path | None) -> bool:
    """Show what a handler makes of notifications; whether nothing is bad. Raises HandlerError."""
    _check_link(url)
    key = _secret(secret)
    click.echo(f"Checking {target.endpoint(url)}\n")
    report = uvloop.run(handler_check.check(url, wall=WALL.now, secret=key, tell=_say_finding))
    words = ", ".join(f"{number} {grade.lower()}" for grade, number in report.count.items())
    click.echo(f"\nGrade {report.mark}: {words}")
    if junit_path is not None:
        try:
            junit_path.write_bytes(junit.document(report))
        except OSError as trouble:
            raise HandlerError(f"the report {junit_path} can't be written: {trouble.strerror}") from trouble
    return report.passed


async def pass_on(
    settings: Settings,
    base: str,
    world_id: int,
    forward: str,
    *,
    types: frozenset[str],
    from_start: bool,
) -> None:
    """Send a world's notifications on until cancelled; a sandbox that ends meanwhile is waited for."""
    is_there = True

    async def ask(after: int) -> list[dict[str, Any]]:
        nonlocal is_there
        path = f"/worlds/{world_id}/notifications?after={after}"
        while True:
            try:
                answer = await asyncio.to_thread(commands.ask_sandbox, settings, base, "GET", path)
            except SandboxGoneError as trouble:
                if is_there:
                    click.echo(f"{trouble}. Waiting for it …")
                is_there = False
                await asyncio.sleep(AGAIN_SECONDS)
            else:
                is_there = True
                found: list[dict[str, Any]] = answer["notifications"]
                return found

    await listening.listen(ask, forward, tell=_say_passed, types=types, from_start=from_start)


def _say_passed(passed: Passed) -> None:
    told, attempt = passed
    about = told["body"].get("orderId", "")
    took = f"in {attempt.seconds * 1000:.0f} ms"
    if attempt.error is None:
        outcome = f"{click.style('accepted', fg='green')} by {attempt.integration} {attempt.version} {took}"
    else:
        words, _, answer = attempt.trouble.partition(": ")
        outcome = f"{click.style(words, fg='red')} {took}: {answer}"
    click.echo(f"{told['at']} {told['type']} {about} {outcome}")


def _say_finding(finding: Finding) -> None:
    said = "" if finding.grade is Grade.GOOD else f": {finding.said}"
    click.echo(f"  {click.style(f'{finding.grade:<4}', fg=COLOURS[finding.grade])} {finding.case}{said}")


def _the_world(settings: Settings, base: str) -> int:
    """The only world there is, else the demo world."""
    ids: list[int] = [one["id"] for one in commands.ask_sandbox(settings, base, "GET", "/worlds")["worlds"]]
    demo = folder.demo(settings.data_dir)
    if len(ids) == 1:
        return ids[0]
    if demo and demo.business_id in ids:
        return demo.business_id
    if not ids:
        raise SandboxError(f"there is no world at {base}: make one with korob world create")
    raise SandboxError(f"there are several worlds at {base}, say which with --world: {', '.join(map(str, ids))}")


def _secret(shown: str | None) -> bytes | None:
    if shown is None:
        return None
    try:
        return signature.read(shown)
    except ValueError:
        raise HandlerError("the secret is not one of a subscription: whsec_ and Base64") from None


def _check_link(url: str) -> None:
    try:
        target.checked(url, any_address=True)
    except BadTarget as refusal:
        raise HandlerError(str(refusal)) from None
