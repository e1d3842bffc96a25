"""The door of programs: the API is loaded when the first program calls, not with the pages.

ninja, pydantic and the schemas of all rooms weigh some twenty megabytes and half a second; a community
without other systems never pays for them (docs/adr/0016).
"""

from typing import Any

from django.http import HttpRequest, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.urls import Resolver404
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from linli.kernel import problems
from linli.kernel.errors import NotFound
from linli.kernel.web import public


@public
@csrf_exempt  # Who may act is said by the key in the header; cookies are not read at this door.
def api(request: HttpRequest, rest: str) -> HttpResponseBase:
    """Answer a call of the API."""
    from config import api as whole

    try:
        match = whole.resolver().resolve(rest)
    except Resolver404:
        raise NotFound(_("没有这个地址。有哪些地址，见 /api/。")) from None
    whole.check_media(request)
    response: Any = match.func(request, *match.args, **match.kwargs)
    return _not_allowed(response) if isinstance(response, HttpResponseNotAllowed) else response


def _not_allowed(response: HttpResponseNotAllowed) -> HttpResponseBase:
    allowed = response.headers["Allow"]
    told = problems.answer(
        405, code="not_allowed", detail=_("这个地址只接受 %(methods)s。") % {"methods": allowed}
    )
    told.headers["Allow"] = allowed
    return told
