"""Routes for the desk: their list, what may become a point, who may walk."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.patrols.models import Point, Route
from linli.patrols.selectors.access import MANAGE, VIEW, below
from linli.places import selectors as places
from linli.places.selectors.facilities import facilities_of
from linli.posts import selectors as posts


@dataclass(slots=True)
class Hands:
    """Who may walk: posts, and organisations that walk along, as choices."""

    posts: list[tuple[str, str]] = field(default_factory=list)
    partners: list[tuple[str, str]] = field(default_factory=list)


def routes_of(actor: Actor, *, words: str = "") -> QuerySet[Route]:
    """Return the live routes that the actor views or manages, by name."""
    rows = Route.objects.filter(below(actor, VIEW, MANAGE), ended_on=None)
    if words:
        rows = rows.filter(Q(name__icontains=words))
    rows = rows.select_related("community", "grid", "post", "partner", "item_list")
    return rows.defer("community__polygon", "grid__polygon").order_by("name", "id")


def days_in_words(route: Route) -> str:
    """Return when a route is walked: 每周一、三、五, 每 7 天, 每天."""
    if route.weekdays:
        return _("每周%(days)s") % {
            "days": "、".join("一二三四五六日"[int(day) - 1] for day in route.weekdays)
        }
    return _("每天") if route.every_days == 1 else _("每 %(n)d 天") % {"n": route.every_days}


def parts_of(route: Route) -> list[tuple[str, str]]:
    """Return the facilities and buildings in a route's area that are not on it yet, as choices."""
    points = Point.objects.filter(route=route, ended_on=None)
    known = {one for row in points.values_list("facility_id", "building_id") for one in row if one}
    things = facilities_of(route.community_id).filter(area_path__startswith=route.area_path)
    found = [(f"facility:{one.pk}", one.label) for one in things[:300] if one.pk not in known]
    houses: Any = places.buildings_of(route.community_id).select_related("estate")
    if route.grid_id is not None:
        houses = houses.filter(grid_id=route.grid_id)
    found += [
        (f"building:{one.pk}", f"{one.estate.name} {one.name}" if one.estate else one.name)
        for one in houses[:400]
        if one.pk not in known
    ]
    return found


def hands_of(actor: Actor) -> Hands:
    """Return the posts and organisations where the actor manages patrols."""
    hands = Hands()
    for path in actor.scopes(MANAGE):
        for group in posts.assignable(path):
            for one in group.choices:
                if one.post_id is not None:
                    hands.posts.append((str(one.post_id), one.label))
                else:
                    hands.partners.append((str(one.organisation_id), one.label))
    hands.posts = list(dict(hands.posts).items())
    hands.partners = list(dict(hands.partners).items())
    return hands
