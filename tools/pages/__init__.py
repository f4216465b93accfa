"""Pages of the docs that are drawn from the program's own tables, so that they can't tell anything else."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tools.pages import fidelity, lifecycle

DOCS: Final = Path(__file__).parents[2] / "docs"
PAGES: Final[dict[str, Callable[[], str]]] = {
    "lifecycle.md": lifecycle.page,
    "fidelity.md": fidelity.page,
}
"""What draws which page."""
