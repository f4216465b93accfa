"""The published contract, for tests that hold ours against it."""

import json
import os
from pathlib import Path

import pytest

from tests.contract.answered import Answers
from tests.contract.published import Contract

BESIDE_THE_REPOSITORY = Path(__file__).parents[3] / "shared" / "contract" / "partner-api.json"


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract that KOROB_CONTRACT names, or the one beside the repository; in CI it has to be there."""
    path = Path(os.environ.get("KOROB_CONTRACT", BESIDE_THE_REPOSITORY))
    if path.is_file():
        return Contract(json.loads(path.read_text()))
    if os.environ.get("CI") == "true":
        pytest.fail(f"there is no contract at {path}, and without it CI proves nothing")
    pytest.skip(f"there is no contract at {path}; set KOROB_CONTRACT to hold the records against it")


@pytest.fixture(scope="session")
def answers(contract: Contract) -> Answers:
    """What the contract says of answers."""
    return Answers(contract)
