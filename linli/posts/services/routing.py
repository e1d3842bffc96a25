"""Routing rules: which category in which place goes to whom."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from linli.kernel import events
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput, NotFound
from linli.places import selectors as places
from linli.posts.events import RoutingChanged
from linli.posts.models import Organisation, Post, RoutingRule
from linli.posts.selectors import CASE_ROLES, TAKES_CASES, category_choices, forget
from linli.posts.selectors.book import near
from linli.posts.selectors.staffing import reach


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSheet:
    """What the form of a routing rule says; exactly one of role, post_id and organisation_id is set."""

    category_code: str = ""  # "" is any
    area_id: UUID
    estate_id: UUID | None = None
    estate_kind: str = ""  # "" is any
    role: str = ""
    post_id: UUID | None = None
    organisation_id: UUID | None = None
    order: int = 100


@transaction.atomic
def add_rule(*, sheet: RuleSheet, actor: Actor, now: datetime) -> RoutingRule:
    """Add a routing rule. Errors: NotFound, NotAllowed, BadInput (not exactly one target)."""
    path = _check(sheet, actor)
    rule = RoutingRule()
    _write(rule, sheet)
    rule.save(force_insert=True)
    _record(rule, path, "added", actor, now)
    return rule


@transaction.atomic
def change_rule(*, rule_id: UUID, sheet: RuleSheet, actor: Actor, now: datetime) -> RoutingRule:
    """Change a routing rule. Errors: NotFound, NotAllowed, BadInput."""
    rule = _managed(rule_id, actor)
    path = _check(sheet, actor)
    _write(rule, sheet)
    rule.save()
    _record(rule, path, "changed", actor, now)
    return rule


@transaction.atomic
def remove_rule(*, rule_id: UUID, actor: Actor, now: datetime) -> None:
    """Take a routing rule out of use; its row stays, for the cases that went by it. Errors: NotFound."""
    rule = _managed(rule_id, actor)
    rule.is_active = False
    rule.save(update_fields=["is_active"])
    _record(rule, rule.area.path, "removed", actor, now)


def _managed(rule_id: UUID, actor: Actor) -> RoutingRule:
    rows = RoutingRule.objects.select_for_update(of=("self",)).select_related("area")
    rule = next(iter(rows.filter(reach(actor), pk=rule_id, is_active=True)), None)
    if rule is None:
        raise NotFound(_("没有找到这条规则。"))
    return rule


def _check(sheet: RuleSheet, actor: Actor) -> str:
    area = places.get_area(sheet.area_id)
    actor.require("posts.manage", area.path)
    if sheet.category_code and sheet.category_code not in dict(category_choices()):
        raise BadInput(_("这个类别现在没有了，另选一个。"), field="category_code")
    if sheet.estate_id is not None:
        estate = places.get_estate(sheet.estate_id)
        if not estate.community.path.startswith(area.path):
            raise NotFound(_("没有找到这个小区。"))
    targets = [bool(sheet.role), sheet.post_id is not None, sheet.organisation_id is not None]
    if sum(targets) != 1:
        raise BadInput(_("选一个派给谁：一种岗位、一个岗位，或者一个单位。"), field="target")
    _check_target(sheet, area.path)
    return str(area.path)


def _check_target(sheet: RuleSheet, path: str) -> None:
    if sheet.role:
        is_known = sheet.role in CASE_ROLES
    elif sheet.post_id is not None:
        posts = Post.objects.filter(ended_at=None, duties__duty__in=TAKES_CASES)
        is_known = near(posts.filter(pk=sheet.post_id), path).exists()
    else:
        rows = Organisation.objects.filter(pk=sheet.organisation_id, ended_at=None)
        is_known = near(rows, path).exists()
    if not is_known:
        raise BadInput(_("这个岗位或单位不负责这里，或者不办工单，另选一个。"), field="target")


def _write(rule: RoutingRule, sheet: RuleSheet) -> None:
    rule.category_code, rule.area_id = sheet.category_code, sheet.area_id
    rule.estate_id, rule.estate_kind = sheet.estate_id, sheet.estate_kind
    rule.role, rule.post_id = sheet.role, sheet.post_id
    rule.organisation_id, rule.order = sheet.organisation_id, sheet.order


def _record(rule: RoutingRule, path: str, how: str, actor: Actor, now: datetime) -> None:
    event = RoutingChanged(
        subject_id=rule.id, area_path=path, how=how, category_code=rule.category_code
    )
    events.record(event, actor=actor, at=now)
    forget()
