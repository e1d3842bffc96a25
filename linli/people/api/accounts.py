"""People for other systems: who has an account, masked. Contacts belong to cases and are asked there."""

from typing import Any
from uuid import UUID

from ninja import Router, Schema

from linli.kernel import api
from linli.kernel.web import Request
from linli.people import selectors

router = Router(tags=["账号"])


class AccountOut(Schema):
    """An account of staff; the phone is masked."""

    id: UUID
    login: str
    name: str
    phone: str
    area_path: str


@router.get(
    "accounts", response=api.Page[AccountOut], operation_id="list_accounts", summary="工作人员账号"
)
def list_accounts(request: Request, q: str = "", cursor: str = "") -> Any:
    """Those whom the key may appoint; needs posts.manage."""
    rows = selectors.accounts_below(
        request.actor,
        duties=("posts.manage",),
        words=api.clean(q)[:40],
        before=api.read_id_cursor(cursor),
        limit=api.LIMIT + 1,
    )
    return api.rows_page(rows, api.LIMIT, lambda row: api.cursor(row.id.hex))
