"""Somebody new for one test: an account in a post over any area, signed in."""

from typing import TYPE_CHECKING

from django.test import Client

from linli.kernel.ids import new_id
from linli.people.tests import makers as people
from linli.posts.tests import makers as posts

if TYPE_CHECKING:
    from linli.places.models import Area


def hire(area: "Area", *duties: str) -> Client:
    """Return the browser of somebody who holds the duties over the area; its tenant is set."""
    account = people.make_account(f"hired-{new_id().hex[-8:]}")
    office = posts.make_organisation(area)
    posts.make_post(office, "lead", duties=duties, holder=account)
    return people.sign_in(account.pk, account.tenant_id)
