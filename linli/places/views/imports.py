"""Lists that come in and go out: upload, preview, confirmation; tables and boundaries as files."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, ids, lists, runs
from linli.kernel.errors import NotFound
from linli.kernel.geo import Datum
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.forms.houses import ImportForm
from linli.places.selectors.facilities import FILTERS
from linli.places.services import exporting, long_work
from linli.places.views.frame import FORM, as_id, download, enter, enter_by_id, go, page_of, show

_GEOJSON: Final = "application/geo+json"


@FORM
def imports(request: Request, community_id: UUID) -> HttpResponse:
    place = enter_by_id(request, community_id)
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data
        with form.showing_refusals():
            waiting = services.prepare_import(
                community_id=place.pk, file_name=sent["file"].name, raw=sent["raw"],
                source_crs=sent["source_crs"], actor=request.actor, now=clock.now(),
            )  # fmt: skip
            return go("import", waiting.pk)
    page = page_of(request, selectors.imports_of(place.pk))
    return show(request, "imports", place, form, page=page, key=ids.new_id().hex)


@require_safe
def preview(request: Request, import_id: UUID) -> HttpResponse:
    waiting, plan = services.preview_import(import_id=import_id, actor=request.actor)
    place = enter(request, waiting.community)
    wanted = request.GET.get("status", "")
    rows = [row for row in plan.rows if not wanted or row.status == wanted]
    if wanted == "warned":
        rows = [row for row in plan.rows if row.warnings]
    page = page_of(request, rows)
    return show(
        request,
        "import",
        place,
        waiting=waiting,
        plan=plan,
        page=page,
        wanted=wanted,
    )


@require_POST
def confirm_import(request: Request, import_id: UUID) -> HttpResponse:
    """Put a list in place: a short one at once, a long one as a run."""
    waiting = selectors.get_import(import_id)
    enter(request, waiting.community)
    if waiting.applied_at is None and waiting.row_count > long_work.SHORT_LIST:
        run = long_work.start_import(import_id=import_id, actor=request.actor, now=clock.now())
        return HttpResponseRedirect(runs.url_of(run))
    found = services.apply_import(import_id=import_id, actor=request.actor, now=clock.now())
    return go("imports", found.community_id, done="applied")


@require_POST
def discard_import(request: Request, import_id: UUID) -> HttpResponse:
    place = services.discard_import(import_id=import_id, actor=request.actor, now=clock.now())
    return go("imports", place.pk, done="discarded")


@require_POST
def table(request: Request, community_id: UUID, what: str) -> HttpResponse:
    """Let a list leave as a file: a run. The address carries the list's filter."""
    place = enter_by_id(request, community_id)
    asked = {name: request.GET.get(name, "")[:60] for name in (*FILTERS, "ended")}
    estate_id = as_id(request.GET.get("estate"))
    if estate_id:
        asked["estate"] = str(estate_id)
    run = exporting.start_export(
        community_id=place.pk, what=what, asked=asked, actor=request.actor, now=clock.now(),
        **lists.wish_of(request),
    )  # fmt: skip
    return HttpResponseRedirect(runs.url_of(run))


@require_safe
def export(request: Request, community_id: UUID, what: str, kind: str) -> HttpResponse:
    """Give the boundaries of the grids, in the datum that is asked for."""
    place = enter_by_id(request, community_id)
    asked = request.GET.get("crs", Datum.WGS84)
    if (what, kind) != ("grids", "geojson") or asked not in set(Datum):
        raise NotFound(_("没有这种导出，或者没有这种坐标。"))
    text = selectors.grids_geojson(place.pk, Datum(asked))
    return download(text, _GEOJSON, f"{place.name}{_('网格边界')}.geojson")
