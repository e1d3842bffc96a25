"""Lists of people for other systems: uploaded, every row checked, confirmed or thrown away."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Router
from ninja.files import UploadedFile

from linli.kernel import api, runs
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.kernel.runs_api import RunOut
from linli.kernel.web import Request
from linli.people.api.persons import who
from linli.people.schemas import keeping as schemas
from linli.people.selectors.finding import REGISTER
from linli.people.services import importing

router = Router(tags=["居民登记"])
_ONE = "register/imports/{uuid:import_id}"


@router.get("register/imports", response=api.Page[schemas.PersonImportOut],
            operation_id="list_person_imports", summary="导入过的名单")  # fmt: skip
def list_imports(request: Request, cursor: str = "") -> Any:
    """Those of the key's communities, the newest first."""
    request.actor.require(REGISTER)
    after = api.read_id_cursor(cursor)
    rows = importing.imports_of(request.actor, after=after, most=api.LIMIT + 1)
    page = api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.pk.hex))
    return page | {"items": [_list(row) for row in page["items"]]}


@router.post("communities/{uuid:community_id}/person-imports",
             response={201: schemas.PersonImportOut}, operation_id="prepare_person_import",
             summary="上传一份名单")  # fmt: skip
def prepare_import(request: Request, community_id: UUID, file: File[UploadedFile]) -> Any:
    """XLSX or CSV, columns in its first row; kept encrypted, and nobody is registered yet."""
    name = api.clean(file.name or "")
    if not file.size:
        raise BadInput(_("文件是空的。"), field="file")

    def make() -> UUID:
        return importing.prepare_import(
            community_id=community_id, file_name=name, chunks=file.chunks(), **who(request)
        ).pk

    return _told(request, api.once(request, make)[0])


@router.get(_ONE, response=schemas.PersonImportOut, operation_id="get_person_import",
            summary="一份名单")  # fmt: skip
def get_import(request: Request, import_id: UUID) -> Any:
    """What its columns mean, and once it is checked what confirming would do."""
    return _told(request, import_id)


@router.post(f"{_ONE}/check", response={202: RunOut}, operation_id="check_person_import",
             summary="检查全部行")  # fmt: skip
def check_import(request: Request, import_id: UUID, body: schemas.CheckIn) -> Any:
    """Every row is looked at, as a run, and nobody is registered; may be asked again."""

    def make() -> UUID:
        return importing.check_import(
            import_id=import_id,
            columns=body.columns,
            makes_homes=body.makes_homes,
            key=new_id().hex,
            **who(request),
        ).pk

    return runs.get_run(api.once(request, make)[0], request.actor)


@router.post(f"{_ONE}/confirmation", response={202: RunOut}, operation_id="confirm_person_import",
             summary="登记名单上的人")  # fmt: skip
def confirm_import(request: Request, import_id: UUID) -> Any:
    """The good rows of a checked list, as a run; confirming twice does it once."""
    return importing.confirm_import(import_id=import_id, **who(request))


@router.delete(_ONE, response={204: None}, operation_id="discard_person_import",
               summary="放弃名单")  # fmt: skip
def discard_import(request: Request, import_id: UUID) -> Any:
    """Nobody was registered from it, and its file is deleted."""
    importing.discard_import(import_id=import_id, **who(request))
    return HttpResponse(status=204)


def _told(request: Request, import_id: UUID) -> dict[str, Any]:
    return _list(importing.get_import(import_id, request.actor))


def _list(row: Any) -> dict[str, Any]:
    counts = ("rows", "new", "same", "wrong", "homes")
    columns = (
        "id", "community_id", "file_name", "header", "columns", "makes_homes", "state",
        "check_run_id", "import_run_id", "created_at",
    )  # fmt: skip
    return {name: getattr(row, name) for name in columns} | {
        "kinds": row.found.get("kinds", []),
        **{name: row.found.get(name, 0) for name in counts},
    }
