"""Questions about family: who may be told, what their link shows."""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse

from linli.care.models import CareProfile, FamilyContact
from linli.care.selectors.access import FAMILY_LINK, get_profile
from linli.kernel import secrets, tenancy
from linli.kernel.actor import Actor
from linli.kernel.memory import remember
from linli.kernel.models import Tenant
from linli.people import selectors as people


def told_of(profile_ids: Iterable[UUID]) -> list[FamilyContact]:
    """Return the family contacts of these profiles who agreed to be told and did not take it back."""
    found = FamilyContact.objects.filter(
        profile_id__in=list(profile_ids), may_be_told=True, withdrawn_at=None
    )
    return list(found.select_related("profile").order_by("id"))


def family_of(profile: CareProfile) -> list[tuple[FamilyContact, people.ContactCard]]:
    """Return the family contacts of a profile, with their masked cards; withdrawn ones last."""
    rows = list(FamilyContact.objects.filter(profile=profile).order_by("id"))
    cards = people.contact_cards(row.contact_id for row in rows)
    known = [(row, cards[row.contact_id]) for row in rows if row.contact_id in cards]
    return sorted(known, key=lambda pair: pair[0].withdrawn_at is not None)


def link_of(row: FamilyContact) -> str:
    """Return the address of the page where somebody sees and takes back what they agreed to."""
    token = secrets.case_token(_tenant_code(), row.pk, row.link_version, kind=FAMILY_LINK)
    return reverse("care:family", args=[token])


@remember
def _tenant_code() -> str:
    """Return the code that our links begin with; asked once, however many are told at once."""
    return Tenant.objects.values_list("code", flat=True).get(pk=tenancy.current_tenant_id())


def profile_of(family_id: UUID, actor: Actor) -> CareProfile:
    """Return the profile of a family contact that the actor may see. Errors: NotFound."""
    found = FamilyContact.objects.filter(pk=family_id).values_list("profile_id", flat=True).first()
    return get_profile(found or family_id, actor)
