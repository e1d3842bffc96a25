"""Lists of places for other systems: uploaded, looked at row by row, confirmed or thrown away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from linli.kernel import api, runs
from linli.kernel.errors import BadInput
from linli.kernel.runs_api import RunOut
from linli.kernel.web import Request
from linli.places import selectors, services
from linli.places.api.ground import who
from linli.places.schemas import lists as schemas
from linli.places.services import long_work

router = Router(tags=["导入地点"])
_COMMUNITY = "communities/{uuid:community_id}"
_ONE = "place-imports/{uuid:import_id}"
_MOST = 10 * 1024**2


@router.get(f"{_COMMUNITY}/place-imports", response=list[schemas.ImportOut],
            operation_id="list_imports", summary="导入过的清单")  # fmt: skip
def list_imports(request: Request, community_id: UUID) -> Any:
    """The newest hundred, waiting and applied."""
    community = selectors.get_community_by_id(community_id)
    request.actor.require(long_work.DUTY, community.path)
    return list(selectors.imports_of(community.pk)[: api.LIMIT])


@router.post(f"{_COMMUNITY}/place-imports", response={201: schemas.ImportOut},
             operation_id="prepare_import", summary="上传一份清单")  # fmt: skip
def prepare_import(
    request: Request, community_id: UUID, body: Form[schemas.ImportIn], file: File[UploadedFile]
) -> Any:
    """Buildings and facilities as XLSX or CSV, grids as GeoJSON; nothing changes yet."""
    request.actor.require(long_work.DUTY, selectors.get_community_by_id(community_id).path)
    if not file.size or file.size > _MOST:
        raise BadInput(_("文件是空的，或者超过 10 MB。"), field="file")
    name = api.clean(file.name or "")
    raw = services.read_file(services.ImportKind(body.kind), name, file.read())
    made, _is_new = api.once(request, lambda: services.prepare_import(
        community_id=community_id, file_name=name, raw=raw, source_crs=body.source_crs,
        **who(request),
    ).pk)  # fmt: skip
    return selectors.get_import(made)


@router.get(_ONE, response=schemas.PreviewOut, operation_id="preview_import", summary="看会改什么")
def preview_import(request: Request, import_id: UUID, asked: Query[schemas.PreviewQuery]) -> Any:
    """Row by row what confirming it would do now; a hundred rows from `after`."""
    waiting, plan = services.preview_import(import_id=import_id, actor=request.actor)
    rows = [row for row in plan.rows if row.number > asked.after]
    if asked.status:
        rows = [row for row in rows if row.status == asked.status]
    shown = rows[: api.LIMIT]
    return {
        "id": waiting.pk, "new": plan.new, "changed": plan.changed, "same": plan.same,
        "wrong": plan.wrong, "warned": plan.warned, "can_be_applied": plan.can_be_applied,
        "remarks": [one for one in waiting.remarks.split("\n") if one],
        "rows": shown, "next": shown[-1].number if len(rows) > api.LIMIT else None,
    }  # fmt: skip


@router.post(f"{_ONE}/confirmation", response={202: RunOut}, operation_id="confirm_import",
             summary="确认导入")  # fmt: skip
def confirm_import(request: Request, import_id: UUID) -> Any:
    """All of it or nothing, as a run; confirming twice does it once."""
    made, _is_new = api.once(
        request, lambda: long_work.start_import(import_id=import_id, **who(request)).pk
    )
    return runs.get_run(made, request.actor)


@router.delete(_ONE, response={204: None}, operation_id="discard_import", summary="放弃清单")
def discard_import(request: Request, import_id: UUID) -> Any:
    """Nothing was changed by it."""
    services.discard_import(import_id=import_id, **who(request))
    return HttpResponse(status=204)
