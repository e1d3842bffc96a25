"""A kind word to those who broke the covenant is written down; nobody's name ever is.

Source: S5 5.13, gentle persuasion by the micro-covenant, recorded.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.kernel.rows import insert_once
from linli.patrols.events import Persuaded
from linli.patrols.models import Clause, Outcome, Persuasion
from linli.patrols.selectors import access
from linli.places.selectors import Where

MOST_AT_ONCE = 50


@transaction.atomic
def record_persuasion(
    *,
    clause_id: UUID,
    where: Where,
    outcome: str,
    count: int = 1,
    at: datetime,
    key: str = "",
    actor: Actor,
    now: datetime,
) -> Persuasion:
    """Write down that somebody was spoken to: clause, place, how it went; the same key once.

    Errors: NotAllowed, BadInput.
    """
    actor.require(access.WALK, where.area_path)
    clause = Clause.objects.filter(pk=clause_id, ended_on=None).first()
    if clause is None:
        raise BadInput(_("点一下是公约的哪一条。"), field="clause")
    if outcome not in Outcome.values:
        raise BadInput(_("点一下结果怎样。"), field="outcome")
    if not 1 <= count <= MOST_AT_ONCE:
        raise BadInput(_("人数写 1 到 %(n)d。") % {"n": MOST_AT_ONCE}, field="count")
    made = Persuasion(
        community_id=where.community_id,
        area_path=where.area_path,
        clause=clause,
        place_label=where.label,
        outcome=outcome,
        count=count,
        at=min(at, now),
        account_id=actor.account_id,
        key=key,
    )
    if not insert_once(made):
        return Persuasion.objects.get(key=key)
    event = Persuaded(
        subject_id=made.pk, area_path=where.area_path, clause=clause.code, outcome=outcome,
        count=count,
    )  # fmt: skip
    events.record(event, actor=actor, at=now)
    return made
