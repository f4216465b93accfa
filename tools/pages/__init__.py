"""Pages of the docs that are drawn from the program's own tables, so that they can't tell anything else."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.pages import errors, fidelity, lifecycle, settings

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "lifecycle.md": lifecycle.page,
    "fidelity.md": fidelity.page,
    "errors.md": errors.page,
    "settings.md": settings.page,
}
"""What draws which page."""
