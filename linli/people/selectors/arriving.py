"""Who comes to a home: somebody of the actor's own area, or somebody whose papers are at hand."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel import clock
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.people.models import Person, PersonState
from linli.people.rules.identity import IdNumber, clean_name, name_key, read_id_number
from linli.people.selectors.finding import REGISTER, hash_of
from linli.people.selectors.register import get_person


def newcomer(
    *, person_id: UUID | None, name: str, id_number: str, actor: Actor, now: datetime
) -> UUID:
    """Return who is meant. Whoever is registered in another area is found by name and whole number.

    Both have to fit, so that a number alone tells nobody who it belongs to.
    Errors: NotAllowed, NotFound, BadInput (with the field).
    """
    actor.require(REGISTER)
    if person_id is not None:
        return get_person(person_id, actor).id
    if not id_number.strip():
        raise BadInput(_("先在上面找到这个人；找不到就写姓名和身份证号。"), field="id_number")
    read = read_id_number(id_number, today=clock.local(now).date())
    number = read.number if isinstance(read, IdNumber) else id_number.strip().upper()
    rows = Person.objects.filter(id_hash=hash_of("id", number)).exclude(id_hash="")
    rows = rows.filter(name_hash=hash_of("name", name_key(clean_name(name))))
    found = rows.exclude(state__in=[PersonState.MERGED, PersonState.DIED]).order_by("id").first()
    if found is None:
        raise BadInput(
            _("没有找到姓名和证件号码都对得上的人。没登记过的，用“登记一个人”。"), field="id_number"
        )
    return found.pk
