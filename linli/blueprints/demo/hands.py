"""Whom the desk of the demo gives a case to: property company, department, grid worker or lead."""

from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING
from uuid import UUID

from linli.blueprints.demo.words import manners
from linli.posts import selectors as posts

if TYPE_CHECKING:
    from linli.cases.models import Case


def choose(case: "Case", at: datetime) -> tuple[UUID | None, UUID | None]:
    """Return (post, organisation), one of them, for a case that waits at the desk."""
    code = case.category.code
    department = manners()["hands"].get(code)
    if department and (found := _organisation(case.tenant_id, department)):
        return None, found
    if code in manners()["by_property"] and case.estate_id:
        post = posts.post_in("property", area_path=case.area_path, estate_id=case.estate_id)
        if post and post.organisation_id:
            return None, post.organisation_id
    for role in ("mediator",) if case.is_confidential else ("grid_worker", "lead"):
        post = posts.post_in(role, area_path=case.area_path, estate_id=case.estate_id)
        if post:
            return post.post_id, None
    return None, None


@cache
def _organisation(_tenant_id: int, code: str) -> UUID | None:
    found = posts.find_organisation(code)
    return found.pk if found else None
