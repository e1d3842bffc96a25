"""How many posts nobody acts in, for the desk's first page: one statement."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from linli.kernel.actor import Actor
from linli.posts.models import Holding, Post, Substitution
from linli.posts.selectors.staffing import reach


def count_vacant(actor: Actor, now: datetime) -> int:
    """Return how many living posts that the actor manages nobody acts in at this moment.

    A holder who is away has somebody standing in, who acts instead; so a post is vacant when
    neither a holding nor a substitution of a living account lasts.
    """
    lasts = Q(starts_at__lte=now) & (Q(ends_at=None) | Q(ends_at__gt=now))
    held = Holding.objects.filter(lasts, post=OuterRef("pk"), account__ended_at=None)
    stood_in = Substitution.objects.filter(lasts, post=OuterRef("pk"), substitute__ended_at=None)
    rows = Post.objects.filter(reach(actor), ended_at=None)
    return rows.exclude(Exists(held)).exclude(Exists(stood_in)).count()
