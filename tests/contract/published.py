"""Two documents that say the same in different ways, brought into one shape."""

from typing import Any

Schema = dict[str, Any]

SAID_BY_BOTH = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems", "uniqueItems", "pattern")

WRITTEN_FOR_JAVA = {"^[[a-zA-Z0-9]- ]*$": "^[a-zA-Z0-9 -]*$"}
"""Patterns that mean something else to everybody but the server that they were copied from."""


class Contract:
    """The published document, by operation."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.operations = {
            operation["operationId"]: operation | {"path": path, "verb": verb.upper()}
            for path, verbs in document["paths"].items()
            for verb, operation in verbs.items()
            if isinstance(operation, dict) and "operationId" in operation
        }

    def parameters(self, operation_id: str, place: str) -> dict[str, Schema]:
        """The shapes of an operation's parameters in the path or the query, by name."""
        listed = (resolved(self.document, each) for each in self.operations[operation_id].get("parameters", []))
        return {
            parameter["name"]: shape(self.document, parameter["schema"])
            for parameter in listed
            if parameter["in"] == place
        }

    def body(self, operation_id: str) -> Schema | None:
        """The shape of what an operation takes; None if it takes no body."""
        return _of_content(self.document, self.operations[operation_id].get("requestBody"))

    def answer(self, operation_id: str) -> Schema | None:
        """The shape of what an operation answers with 200; None if that is empty."""
        return _of_content(self.document, self.operations[operation_id]["responses"]["200"])


def _of_content(document: Schema, holder: Schema | None) -> Schema | None:
    holder = resolved(document, holder or {})
    if "content" not in holder:
        return None
    return shape(document, holder["content"]["application/json"]["schema"])


def resolved(document: Schema, schema: Schema) -> Schema:
    """What a reference stands for; anything else is itself."""
    while "$ref" in schema:
        found: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        schema = found | {name: each for name, each in schema.items() if name != "$ref"}
    return schema


def shape(document: Schema, schema: Schema, seen: tuple[str, ...] = ()) -> Schema:
    """What a schema demands, without names, words and references. What holds itself is cut where it repeats."""
    if (reference := schema.get("$ref")) in seen:
        return {"type": "again"}
    seen = (*seen, reference) if reference else seen
    schema = resolved(document, schema)
    if "anyOf" in schema:
        (meant,) = (each for each in schema["anyOf"] if each != {"type": "null"})
        return shape(document, meant, seen)
    parts = [shape(document, part, seen) for part in schema.get("allOf", [])]
    found: Schema = {"type": schema.get("type", "object")}
    found |= {name: schema[name] for name in SAID_BY_BOTH if name in schema}
    if "pattern" in found:
        found["pattern"] = WRITTEN_FOR_JAVA.get(found["pattern"], found["pattern"])
    if found.get("minItems") == 0:
        del found["minItems"]
    if "enum" in schema:
        found["enum"] = frozenset(schema["enum"])
    if found["type"] == "integer" and schema.get("format") == "int32":
        found["format"] = "int32"
    if found["type"] == "string" and schema.get("format") in {"date", "date-time"}:
        found["format"] = schema["format"]
    if "items" in schema:
        found["items"] = shape(document, schema["items"], seen)
    if found["type"] == "object":
        _add_fields(document, schema, parts, found, seen)
    return found


def _add_fields(document: Schema, schema: Schema, parts: list[Schema], found: Schema, seen: tuple[str, ...]) -> None:
    fields = {name: shape(document, each, seen) for name, each in schema.get("properties", {}).items()}
    for part in parts:
        fields |= part["fields"]
    required = set(schema.get("required", ())).union(*(part["required"] for part in parts))
    found["fields"] = fields
    # The contract demands a few fields that it does not have.
    found["required"] = required & fields.keys()
