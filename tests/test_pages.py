"""Pages that are drawn from data are as they would be drawn now."""

import pytest

from tools import pages


@pytest.mark.parametrize("name", pages.PAGES)
def test_a_drawn_page_is_current(name):
    assert (pages.DOCS / name).read_text() == pages.PAGES[name](), "run `make pages`"
