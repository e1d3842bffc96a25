"""When an account ends, what it held falls vacant, and vacancies are seen."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from linli.kernel.actor import Actor
from linli.posts.models import Holding, Substitution
from linli.posts.selectors import forget
from linli.posts.services import handovers
from linli.posts.services.terms import finish


@transaction.atomic
def end_holdings_of(*, account_id: UUID, actor: Actor, now: datetime) -> int:
    """End every term and substitution of an account that has ended; running twice ends them once.

    What they had in hand is listed; the lead signs in their place.
    """
    lasting = Q(ends_at=None) | Q(ends_at__gt=now)
    rows = Holding.objects.select_for_update(of=("self",)).filter(lasting, account_id=account_id)
    held = list(rows.select_related("post__area").order_by("id"))
    for holding in held:
        if holding.starts_at < now:
            handovers.open_for(holding, leaves_at=now, actor=actor, now=now)
        finish(holding, ends_at=now, actor=actor, now=now)
    standing_in = Substitution.objects.filter(substitute_id=account_id)
    standing_in.filter(starts_at__gte=now).delete()
    standing_in.filter(ends_at__gt=now).update(ends_at=now)
    forget()
    return len(held)
