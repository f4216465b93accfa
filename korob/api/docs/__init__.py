"""The page that shows every method to a reader; it needs no network, and only its search needs a script."""

import re
from collections.abc import Iterator
from functools import cache
from html import escape
from importlib.resources import files
from string import Template
from typing import Any, Final

import msgspec

from korob.contract import openapi
from korob.contract.openapi import Schema

BOUNDS: Final = (
    ("minimum", "≥ {}"),
    ("maximum", "≤ {}"),
    ("minLength", "at least {} long"),
    ("maxLength", "at most {} long"),
    ("minItems", "at least {}"),
    ("maxItems", "at most {}"),
    ("pattern", "{}"),
    ("default", "{} if absent"),
)


@cache
def docs_page() -> str:
    """The page for all methods."""
    return page(openapi.document(), address="/openapi.json")


def page(document: Schema, *, address: str) -> str:
    """The page for a document of ours, which is found at this address."""
    template = Template(files(__name__).joinpath("page.html").read_text("utf-8"))
    info = document["info"]
    return template.substitute(
        title=escape(info["title"]),
        about=_words(info["description"]),
        address=escape(address),
        version=escape(info["version"]),
        families="\n".join(_family(document, tag["name"]) for tag in document["tags"]),
    )


def outline(document: Schema, schema: Schema, *, depth: int = 0, above: tuple[str, ...] = ()) -> Iterator[str]:
    """A schema as indented lines, a field each; `*` marks what has to be there."""
    schema, _ = _without_null(schema)
    if (reference := schema.get("$ref")) in above:
        return
    above = (*above, reference) if reference else above
    meant, _ = _meant(document, schema)
    if meant.get("type") == "array":
        yield from outline(document, meant["items"], depth=depth, above=above)
    for name, field in meant.get("properties", {}).items():
        star = "*" if name in meant.get("required", ()) else ""
        yield f"{'  ' * depth}{name}{star}: {_kind(document, field)}"
        yield from outline(document, field, depth=depth + 1, above=above)


def _words(text: str) -> str:
    """A text with what stands in backticks as code."""
    return re.sub("`([^`]+)`", r"<code>\1</code>", escape(text))


def _family(document: Schema, family: str) -> str:
    methods = [
        _method(document, path, verb.upper(), operation)
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if family in operation["tags"]
    ]
    return f"<section><h2>{escape(family)}</h2>\n{''.join(methods)}</section>"


def _method(document: Schema, path: str, verb: str, operation: Schema) -> str:
    words = f"{operation['operationId']} {verb} {path} {operation['summary']}".lower()
    old = ' class="old"' if operation.get("deprecated") else ""
    return (
        f'<details id="{operation["operationId"]}" data-words="{escape(words)}">'
        f'<summary{old}><span class="verb">{verb}</span> <code>{escape(path)}</code> '
        f'<span class="dim">{escape(operation["summary"])}</span></summary><div>'
        f"<p><code>{operation['operationId']}</code>. {_facts(operation)}</p>"
        f"{_description(operation)}{_parameters(document, operation)}{_bodies(document, operation)}</div></details>\n"
    )


def _facts(operation: Schema) -> str:
    """Who may call a method of the partner API, and how often."""
    if "x-quota" not in operation:
        return ""
    quota = operation["x-quota"]
    return escape(
        f"Models: {', '.join(operation['x-placement-models'])}. One of: {', '.join(operation['x-auth-scopes'])}. "
        f"{quota['amount']:,} in {quota['seconds']:,} seconds, counted by {quota['counts']}; "
        f"{quota['parallel']} at once."
        + ("" if operation["x-market-yandex-go"] else " Not for Market Yandex Go sellers.")
        + (" Deprecated." if operation.get("deprecated") else "")
    )


def _description(operation: Schema) -> str:
    """More than the summary, as it is written: Markdown."""
    return f'<pre class="words">{_words(operation["description"])}</pre>' if "description" in operation else ""


def _parameters(document: Schema, operation: Schema) -> str:
    rows = [
        f"<tr><td><code>{each['name']}{'*' if each.get('required') else ''}</code></td>"
        f"<td>{each['in']}</td><td>{escape(_kind(document, each['schema']))}</td>"
        f"<td>{escape(each['schema'].get('description', ''))}</td></tr>"
        for each in operation["parameters"]
    ]
    return f"<h3>Parameters</h3><table>{''.join(rows)}</table>" if rows else ""


def _bodies(document: Schema, operation: Schema) -> str:
    told = [f"<h3>Answers</h3><p>{', '.join(operation['responses'])}</p>"]
    body = operation.get("requestBody")
    if body:
        title = "Body" if body["required"] else "Body, may be missing"
        told.insert(0, _body(document, title, body))
    answer = operation["responses"]["200"]
    told.append(_body(document, "Body of 200", answer) if "content" in answer else "<p>200 has no body.</p>")
    return "".join(told)


def _body(document: Schema, title: str, holder: Schema) -> str:
    schema = holder["content"]["application/json"]["schema"]
    lines = "\n".join(outline(document, schema))
    about = _words(_meant(document, schema)[0].get("description", ""))
    return f"<h3>{title}</h3><p>{about}</p><pre>{escape(lines)}</pre>"


def _kind(document: Schema, schema: Schema) -> str:
    meant, may_be_null = _meant(document, schema)
    bounds = [words.format(_value(meant[name])) for name, words in BOUNDS if name in meant]
    if "enum" in meant:
        kind = " | ".join(map(str, meant["enum"]))
    elif meant.get("type") == "array":
        kind = f"list of {_kind(document, meant['items'])}"
    else:
        kind = " ".join(str(meant[name]) for name in ("type", "format") if name in meant)
    return ", ".join([kind, *bounds, *(["or null"] if may_be_null else [])])


def _value(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _meant(document: Schema, schema: Schema) -> tuple[Schema, bool]:
    """What a schema means behind its references, and whether null may stand for it."""
    schema, may_be_null = _without_null(schema)
    while "$ref" in schema:
        found: Any = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        schema = found
    return schema, may_be_null


def _without_null(schema: Schema) -> tuple[Schema, bool]:
    """A schema without null, and whether it had it; one of several objects is an object and no more."""
    if "anyOf" not in schema:
        return schema, False
    others = [each for each in schema["anyOf"] if each != {"type": "null"}]
    return others[0] if len(others) == 1 else {"type": "object"}, len(others) < len(schema["anyOf"])
