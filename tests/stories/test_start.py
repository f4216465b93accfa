"""What the pages tell a newcomer to type works, block by block, top to bottom."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import ENOUGH_SECONDS
from tests.running.installation import surroundings

ROOT = Path(__file__).parents[2]
EXPECTED = {
    "start.md": [
        '"placementType":"DBS"',
        "",
        '"substatus":"STARTED"',
        "'amount': 600",
        "ITEMS_ADDITION_NOT_SUPPORTED",
        '"boxId":',
        "DELIVERY_SERVICE_RECEIVED",
        '"kind":"CANCELLATION_ANSWER"',
        "CANCELLED",
        "ORDER_CANCELLED",
        "",
    ],
    "keys-and-limits.md": [
        "",
        '"authScopes":["INVENTORY_AND_ORDER_PROCESSING"]',
        "['inventory-and-order-processing:read-only']",
        "x-ratelimit-resource-remaining: 9999",
        "Hit rate limit of 2 requests per 1 day for resource /campaigns/{campaignId}/orders.json",
        'rule="no_scope"',
        "420\n",
    ],
}
"""What each block of a page shows."""


@pytest.fixture
def serving(fresh_url, tmp_path):
    """A real `korob serve`; its base URL."""
    process = subprocess.Popen(
        [sys.executable, "-m", "korob", "serve", "--port", "0", "--data-dir", tmp_path / "data"],
        cwd=ROOT,
        env=surroundings() | {"KOROB_DATABASE_URL": fresh_url, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        for line in process.stdout:
            if found := re.match(r"Ready at (\S+)", line):
                yield found[1]
                break
        else:
            pytest.fail("korob serve did not start")
    finally:
        process.terminate()
        process.communicate(timeout=ENOUGH_SECONDS)


@pytest.mark.parametrize("page", EXPECTED)
def test_a_newcomer_follows_the_page_to_its_end(serving, tmp_path, page):
    blocks = re.findall(r"```bash\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL)
    marker = "--- the next block ---"
    script = "set -eu\n" + f"\necho '{marker}'\n".join(blocks)

    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=surroundings() | {"KOROB": serving},
        capture_output=True,
        text=True,
        check=False,
        timeout=ENOUGH_SECONDS,
    )

    shown = done.stdout.split(marker)
    assert done.returncode == 0, f"block {len(shown)}: {done.stdout[-800:]}{done.stderr}"
    for block, seen, expected in zip(blocks, shown, EXPECTED[page], strict=True):
        assert expected in seen, block
