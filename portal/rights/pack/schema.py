"""The schema of one copy: JSON Schema 2020-12, written from what is in it, so that it never tells anything else."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}


def schema_of(everything: dict[str, Any]) -> dict[str, Any]:
    """The schema of the whole file."""
    return {"$schema": DIALECT, "title": "Everything that is kept about one member", **_of(everything)}


def _of(value: Any) -> dict[str, Any]:
    if isinstance(value, dict):
        return {"type": "object", "properties": {name: _of(each) for name, each in value.items()}}
    if isinstance(value, list):
        return {"type": "array", "items": _merged([_of(each) for each in value])} if value else {"type": "array"}
    return {"type": PLAIN[type(value)]}


def _merged(kinds: list[dict[str, Any]]) -> dict[str, Any]:
    """One schema for all entries of a list: all their fields, each with every type that it has somewhere."""
    types = sorted({name for kind in kinds for name in _types(kind)})
    merged: dict[str, Any] = {"type": types[0] if len(types) == 1 else types}
    fields: dict[str, list[dict[str, Any]]] = {}
    for kind in kinds:
        for name, each in kind.get("properties", {}).items():
            fields.setdefault(name, []).append(each)
    if fields:
        merged["properties"] = {name: _merged(each) for name, each in fields.items()}
    items = [kind["items"] for kind in kinds if "items" in kind]
    return merged | ({"items": _merged(items)} if items else {})


def _types(kind: dict[str, Any]) -> list[str]:
    found = kind["type"]
    return found if isinstance(found, list) else [found]
