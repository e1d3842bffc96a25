"""Lists out and old mailboxes in, for other systems: each is a run, to be asked about at /runs."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile

from linli.cases.api import ground
from linli.cases.api.reading import question_of
from linli.cases.schemas import files as schemas
from linli.cases.selectors import mailboxes as asked
from linli.cases.services import exporting, mailboxes
from linli.cases.services.exporting import Wish
from linli.kernel import api, clock, records, runs
from linli.kernel.errors import BadInput
from linli.kernel.ids import new_id
from linli.kernel.runs_api import RunOut
from linli.kernel.web import Request

export_router = Router(tags=["工单"])
router = Router(tags=["旧信箱"])
_ONE = "/{uuid:mailbox_id}"
_SHOWN = 100


def _who(request: Request) -> dict[str, Any]:
    return {"actor": request.actor, "now": clock.now()}


def _key(request: Request) -> str:
    return request.headers.get("Idempotency-Key", "").strip() or str(new_id())


def _run(request: Request, make: Any) -> Any:
    made, _is_new = api.once(request, lambda: make().pk)
    return runs.get_run(made, request.actor)


@export_router.post("/exports", response={202: RunOut}, operation_id="start_export",
                    summary="导出工单")  # fmt: skip
def start_export(request: Request, body: schemas.ExportIn) -> Any:
    """All rows of a question as a file; personal data masked unless duty and purpose allow."""
    wish = Wish(file_format=body.file_format, purpose=body.purpose, note=body.note)
    return _run(request, lambda: exporting.start_export(
        question=question_of(body.filter), wish=wish, key=_key(request), **_who(request)
    ))  # fmt: skip


@router.get("", response=list[schemas.MailboxOut], operation_id="list_mailboxes",
            summary="旧信箱的文件")  # fmt: skip
def list_mailboxes(request: Request) -> Any:
    """The last hundred files of the key's communities."""
    ground.require_any(request.actor, "cases.enter")
    return list(asked.mailboxes_of(request.actor)[:_SHOWN])


@router.post("", response={201: schemas.MailboxOut}, operation_id="prepare_mailbox",
             summary="上传旧信箱的文件")  # fmt: skip
def prepare_mailbox(
    request: Request, body: Form[schemas.MailboxIn], file: File[UploadedFile]
) -> Any:
    """XLSX, CSV or JSON lines, one message a row; nothing is filed before it is confirmed."""
    if not file.size or file.size > records.MOST_BYTES:
        raise BadInput(_("文件是空的，或者太大了，分成几份再来。"), field="file")
    made, _is_new = api.once(request, lambda: mailboxes.prepare_mailbox(
        **body.model_dump(), file_name=api.clean(file.name or ""), chunks=file.chunks(),
        **_who(request),
    ).pk)  # fmt: skip
    return asked.get_mailbox(made, request.actor)


@router.get(_ONE, response=schemas.MailboxOut, operation_id="get_mailbox", summary="一个文件")
def get_mailbox(request: Request, mailbox_id: UUID) -> Any:
    """`found` counts what checking found; what is wrong with which row stands at its run."""
    return asked.get_mailbox(mailbox_id, request.actor)


@router.post(f"{_ONE}/check", response={202: RunOut}, operation_id="check_mailbox",
             summary="检查每一行")  # fmt: skip
def check_mailbox(request: Request, mailbox_id: UUID, body: schemas.ColumnsIn) -> Any:
    """Say what the columns mean, then look at every row; nothing is filed."""
    asked.get_mailbox(mailbox_id, request.actor)
    category_id = ground.category_id_of(body.category)
    return _run(request, lambda: mailboxes.check_mailbox(
        mailbox_id=mailbox_id, columns=body.columns, category_id=category_id,
        key=_key(request), **_who(request),
    ))  # fmt: skip


@router.post(f"{_ONE}/import", response={202: RunOut}, operation_id="import_mailbox",
             summary="确认导入")  # fmt: skip
def import_mailbox(request: Request, mailbox_id: UUID) -> Any:
    """File the good rows of a checked file; confirming twice does it once."""
    asked.get_mailbox(mailbox_id, request.actor)
    return _run(request, lambda: mailboxes.import_mailbox(mailbox_id=mailbox_id, **_who(request)))


@router.delete(_ONE, response={204: None}, operation_id="discard_mailbox", summary="放弃文件")
def discard_mailbox(request: Request, mailbox_id: UUID) -> Any:
    """Throw a file away that was not imported."""
    mailboxes.discard_mailbox(mailbox_id=mailbox_id, **_who(request))
    return HttpResponse(status=204)
