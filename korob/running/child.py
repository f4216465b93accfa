"""What a process of ours does to live and die with the one that started it."""

import asyncio
import gc
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import wait
from typing import Any, Final

PARENT_PIPE: Final = "KOROB_PARENT_PIPE"
"""Set for a child whose standard input ends when its parent does."""

GRACE_SECONDS: Final = 5.0
SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
DEAF_TURNS: Final = 50
"""Turns of the loop, counted from when the application is up, after which the HTTP server is up for certain: within
three of them Granian stops the loop, makes its server, and runs the loop again for good."""
LEAVE: Final = signal.SIGUSR1
"""Tells a process of the HTTP server that it will be asked to end before long."""

GARBAGE: Final = (20_000, 50, 100)
"""After how many new objects Python looks for circles among the youngest, and after how many such looks further."""


def http() -> Callable[..., Any]:
    """The application, in a process of the HTTP server; signals wait until both can serve."""
    from korob import wiring  # noqa: PLC0415 (not in the parent, unless it is to be forked)

    hold_signals()
    # The parent's own handlers, inherited by a fork, would do nothing here.
    for name in SIGNALS:
        signal.signal(name, signal.SIG_DFL)
    leave_terminal()
    parent = multiprocessing.parent_process()
    if parent is not None:
        _die_with(parent.sentinel)
    collect_seldom()
    application = wiring.app(when_up=lambda: _listen_soon(application.leave))
    return application


def preload() -> None:
    """Read the application where `http` will run in a fork of this process, which then has it already."""
    if multiprocessing.get_start_method() == "fork":
        from korob import wiring  # noqa: F401, PLC0415


def supervised() -> bool:
    """Whether this is a child that was started as a program of its own; it ends when its parent ends."""
    if not os.environ.pop(PARENT_PIPE, None):
        return False
    _listen()
    _die_with(sys.stdin.fileno())
    return True


def collect_seldom() -> None:
    """Look for circular garbage less often than Python does by itself, and not in what is there for good.

    A request leaves next to none, and looking through all orders that are remembered takes a seventh of the time of a
    read and a quarter of that of a write.
    """
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def leave_terminal() -> None:
    """Ctrl-C is for the parent, which then asks its children to end in their order."""
    with suppress(OSError):
        os.setsid()


def hold_signals() -> None:
    """Be deaf to wishes to end: this thread, and what it starts, from its first moment on: threads, processes."""
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)


def _listen() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _listen_soon(leave: Callable[[], None]) -> None:
    asyncio.get_running_loop().add_signal_handler(LEAVE, leave)
    _listen_after(DEAF_TURNS)


def _listen_after(turns: int) -> None:
    # A wish that comes while the loop is stopped is lost, and the process would have to be killed.
    if turns:
        asyncio.get_running_loop().call_soon(_listen_after, turns - 1)
    else:
        _listen()


def _die_with(pipe: int) -> None:
    threading.Thread(target=_wait_and_end, args=(pipe,), daemon=True, name="end with parent").start()


def _wait_and_end(pipe: int) -> None:
    wait([pipe])
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os._exit(1)
