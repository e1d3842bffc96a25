"""Answers of Open311 in both its formats: one tree, written as JSON or as XML by the same rule.

The rule is the standard's own (the Spark convention): a list in JSON is, in XML, an element named in
the plural with a child named in the singular for each entry. Nothing is an empty element in XML and
null in JSON.
"""

import json
import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from linli.kernel import clock
from linli.kernel.errors import DomainError

FORMATS: Final = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
# What one entry of a list is called in XML.
_ENTRIES: Final = {
    "services": "service",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
_ESCAPES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
# XML has no way to write these; nobody types them.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL: Final = re.compile("[&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD: Final = '<?xml version="1.0" encoding="utf-8"?>\n'
# Open311 knows 400, 403 and 404; what HTTP has a better word for keeps it. Keys are 403 here, as the
# standard says; a refusal that a correction can mend is 400.
_STATUSES: Final = {401: 403, 409: 400, 411: 400, 415: 400, 422: 400}


class Refusals(DomainError):
    """Several things are wrong at once, each told by itself."""

    status = 400
    code = "bad_request"

    def __init__(self, messages: Iterable[str]) -> None:
        self.messages = list(messages)
        super().__init__("；".join(self.messages))


def answer(ext: str, root: str, tree: Any, *, status: int = 200) -> HttpResponse:
    """Return the tree in the format that was asked for. root: the name of the tree in XML."""
    body = to_json(tree) if ext == "json" else to_xml(root, tree)
    response = HttpResponse(body, status=status, content_type=FORMATS[ext])
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def to_json(tree: Any) -> str:
    """Return a tree as JSON."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":"))


def to_xml(root: str, tree: Any) -> str:
    """Return a tree as XML, its outermost element named `root`."""
    parts = [_HEAD]
    _element(root, tree, parts.append)
    return "".join(parts)


def _element(name: str, value: Any, write: Any) -> None:
    if isinstance(value, dict):
        write(f"<{name}>")
        for key, below in value.items():
            if isinstance(below, dict | list):
                _element(key, below, write)
            else:
                write(_leaf(key, below))
        write(f"</{name}>")
    elif isinstance(value, list):
        entry = _ENTRIES[name]
        write(f"<{name}>")
        for below in value:
            _element(entry, below, write)
        write(f"</{name}>")
    else:
        write(_leaf(name, value))


def _leaf(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    if isinstance(value, str):
        # Most texts have nothing to escape: one look tells, in a fifth of the time of writing them anew.
        text = _escaped(value) if _SPECIAL.search(value) else value
        return f"<{name}>{text}</{name}>"
    if isinstance(value, bool):
        return f"<{name}>{'true' if value else 'false'}</{name}>"
    return f"<{name}>{value}</{name}>"


def _escaped(text: str) -> str:
    return _UNWRITABLE.sub("", text).translate(_ESCAPES)


def moment(value: datetime) -> str:
    """Return a moment as W3C writes it, with the community's own offset: 2026-03-02T09:00:00+08:00."""
    return clock.local(value).isoformat(timespec="seconds")


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """Return a refusal in the standard's shape: a list of codes and descriptions, in the format
    that the address asks for.
    """
    status = _STATUSES.get(error.status, error.status)
    messages = error.messages if isinstance(error, Refusals) else [error.message]
    tree = [{"code": status, "description": str(message)} for message in messages]
    ext = "json" if request.path.endswith(".json") else "xml"
    response = answer(ext, "errors", tree, status=status)
    if error.wait is not None:
        response.headers["Retry-After"] = str(_seconds(error.wait))
    response.headers["Cache-Control"] = "no-store"
    return response


def _seconds(wait: timedelta) -> int:
    return max(1, ceil(wait.total_seconds()))
