"""Long work for other systems: how far it is, what went wrong row by row, the file that came of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import FileResponse
from ninja import Router, Schema

from linli.kernel import api, clock, runs
from linli.kernel.web import Request

router = Router(tags=["后台任务"])
_ONE = "runs/{uuid:run_id}"
_FILE: Any = {
    "responses": {
        200: {
            "description": "OK",
            "content": {
                kind: {"schema": {"type": "string", "format": "binary"}}
                for kind in (
                    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    "text/csv",
                    "application/pdf",
                )
            },
        }
    }
}


class RunOut(Schema):
    """Long work that this key started."""

    id: UUID
    kind: str
    title: str
    state: runs.RunState
    done_count: int
    total_count: int | None
    error_count: int
    message: str
    result_name: str
    result_size: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime | None


class RowErrorOut(Schema):
    """A row that could not be taken, as a spreadsheet counts, and why."""

    row: int | None
    text: str


@router.get("runs", response=api.Page[RunOut], operation_id="list_runs", summary="后台任务")
def list_runs(request: Request, cursor: str = "") -> Any:
    """What this key started, the newest first."""
    rows, before = runs.my_runs(request.actor), api.read_id_cursor(cursor)
    rows = rows.filter(pk__lt=before) if before else rows
    return api.rows_page(list(rows[: api.LIMIT + 1]), api.LIMIT, lambda row: api.cursor(row.pk.hex))


@router.get(_ONE, response=RunOut, operation_id="get_run", summary="一项后台任务")
def get_run(request: Request, run_id: UUID) -> Any:
    """Ask again until `finished_at` says when it ended."""
    return runs.get_run(run_id, request.actor)


@router.get(f"{_ONE}/errors", response=list[RowErrorOut], operation_id="list_run_errors",
            summary="哪些行不对")  # fmt: skip
def list_run_errors(request: Request, run_id: UUID) -> Any:
    """The first few hundred; `error_count` of the run counts them all."""
    return runs.errors_of(runs.get_run(run_id, request.actor))


@router.post(f"{_ONE}/cancellation", response=RunOut, operation_id="cancel_run", summary="取消任务")
def cancel_run(request: Request, run_id: UUID) -> Any:
    """It stops at its next step; what has ended stays as it is."""
    return runs.cancel_run(run_id=run_id, actor=request.actor, now=clock.now())


@router.get(f"{_ONE}/result", operation_id="get_run_result", summary="取任务生成的文件",
            openapi_extra=_FILE)  # fmt: skip
def get_run_result(request: Request, run_id: UUID) -> FileResponse:
    """For some days after it was made; only for the key that asked for it."""
    found, file = runs.open_result(run_id=run_id, actor=request.actor, now=clock.now())
    answer = FileResponse(
        file, as_attachment=True, filename=found.result_name, content_type=found.result_type
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
