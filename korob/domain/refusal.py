"""An expected no: what every rule raises when a request can't be granted."""

from typing import Any, ClassVar


class Refusal(Exception):
    """A rule says no. Facts are its keyword arguments; the sentence is told once, by `template`.

    Status and code of the answer are not known here: one table in `korob.api.errors` has a row per class.
    """

    template: ClassVar[str]

    def __init__(self, **facts: Any) -> None:
        super().__init__()
        self.facts = facts

    @property
    def sentences(self) -> tuple[str, ...]:
        """The text of each fault, in the order found; most refusals have one."""
        return (self.template.format(**self.facts),)

    def __str__(self) -> str:
        return "; ".join(self.sentences)

    def __reduce__(self) -> tuple[Any, ...]:
        return (_restored, (type(self), self.facts))


def _restored(kind: type[Refusal], facts: dict[str, Any]) -> Refusal:
    return kind(**facts)
