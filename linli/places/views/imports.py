"""Lists that come in and go out: upload, preview, confirmation; tables and boundaries as files."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from linli.kernel import clock, runs, sheets
from linli.kernel.errors import NotFound
from linli.kernel.geo import Datum
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.forms.houses import ImportForm
from linli.places.services import long_work
from linli.places.views.frame import FORM, download, enter, enter_by_id, go, page_of, show

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
    return show(request, "imports", place, form, page=page)


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


@require_safe
def export(request: Request, community_id: UUID, what: str, kind: str) -> HttpResponse:
    place = enter_by_id(request, community_id)
    maker = _EXPORTS.get((what, kind))
    if maker is None:
        raise NotFound(_("没有这种导出。"))
    content, content_type, label = maker(request, place)
    return download(content, content_type, f"{place.name}{label}.{kind}")


def _houses(kind: str, *, with_homes: bool) -> Callable[[Request, Any], tuple[bytes, str, str]]:
    def make(_request: Request, place: Any) -> tuple[bytes, str, str]:
        label = _("户") if with_homes else _("楼栋与单元")
        rows = selectors.house_rows(place.pk, with_homes=with_homes)
        return *_table(kind, label, selectors.HOUSE_HEADER, rows), label

    return make


def _grids(kind: str) -> Callable[[Request, Any], tuple[bytes, str, str]]:
    def make(_request: Request, place: Any) -> tuple[bytes, str, str]:
        label = _("网格")
        return *_table(kind, label, selectors.GRID_HEADER, selectors.grid_rows(place.pk)), label

    return make


def _facilities(kind: str) -> Callable[[Request, Any], tuple[bytes, str, str]]:
    def make(_request: Request, place: Any) -> tuple[bytes, str, str]:
        label, rows = _("设施"), selectors.facility_rows(place.pk)
        return *_table(kind, label, selectors.FACILITY_HEADER, rows), label

    return make


def _boundaries(request: Request, place: Any) -> tuple[bytes, str, str]:
    asked = request.GET.get("crs", Datum.WGS84)
    if asked not in set(Datum):
        raise NotFound(_("没有这种坐标。"))
    text = selectors.grids_geojson(place.pk, Datum(asked))
    return text.encode(), _GEOJSON, _("网格边界")


def _table(kind: str, title: str, header: Any, rows: Any) -> tuple[bytes, str]:
    if kind == "csv":
        return sheets.write_csv(header, rows), sheets.CSV_TYPE
    return sheets.write_xlsx(title, header, rows), sheets.XLSX_TYPE


_EXPORTS: Final = {
    ("houses", "xlsx"): _houses("xlsx", with_homes=False),
    ("houses", "csv"): _houses("csv", with_homes=False),
    ("homes", "xlsx"): _houses("xlsx", with_homes=True),
    ("homes", "csv"): _houses("csv", with_homes=True),
    ("facilities", "xlsx"): _facilities("xlsx"),
    ("facilities", "csv"): _facilities("csv"),
    ("grids", "xlsx"): _grids("xlsx"),
    ("grids", "csv"): _grids("csv"),
    ("grids", "geojson"): _boundaries,
}
