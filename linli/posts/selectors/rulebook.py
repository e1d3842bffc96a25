"""The routing rules as people read and try them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.places import selectors as places
from linli.places.selectors import EstateKind, Where
from linli.posts import rules
from linli.posts.models import RoutingRule
from linli.posts.rules import RuleCard
from linli.posts.selectors.book import category_choices, near
from linli.posts.selectors.catalogue import role_label
from linli.posts.selectors.routing import Route, route
from linli.posts.selectors.staffing import reach


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """A routing rule in words."""

    id: UUID
    category: str
    place: str
    target: str
    order: int
    is_own: bool  # the actor may change it; those of areas above are only shown


def rule_lines(actor: Actor, *, area_path: str) -> list[RuleLine]:
    """Return the rules that hold at, above or below an area, the most particular first.

    Errors: NotAllowed.
    """
    actor.require("posts.manage", area_path)
    rows = near(RoutingRule.objects.filter(is_active=True), area_path)
    found = list(rows.select_related("area", "estate", "post", "organisation").order_by("id"))
    found.sort(key=lambda rule: rules.particularity(_card(rule)), reverse=True)
    names = dict(category_choices())
    return [_line(rule, names, actor) for rule in found]


def rule_values(rule_id: UUID, actor: Actor) -> dict[str, Any]:
    """Return a rule as its form shows it. Errors: NotFound."""
    rows = RoutingRule.objects.filter(reach(actor), pk=rule_id, is_active=True)
    rule = next(iter(rows.select_related("area")), None)
    if rule is None:
        raise NotFound(_("没有找到这条规则。"))
    return {
        "area": rule.area,
        "category_code": rule.category_code,
        "place": _place_value(rule),
        "target": _target_value(rule),
        "order": rule.order,
    }


def try_route(*, category_code: str, place: str, actor: Actor, now: datetime) -> Route:
    """Return where a case of a category at a place would go now.

    place: "community:<id>", "estate:<id>" or "grid:<id>".
    Errors: NotAllowed, NotFound, BadInput.
    """
    where = where_of_choice(place)
    actor.require("posts.manage", where.area_path)
    return route(category_code=category_code, where=where, now=now)


def where_of_choice(place: str) -> Where:
    """Return where a choice of the try-out box is. Errors: NotFound, BadInput."""
    kind, _colon, text = place.partition(":")
    try:
        chosen = UUID(text)
    except ValueError:
        raise BadInput(_("先选一个地方。"), field="place") from None
    if kind == "estate":
        return places.where_of(
            community_id=places.get_estate(chosen).community_id, estate_id=chosen
        )
    if kind == "grid":
        grid = places.get_area(chosen)
        community = places.community_of_path(grid.path)
        if community is not None:
            where = places.where_of(community_id=community.pk)
            return replace(where, area_path=grid.path, grid_id=grid.pk, label=grid.name)
    return places.where_of(community_id=chosen)


def _card(rule: RoutingRule) -> RuleCard:
    return RuleCard(
        id=rule.id,
        category_code=rule.category_code,
        area_path=rule.area.path,
        estate_id=rule.estate_id,
        estate_kind=rule.estate_kind,
        role=rule.role,
        post_id=rule.post_id,
        organisation_id=rule.organisation_id,
        order=rule.order,
    )


def _line(rule: RoutingRule, names: dict[str, str], actor: Actor) -> RuleLine:
    return RuleLine(
        id=rule.id,
        category=names.get(rule.category_code, rule.category_code) or _("任何类别"),
        place=_place(rule),
        target=_target(rule),
        order=rule.order,
        is_own=actor.can("posts.manage", rule.area.path),
    )


def _place(rule: RoutingRule) -> str:
    if rule.estate is not None:
        return f"{rule.area.name} · {rule.estate.name}"
    if rule.estate_kind:
        return f"{rule.area.name} · {EstateKind(rule.estate_kind).label}"
    return str(rule.area.name)


def _target(rule: RoutingRule) -> str:
    if rule.role:
        return _("那里的%(role)s") % {"role": role_label(rule.role)}
    target = rule.post or rule.organisation
    if target is None:  # The database holds one of the three; types cannot know.
        return ""
    return _("%(name)s（已撤销）") % {"name": target.name} if target.ended_at else str(target.name)


def _place_value(rule: RoutingRule) -> str:
    if rule.estate_id:
        return f"estate:{rule.estate_id}"
    return f"kind:{rule.estate_kind}" if rule.estate_kind else "all"


def _target_value(rule: RoutingRule) -> str:
    if rule.role:
        return f"role:{rule.role}"
    return f"post:{rule.post_id}" if rule.post_id else f"organisation:{rule.organisation_id}"
