"""Who may see and walk what. What is not granted looks absent."""

from typing import Final
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import NotAllowed, NotFound
from linli.patrols.models import Patrol, Point, Root, Round, Route, Side

WALK: Final = "patrols.walk"
VIEW: Final = "patrols.view"
MANAGE: Final = "patrols.manage"
_ABSENT: Final = "没有找到这一页，或者您的岗位看不到它。"
_ROUTE: Final = ("community", "grid", "post", "partner", "item_list")
_HEAVY: Final = ("community__polygon", "grid__polygon")


def below(actor: Actor, *duties: str, field: str = "area_path") -> Q:
    """Return the condition that a row lies where the actor holds one of the duties."""
    where = Q(pk__in=[])
    for path in {path for duty in duties for path in actor.scopes(duty)}:
        where |= Q(**{f"{field}__startswith": path}) if path else Q(pk__isnull=False)
    return where


def side_of(route: Route, actor: Actor) -> Side:
    """Return for which side somebody walks a route. Errors: NotAllowed."""
    lent = [one for one in actor.grants if one.duty == WALK and one.organisation_id is not None]
    if actor.can(WALK, route.area_path):
        is_partner = route.partner_id is not None and route.partner_id in actor.organisation_ids
        return Side.PARTNER if is_partner else Side.COMMUNITY
    # Nobody named: whoever is lent the duty there, not at the other end of the district.
    if route.is_joint and any(
        one.organisation_id == route.partner_id
        if route.partner_id
        else route.area_path.startswith(one.area_path)
        for one in lent
    ):
        return Side.PARTNER
    raise NotAllowed(_(_ABSENT))


def may_walk(route: Route, actor: Actor) -> bool:
    """Tell whether the actor may walk the route."""
    try:
        side_of(route, actor)
    except NotAllowed:
        return False
    return True


def get_route(route_id: UUID, actor: Actor, *, lock: bool = False) -> Route:
    """Return a route that the actor walks, views or manages. Errors: NotFound."""
    rows = Route.objects.select_related(*_ROUTE).defer(*_HEAVY)
    if lock:
        rows = rows.select_for_update(of=("self",))
    route = rows.filter(pk=route_id).first()
    if route is None or not (_reads(actor, route.area_path) or may_walk(route, actor)):
        raise NotFound(_("没有找到这条路线。"))
    return route


def get_point(point_id: UUID, actor: Actor, *, lock: bool = False) -> Point:
    """Return a point of a route that the actor may see, with its route and lists. Errors: NotFound."""
    rows = Point.objects.select_related(
        "route__item_list",
        "route__post",
        "route__partner",
        "item_list",
        "facility__place_code",
        "facility__kind",
        "place_code",
    )
    if lock:
        rows = rows.select_for_update(of=("self",))
    point = rows.filter(pk=point_id).first()
    if point is None or not (_reads(actor, point.area_path) or may_walk(point.route, actor)):
        raise NotFound(_("没有找到这个巡查点。"))
    return point


def who_has(point_id: UUID, actor: Actor) -> str:
    """Return the grid in the actor's community to which a point went; "" when it is none of theirs."""
    rows = Point.objects.filter(pk=point_id).select_related("community", "grid")
    point = rows.defer(*_HEAVY).first()
    if point is None or not _walks_below(actor, point.community.path):
        return ""
    return (point.grid or point.community).name


def get_patrol(patrol_id: UUID, actor: Actor, *, lock: bool = False) -> Patrol:
    """Return a walk that the actor may see: own, to be signed, or viewed. Errors: NotFound."""
    rows = Patrol.objects.select_related("route__item_list", "route__partner", "route__post")
    if lock:
        rows = rows.select_for_update(of=("self",))
    patrol = rows.filter(pk=patrol_id).first()
    if patrol is None or not (
        patrol.account_id == actor.account_id
        or actor.can(VIEW, patrol.area_path)
        or (patrol.is_joint and may_walk(patrol.route, actor))
    ):
        raise NotFound(_("没有找到这次巡查。"))
    return patrol


def get_round(round_id: UUID, actor: Actor, *, lock: bool = False) -> Round:
    """Return a round that the actor takes or manages; a grid's worker sees a community's.

    Errors: NotFound.
    """
    rows = Round.objects.select_related("community").defer("community__polygon")
    if lock:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=round_id).first()
    if found is None or not (
        _reads(actor, found.area_path)
        or _walks_below(actor, found.area_path)
        or actor.can(WALK, found.area_path)
    ):
        raise NotFound(_("没有找到这次送达。"))
    return found


def get_root(root_id: UUID, actor: Actor, *, lock: bool = False) -> Root:
    """Return a proposal that the actor may decide. Errors: NotFound."""
    rows = Root.objects.select_related("facility__kind", "community", "case")
    rows = rows.defer("community__polygon")
    if lock:
        rows = rows.select_for_update(of=("self",))
    root = rows.filter(pk=root_id).first()
    if root is None or not actor.can(MANAGE, root.area_path):
        raise NotFound(_("没有找到这条治本建议。"))
    return root


def _walks_below(actor: Actor, path: str) -> bool:
    return any(one.startswith(path) for one in actor.scopes(WALK))


def _reads(actor: Actor, path: str) -> bool:
    return actor.can(VIEW, path) or actor.can(MANAGE, path)
