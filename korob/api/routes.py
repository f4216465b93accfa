"""From a path to a method: a tree of segments, literal ones before those that are ids."""

from collections.abc import Iterable

from korob.contract.method import Method


class Routes:
    """Finds the methods of a path. v2 paths answer without their version too, and a `.json` suffix is allowed."""

    def __init__(self, methods: Iterable[Method]) -> None:
        self._root = _Node()
        for method in methods:
            self._plant(method.path, method)
            if method.path.startswith("/v2/"):
                self._plant(method.path.removeprefix("/v2"), method)

    def find(self, path: str) -> tuple[dict[str, Method], list[str]] | None:
        """The methods of a path by verb and the ids in it, in their order; None if there is no such path."""
        node = self._root
        ids: list[str] = []
        for segment in path.removesuffix(".json").split("/")[1:]:
            following = node.literals.get(segment)
            if following is None:
                following = node.wildcard
                if following is None or not segment:
                    return None
                ids.append(segment)
            node = following
        return (node.verbs, ids) if node.verbs else None

    def _plant(self, path: str, method: Method) -> None:
        node = self._root
        for segment in path.split("/")[1:]:
            if segment.startswith("{"):
                node.wildcard = node = node.wildcard or _Node()
            else:
                node = node.literals.setdefault(segment, _Node())
        node.verbs[method.verb] = method


class _Node:
    __slots__ = ("literals", "verbs", "wildcard")

    def __init__(self) -> None:
        self.literals: dict[str, _Node] = {}
        self.wildcard: _Node | None = None
        self.verbs: dict[str, Method] = {}
