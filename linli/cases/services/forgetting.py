"""Reporters are forgotten when their time is over, and may have the copy of what they reported."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.cases.models import Case, Follower
from linli.cases.selectors.mine import cases_of_account
from linli.cases.states import DONE
from linli.kernel import clock
from linli.people.selectors import Owner
from linli.people.services import copying, forgetting


def forget_reporters(before: datetime, limit: int, action: str) -> int:
    """Take the reporter out of cases that ended long ago; the case stays, for the figures and the place.

    Whoever still has an open case, follows one, or reported lately keeps name and phone.
    """
    old = Case.objects.filter(reporter__isnull=False, reported_at__lt=before, state__in=DONE)
    old = old.exclude(closed_at__gte=before).order_by("reported_at", "id")
    found = dict(old.values_list("pk", "reporter_id")[:limit])
    Case.objects.filter(pk__in=found).update(reporter=None)
    ids = set(found.values())
    needed = set(Case.objects.filter(reporter_id__in=ids).values_list("reporter_id", flat=True))
    lasting = ~Q(case__state__in=DONE) | Q(case__reported_at__gte=before)
    followed = Follower.objects.filter(lasting, contact_id__in=ids)
    needed |= set(followed.values_list("contact_id", flat=True))
    forgetting.forget_contacts(ids - needed)
    return len(found)


def reports(owner: Owner) -> list[copying.Section]:
    """Return what somebody reported, for their own copy."""
    if owner.account_id is None:
        return []
    rows = cases_of_account(owner.account_id)
    return [
        copying.Section(
            _("反映过的事"),
            (_("编号"), _("什么时候"), _("类别"), _("地点"), _("内容"), _("状态")),
            tuple(
                (
                    one.number,
                    f"{clock.local(one.reported_at):%Y-%m-%d %H:%M}",
                    one.category.name,
                    one.place_label,
                    one.text,
                    one.get_state_display(),
                )
                for one in rows
            ),
        )
    ]
