"""Methods of the API as the operator names them."""

from typing import Final

from korob.api import errors
from korob.contract.methods import METHODS


def check(name: str) -> None:
    """400 for a name that no method has."""
    if name not in _NAMES:
        raise errors.bad_request(f"There is no method {name}")


_NAMES: Final = frozenset(method.operation_id for method in METHODS)
