"""Draw the pages anew: `python -m tools.pages`."""

from tools.pages import DOCS, PAGES

for name, draw in PAGES.items():
    (DOCS / name).write_text(draw())
    print(f"docs/{name}")
