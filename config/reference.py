"""The API's description as a page for people: plain, printable, without a script."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, schema: dict[str, Any]) -> HttpResponse:
    """Show every operation by its group: address, what it takes, what it tells."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for address, operations in schema["paths"].items():
        for method, operation in operations.items():
            tag = (operation.get("tags") or ["其他"])[0]
            groups.setdefault(tag, []).append(_line(address, method, operation, schema))
    context = {
        "title": schema["info"]["title"],
        "about": schema["info"]["description"].replace("`", "").split("\n\n"),
        "groups": groups.items(),
    }
    return render(request, "clients/reference.html", context)


def _line(
    address: str, method: str, operation: dict[str, Any], schema: dict[str, Any]
) -> dict[str, Any]:
    body: dict[str, Any] = operation.get("requestBody", {}).get("content", {})
    kind: str = next(iter(body), "")
    content: dict[str, Any] = body.get(kind, {})
    parameters = [
        _field(one["name"], one["schema"], is_required=one["required"])
        for one in operation["parameters"]
        if one["in"] in ("query", "path")
    ]
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "address": address,
        "summary": operation["summary"],
        "parameters": parameters,
        "kind": kind,
        "fields": _fields(content.get("schema", {}), schema),
        "tells": _tells(operation),
        "is_open": "security" not in operation,
    }


def _fields(part: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    part = _resolved(part, schema)
    required = set(part.get("required", ()))
    return [
        _field(name, one, is_required=name in required)
        for name, one in part.get("properties", {}).items()
    ]


def _resolved(part: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    name = part.get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schema["components"]["schemas"].get(name, part)
    return found


def _field(name: str, part: dict[str, Any], *, is_required: bool) -> dict[str, Any]:
    return {
        "name": name,
        "kind": _kind(part),
        "is_required": is_required,
        "about": part.get("description", ""),
    }


def _kind(part: dict[str, Any]) -> str:
    """Return a type in a few words."""
    if "enum" in part:
        return " | ".join(str(one) for one in part["enum"] if one != "")
    if "anyOf" in part:
        return " | ".join(_kind(one) for one in part["anyOf"] if one.get("type") != "null")
    if "$ref" in part:
        return str(part["$ref"].rpartition("/")[2])
    if part.get("type") == "array":
        return f"{_kind(part.get('items', {}))}[]"
    return str(part.get("format") or part.get("type") or "any")


def _tells(operation: dict[str, Any]) -> str:
    good = [one for status, one in operation["responses"].items() if status.startswith("2")]
    contents = [kind for one in good for kind in one.get("content", {}).items()]
    if not contents:
        return ""
    kind, content = contents[0]
    return _kind(content["schema"]) if "schema" in content else kind
