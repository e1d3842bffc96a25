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
from linli.kernel.rows import insert_once


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
) -> tuple[UUID, bool]:
    """Return what `make` made and whether that was now; the same key gives the same again.

    key: made by the sender, once per form; without one nothing is remembered.
    fingerprint: what was sent, in short; the same key with other content is refused.
    result_id: what `make` is going to return, when the caller has chosen it; saves a statement.
    Call it inside the transaction of the change: key and result are kept together or not at all.
    Errors: Conflict, and whatever `make` raises; then the transaction can't be kept.
    """
    if not key:
        return make(), True
    if not connection.in_atomic_block:
        raise RuntimeError("A key must be taken in the transaction of the change.")
    key = _short(key)
    # Without a result there is a stand-in; nobody sees it before the end.
    result_id = result_id or new_id()
    if not _take(scope, key, fingerprint, result_id):
        return _earlier(scope, key, fingerprint), False
    try:
        made_id = make()
    except BaseException:
        # A key without a result must never be committed, whoever catches this.
        transaction.set_rollback(True)
        raise
    if made_id != result_id:
        Receipt.objects.filter(scope=scope, key=key).update(result_id=made_id)
    return made_id, True


def _short(key: str) -> str:
    is_plain = len(key) <= 64 and key.isascii() and key.isprintable()
    return key if is_plain else hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _take(scope: str, key: str, fingerprint: str, result_id: UUID) -> bool:
    """Write the key before the work: a second sender waits here and does no work of its own."""
    receipt = Receipt(scope=scope, key=key, fingerprint=fingerprint, result_id=result_id)
    receipt.created_at = clock.now()
    return insert_once(receipt)


def _earlier(scope: str, key: str, fingerprint: str) -> UUID:
    receipt = Receipt.objects.get(scope=scope, key=key)
    if receipt.fingerprint != fingerprint:
        raise Conflict(_("这张表已经提交过，内容和这次不一样。请打开新的一页再提交。"))
    return receipt.result_id
