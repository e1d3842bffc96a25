"""What helps whoever takes a call: who called before, what they brought, what was just taken down."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.models import Case, Source
from linli.cases.selectors.access import visible_to
from linli.kernel.actor import Actor
from linli.kernel.errors import NotFound
from linli.people import selectors as people

# How a case comes in at the desk: (value, words).
CALL_SOURCES = [
    (str(Source.PHONE), gettext_lazy("来电")),
    (str(Source.WALK_IN), gettext_lazy("来访")),
    (str(Source.HOTLINE), gettext_lazy("12345 转办")),
]
MOST = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody known by their phone: masked names, and their newest cases that the actor may see."""

    names: tuple[str, ...]
    cases: tuple[Case, ...]


def caller_of(phone: str, actor: Actor) -> Caller | None:
    """Return who called from that phone before, or None.

    Only who brought a case that the actor may see anyway: a phone is no key to strangers.
    """
    ids = people.find_contacts_by_phone(phone)
    if not ids:
        return None
    rows = Case.objects.filter(visible_to(actor), reporter_id__in=ids)
    cases = tuple(rows.select_related("category").order_by("-id")[:MOST])
    cards = people.contact_cards([case.reporter_id for case in cases if case.reporter_id])
    names = dict.fromkeys(card.name for card in cards.values() if card.name)
    return Caller(tuple(names), cases) if cases else None


def get_entered(case_id: UUID, actor: Actor) -> Case:
    """Return a case that the actor took down; also one whose course others alone may see.

    Errors: NotFound.
    """
    rows = Case.objects.filter(pk=case_id, entered_by=actor.account_id, entered_by__isnull=False)
    found = rows.select_related(
        "category", "service_level", "community", "handler_post", "handler_organisation"
    )
    try:
        return found.get()
    except Case.DoesNotExist:
        raise NotFound(_("没有找到这件工单。")) from None


def may_see(case_id: UUID, actor: Actor) -> bool:
    """Tell whether the actor may open the case."""
    return Case.objects.filter(visible_to(actor), pk=case_id).exists()
