"""The page of settings: what can be set, and what production asks for."""

from typing import Final

from korob import config
from tools.pages.markdown import code, table

INTRODUCTION: Final = """\
# Settings

Drawn by `python -m tools.pages` from `korob/config.py`. Don't edit it here.

A flag of `korob serve` wins over its variable, and a variable that is empty counts as none. The flag `--no-timers`,
which has no variable, leaves deadlines and notifications to `korob worker`.
"""
IN_PRODUCTION: Final = """
## In production

`korob serve --mode production` names all that is unsafe, and does not start:
"""


def page() -> str:
    """The whole page."""
    rows = [
        (code([one.variable]), code([one.flag]) if one.flag else "", one.meaning, one.default)
        for one in config.SETTINGS
    ]
    safe = [f"- {rule}" for rule in config.SAFE]
    return "\n".join(
        [INTRODUCTION, table(("Variable", "Flag", "Meaning", "Without it"), rows), IN_PRODUCTION, *safe, ""]
    )
