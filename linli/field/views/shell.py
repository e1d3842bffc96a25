"""The installable app: its worker, its manifest, and a page that stands without a network.

None of them carries anything that is anybody's; what is somebody's lies encrypted on the phone.
"""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.field.selectors import precache
from linli.kernel.errors import NotFound
from linli.kernel.web import Request, public

_NO_STORE = "no-cache"


@public
@require_GET
def worker(request: Request) -> HttpResponse:
    """Answer with the service worker: its code after the list of what it keeps."""
    body = render_to_string(
        "field/worker.js", {"version": precache.version(), "files": precache.files()}
    )
    answer = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    answer.headers["Service-Worker-Allowed"] = "/field/"
    answer.headers["Cache-Control"] = _NO_STORE
    return answer


@public
@require_GET
def manifest(request: Request) -> JsonResponse:
    """Answer with the manifest, so that the field can be put on the phone's first screen."""
    said = {
        "name": _("邻里 · 网格"),
        "short_name": _("邻里网格"),
        "id": "/field/",
        "start_url": "/field/",
        "scope": "/field/",
        "display": "standalone",
        "lang": settings.LANGUAGE_CODE,
        "background_color": "#f4f6f4",
        "theme_color": "#0c4549",
        "icons": [
            {"src": f"/app/icons/{size}.png", "sizes": f"{size}x{size}", "type": "image/png",
             "purpose": "any maskable"}
            for size in precache.ICON_SIZES
        ],
    }  # fmt: skip
    return JsonResponse(
        said,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "max-age=3600"},
    )


@public
@require_GET
def shell(request: Request) -> HttpResponse:
    """Show the page that the worker gives without a network: empty, filled in by its script."""
    request.community = None  # nobody's, whoever asks
    answer = render(request, "field/shell.html", {"is_shell": True})
    answer.headers["Cache-Control"] = _NO_STORE
    return answer


@public
@require_GET
def icon(request: Request, name: str) -> HttpResponse:
    """Answer with the app's icon."""
    sizes = {f"{size}.png": size for size in precache.ICON_SIZES}
    if name not in sizes:
        raise NotFound(_("没有找到这一页。"))
    return HttpResponse(
        precache.icon(sizes[name]),
        content_type="image/png",
        headers={"Cache-Control": "max-age=604800"},
    )
