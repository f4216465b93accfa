"""Every method that is served."""

from typing import Final

from korob.contract import auth, campaigns, operations, orders
from korob.contract.method import Method

METHODS: Final[tuple[Method, ...]] = (*orders.METHODS, *operations.METHODS, *campaigns.METHODS, *auth.METHODS)
