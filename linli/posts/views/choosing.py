"""What several pages of posts let people choose from: the area they are about, the accounts to name."""

from typing import Any

from django.utils.translation import gettext as _

from linli.kernel.errors import NotFound
from linli.kernel.web import Request
from linli.people import selectors as people
from linli.posts import selectors
from linli.posts.forms import Choices

MOST_ACCOUNTS = 500


def chosen_area(request: Request, duty: str = "posts.manage") -> tuple[Any, list[Any]]:
    """Return the area that the page is about, and those that could be chosen.

    Without a choice it is the first community, because that is where posts are.
    Errors: NotAllowed, NotFound.
    """
    areas = selectors.managed_areas(request.actor, duty)
    asked = request.GET.get("area", "")
    if asked:
        found = [area for area in areas if str(area.pk) == asked]
    else:
        found = [area for area in areas if area.kind == "community"] or areas
    if not found:
        raise NotFound(_("没有找到这个区域。"))
    return found[0], areas


def accounts_to_choose(
    request: Request, duties: tuple[str, ...] = ("posts.manage", "people.manage")
) -> Choices:
    """Return the staff accounts in reach as choices, by name."""
    lines = people.accounts_below(request.actor, duties=duties, limit=MOST_ACCOUNTS)
    return sorted(
        ((str(line.id), f"{line.name}（{line.login}）") for line in lines), key=lambda pair: pair[1]
    )
