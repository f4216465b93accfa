"""Is an answer what the contract says? Strictly: no field that it does not have, and nothing that is null."""

from typing import Any

import httpx
import jsonschema_rs

from tests.contract.published import Contract, Schema, resolved

ANYWHERE = {400, 405, 415}
"""Answers that every method may give although its page does not list them."""
JAVAS = {"^[[a-zA-Z0-9]- ]*$": "^[a-zA-Z0-9 -]*$"}
"""A pattern that means something else in Java, where it was written."""
DOCUMENT = "contract:///partner-api"


class Answers:
    """What the methods of a contract may answer."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        document = {"components": {"schemas": {name: _strict(each) for name, each in _schemas(contract).items()}}}
        self._registry = jsonschema_rs.Registry([(DOCUMENT, document)])
        self._validators: dict[tuple[str, int], jsonschema_rs.Draft202012Validator | None] = {}

    def check(self, operation_id: str, answer: httpx.Response) -> None:
        """Fail, saying where, if this answer is not one of the method's."""
        status = answer.status_code
        declared = {int(code) for code in self._contract.operations[operation_id]["responses"]} - {500}
        assert status in declared | ANYWHERE, f"{operation_id} does not answer {status}: {answer.text}"
        validator = self._validator(operation_id, status if status in declared else 403)
        if validator is None:
            assert answer.content == b"", f"{operation_id} answers {status} with nothing: {answer.text}"
            return
        assert answer.headers["content-type"] == "application/json;charset=UTF-8"
        body = answer.json()
        faults = [
            f"{operation_id} {status} {fault.instance_path}: {fault.message}" for fault in validator.iter_errors(body)
        ]
        assert not faults, "\n".join(faults)
        _must_say_something(body, "$")
        if status != 200:
            assert body["status"] == "ERROR"
            assert all(error["code"] and error["message"] for error in body["errors"])

    def _validator(self, operation_id: str, status: int) -> jsonschema_rs.Draft202012Validator | None:
        key = operation_id, status
        if key not in self._validators:
            answer = resolved(
                self._contract.document, self._contract.operations[operation_id]["responses"][str(status)]
            )
            schema = answer.get("content", {}).get("application/json", {}).get("schema")
            self._validators[key] = schema and jsonschema_rs.Draft202012Validator(
                _closed(schema), registry=self._registry
            )
        return self._validators[key]


def _schemas(contract: Contract) -> dict[str, Schema]:
    return contract.document["components"]["schemas"]


def _strict(schema: Schema) -> Schema:
    """The schema for 2020-12: what hangs below it is closed, itself it may still be part of something."""
    found: Schema = {}
    for name, value in schema.items():
        if name == "$ref":
            found[name] = f"{DOCUMENT}{value}"
        elif name == "properties":
            found[name] = {field: _closed(each) for field, each in value.items()}
        elif name in {"items", "additionalProperties"} and isinstance(value, dict):
            found[name] = _closed(value)
        elif name in {"allOf", "anyOf", "oneOf"}:
            found[name] = [_strict(part) for part in value]
        elif name in {"type", "enum", "minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems"} or (
            name in {"uniqueItems", "pattern"}
        ):
            found[name] = JAVAS.get(value, value) if name == "pattern" else value
        elif name == "required":
            # The contract demands a few fields that it does not have.
            having = schema.get("properties")
            found[name] = [field for field in value if having is None or field in having]
    if schema.get("type") == "integer" and "minimum" not in schema:
        bits = 31 if schema.get("format") == "int32" else 63
        found |= {"minimum": -(2**bits), "maximum": 2**bits - 1}
    return found


def _closed(schema: Schema) -> Schema:
    if schema.get("type") in {"string", "integer", "number", "boolean", "array"} or "additionalProperties" in schema:
        return _strict(schema)
    return _strict(schema) | {"unevaluatedProperties": False}


def _must_say_something(value: Any, where: str) -> None:
    assert value is not None, f"{where} is null"
    if isinstance(value, dict):
        for name, each in value.items():
            _must_say_something(each, f"{where}.{name}")
    elif isinstance(value, list):
        for place, each in enumerate(value):
            _must_say_something(each, f"{where}[{place}]")
