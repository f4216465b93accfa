"""An HTTP process that is asked to end between the start of its application and that of its server. Run as a program.

The machine is so busy that the loop stands still for a while just before.
"""

import os
import signal
import sys
import time

import granian.server.mp
from granian import Granian
from granian.constants import Interfaces, Loops

from korob import wiring
from korob.running import child


def application(*, when_up):
    async def app(scope, receive, send):
        while (await receive())["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
            when_up()
            busy_elsewhere()
        await send({"type": "lifespan.shutdown.complete"})

    app.leave = lambda: None
    return app


def busy_elsewhere():
    time.sleep(0.3)


def make_server(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
    return MADE_BY_GRANIAN(*arguments)


MADE_BY_GRANIAN = granian.server.mp.ASGIWorker

if __name__ == "__main__":
    wiring.app = application
    granian.server.mp.ASGIWorker = make_server
    child.hold_signals()
    Granian(
        "korob.wiring:app",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        loop=Loops.uvloop,
        respawn_failed_workers=False,
    ).serve(target_loader=child.http, wrap_loader=False)
