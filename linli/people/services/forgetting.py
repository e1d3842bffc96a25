"""What this room forgets when its time is over: people who are gone, accounts, codes, old looks."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy

from linli.people.models import (
    Account,
    AccountKind,
    Contact,
    Fact,
    LoginIdentity,
    OneTimeCode,
    Person,
    PersonState,
    PersonTag,
    Relation,
    Residence,
    Reveal,
)
from linli.people.services import retention
from linli.people.services.wording import forget_words

keep_to_rules = retention.keep_to_rules  # of every room's kinds; ours are named below
_GONE = (PersonState.AWAY, PersonState.DIED, PersonState.MERGED)


@retention.keeps(
    "people.gone",
    label=gettext_lazy("迁出、去世的人的登记资料"),
    months=60,
    action=retention.ANONYMISE,
)
def forget_gone(before: datetime, limit: int, action: str) -> int:
    """Take names, numbers and everything told out of the records of people who are gone; the row stays
    for the counts and the home's history. Whoever owns a home or rents it is not gone.
    """
    rows = Person.objects.filter(state__in=_GONE, updated_at__lt=before).exclude(name_hash="")
    still = Residence.objects.filter(ended_at=None).values("person_id")
    ids = list(
        rows.exclude(pk__in=still).order_by("updated_at").values_list("pk", flat=True)[:limit]
    )
    if not ids:
        return 0
    forget_persons(ids)
    return len(ids)


def forget_persons(ids: Collection[UUID]) -> None:
    """Anonymise records of the register."""
    Fact.objects.filter(person_id__in=ids).delete()
    PersonTag.objects.filter(person_id__in=ids).update(note="")
    whose = Q(person_id__in=ids) | Q(other_id__in=ids)
    Relation.objects.filter(whose).update(name="", phone="", phone_hash="")
    Residence.objects.filter(person_id__in=ids).update(place_from="", place_to="")
    Reveal.objects.filter(person_id__in=ids).update(note="")
    forget_words(ids)
    Person.objects.filter(pk__in=ids).update(
        name="",
        name_hash="",
        id_number="",
        id_hash="",
        phone="",
        phone_hash="",
        phone_tail="",
        born_on=None,
    )


@retention.keeps(
    "people.accounts",
    label=gettext_lazy("停用的居民账号的姓名和电话"),
    months=12,
    action=retention.ANONYMISE,
)
def forget_accounts(before: datetime, limit: int, action: str) -> int:
    """Take name, phone and mail out of residents' accounts that ended long ago."""
    rows = Account.objects.filter(kind=AccountKind.RESIDENT, ended_at__lt=before)
    rows = rows.exclude(name="", phone_hash="", password="")
    ids = list(rows.order_by("ended_at").values_list("pk", flat=True)[:limit])
    if ids:
        LoginIdentity.objects.filter(account_id__in=ids).delete()
        Account.objects.filter(pk__in=ids).update(
            name="", phone="", phone_hash="", email="", password="", totp_secret=""
        )
    return len(ids)


@retention.keeps(
    "people.codes", label=gettext_lazy("登录验证码"), months=1, action=retention.DELETE
)
def forget_codes(before: datetime, limit: int, action: str) -> int:
    """Delete one-time codes that ran out long ago."""
    return _delete(OneTimeCode.objects.filter(expires_at__lt=before), limit)


@retention.keeps(
    "people.looks",
    label=gettext_lazy("谁看过姓名电话的记录"),
    months=60,
    action=retention.DELETE,
)
def forget_looks(before: datetime, limit: int, action: str) -> int:
    """Delete the rows of who looked at whom; the event of each stays in the journal, without names."""
    return _delete(Reveal.objects.filter(revealed_at__lt=before), limit)


def forget_contacts(ids: Collection[UUID]) -> int:
    """Take name, phone and address out of contacts that a room above does not need any more."""
    full = [
        one.pk for one in Contact.objects.filter(pk__in=ids) if one.name or one.phone or one.address
    ]
    return Contact.objects.filter(pk__in=full).update(
        name="", phone="", phone_hash="", phone_tail="", address="", account_id=None
    )


def _delete(rows: object, limit: int) -> int:
    ids = list(rows.order_by("id").values_list("pk", flat=True)[:limit])  # type: ignore[attr-defined]
    if ids:
        rows.model._default_manager.filter(pk__in=ids).delete()  # type: ignore[attr-defined]
    return len(ids)
