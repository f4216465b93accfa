"""What every value of the domain has in common: frozen, compared by content, small when stored."""

from msgspec import Struct


class Value(Struct, frozen=True, omit_defaults=True, gc=False):
    """A frozen value; what equals its default is left out of the stored form."""
