"""Does a thing once per key: a form sent twice, or again after a lost answer, makes one case."""

import hashlib
from collections.abc import Callable
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id
from linli.kernel.models import Receipt
from linli.kernel.rows import insert_unknown, made
from linli.kernel.tenancy import current_tenant_id


def fingerprint(*parts: object) -> str:
    """Return a short text that differs whenever the parts differ."""
    digest = hashlib.sha256()
    for part in parts:
        text = str(part).encode()
        digest.update(b"%d:" % len(text) + text)
    return digest.hexdigest()


def once(
    scope: str,
    key: str,
    fingerprint: str,
    make: Callable[[], UUID],
    *,
    result_id: UUID | None = None,
    same: tuple[str, str] = ("", ""),
) -> tuple[UUID, bool]:
    """Return what `make` made and whether that was now; the same key gives the same again.

    key: made by the sender, once per form; without one nothing is remembered.
    fingerprint: what was sent, in short; the same key with other content is refused.
    result_id: what `make` is going to return, when the caller has chosen it; saves a statement.
    same: a second (scope, key) that also stands for the thing, such as the same words again; what was
        made under it before is given again, for this key too.
    Call it inside the transaction of the change: keys and result are kept together or not at all.
    Errors: Conflict, and whatever `make` raises; then the transaction can't be kept.
    """
    keys = [(scope, key) for scope, key in ((scope, key), same) if key]
    if not keys:
        return make(), True
    if not connection.in_atomic_block:
        raise RuntimeError("A key must be taken in the transaction of the change.")
    # Without a result there is a stand-in; nobody sees it before the end.
    wanted = [_receipt(*one, fingerprint, result_id or new_id()) for one in keys]
    # Before the work: a second sender waits here and does no work of its own.
    taken = insert_unknown(wanted)
    if len(taken) < len(wanted):
        return _earlier(next(one for one in wanted if one not in taken), taken), False
    try:
        made_id = make()
    except BaseException:
        # A key without a result must never be committed, whoever catches this.
        transaction.set_rollback(True)
        raise
    if made_id != result_id:
        _give(taken, made_id)
    return made_id, True


def _receipt(scope: str, key: str, fingerprint: str, result_id: UUID) -> Receipt:
    now = clock.now()
    return made(
        Receipt, tenant_id=current_tenant_id(), scope=scope, key=_short(key),
        fingerprint=fingerprint, result_id=result_id, created_at=now,
    )  # fmt: skip


def _earlier(known: Receipt, taken: list[Receipt]) -> UUID:
    """Return what was made under a key before, from now on also under those that were free."""
    receipt = Receipt.objects.get(scope=known.scope, key=known.key)
    if receipt.fingerprint != known.fingerprint:
        if taken:
            transaction.set_rollback(True)
        raise Conflict(_("这张表已经提交过，内容和这次不一样。请打开新的一页再提交。"))
    _give(taken, receipt.result_id)
    return receipt.result_id


def _give(taken: list[Receipt], result_id: UUID) -> None:
    if taken:
        Receipt.objects.filter(pk__in=[one.pk for one in taken]).update(result_id=result_id)


def _short(key: str) -> str:
    is_plain = len(key) <= 64 and key.isascii() and key.isprintable()
    return key if is_plain else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()
