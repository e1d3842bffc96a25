"""What roles and duties are called in plain words: the one list that pages and blueprints read.

A new room's duties enter here with the words that a community's lead understands.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A right: its name in code, what it lets somebody do."""

    code: str
    label: Any


@dataclass(frozen=True, slots=True)
class DutyGroup:
    """Rights that belong together on the form of a post."""

    label: Any
    duties: tuple[DutyLine, ...]


ROLES: Final[dict[str, Any]] = {
    "grid_worker": _("网格员"),
    "building_head": _("楼栋长"),
    "desk": _("受理岗"),
    "lead": _("社区负责人"),
    "property": _("物业"),
    "department": _("部门承办人"),
    "mediator": _("调解员"),
    "subdistrict": _("街道（镇）承办人"),
    "district": _("区县承办人"),
    "roaming": _("流动网格员"),
    "system_admin": _("系统管理员"),
    "security_admin": _("安全管理员"),
    "audit_admin": _("审计管理员"),
}
# The three offices open no cases, so no rule sends them any.
CASE_ROLES: Final = {
    code: label
    for code, label in ROLES.items()
    if code not in ("system_admin", "security_admin", "audit_admin")
}

DUTY_GROUPS: Final = (
    DutyGroup(
        _("受理和办理"),
        (
            DutyLine("cases.view", _("看范围内的工单")),
            DutyLine("cases.enter", _("登记来电、来访")),
            DutyLine("cases.dispatch", _("受理、派单、合并、不予受理")),
            DutyLine("cases.handle", _("办理派给自己的工单")),
            DutyLine("cases.confidential", _("看和办保密工单（调解、困难帮扶）")),
        ),
    ),
    DutyGroup(
        _("把关"),
        (
            DutyLine("cases.whistle", _("吹哨：叫几个部门一起办")),
            DutyLine("cases.arbitrate", _("裁定退回的工单归谁")),
            DutyLine("cases.approve", _("批准延期、挂起和不计入考核")),
            DutyLine("cases.follow_up", _("回访：打电话问办得怎么样（自己办的除外）")),
            DutyLine("cases.supervise", _("督办")),
            DutyLine("field.quarantine", _("核实手机离线交来、等人看的记录")),
        ),
    ),
    DutyGroup(
        _("巡查"),
        (
            DutyLine("patrols.walk", _("走巡查路线、送通知、记文明劝导")),
            DutyLine("patrols.view", _("看巡查情况：哪里多久没看过")),
            DutyLine("patrols.manage", _("定路线和点位，安排送通知，决定立不立治本单")),
        ),
    ),
    DutyGroup(
        _("关怀"),
        (
            DutyLine("care.visit", _("敲门、走访，记下看到的（自己名下的人）")),
            DutyLine("care.view", _("看范围内的关怀名单和档案")),
            DutyLine("care.manage", _("定谁看谁、多久看一次，开关天气模式，导出名单")),
        ),
    ),
    DutyGroup(
        _("整治和三张清单"),
        (
            DutyLine("campaigns.view", _("看整治行动和三张清单")),
            DutyLine("campaigns.work", _("在现场办整治清单")),
            DutyLine("campaigns.manage", _("安排整治行动，排清单，管三张清单")),
        ),
    ),
    DutyGroup(
        _("公开"),
        (
            DutyLine("publishing.write", _("写指南、公告，准备要公开的办理结果")),
            DutyLine("publishing.release", _("发布到公开栏、撤下（自己写的要由别人发布）")),
        ),
    ),
    DutyGroup(
        _("居民登记"),
        (
            DutyLine("people.register", _("看和登记居民、住户，导入导出名单")),
            DutyLine("people.sensitive", _("看和改敏感标签和敏感字段（残疾、低保等）")),
        ),
    ),
    DutyGroup(
        _("人和岗位"),
        (
            DutyLine("posts.manage", _("设岗、任命、安排代班、改派单规则")),
            DutyLine("posts.roster", _("排值班、管值守站点")),
            DutyLine("people.manage", _("开通和停用账号、重设密码")),
            DutyLine("people.reveal", _("看完整的姓名和电话（会留下记录）")),
        ),
    ),
    DutyGroup(
        _("设置"),
        (
            DutyLine("cases.configure", _("改诉求类别、时限和答复模板")),
            DutyLine("places.manage", _("改小区、楼栋、网格和点位码")),
            DutyLine("places.plan", _("按户数重新划网格，定哪天生效")),
            DutyLine("messages.manage", _("改通知用语和群机器人")),
            DutyLine("kernel.calendar", _("改工作日历和工作时间")),
            DutyLine("indicators.configure", _("定年度目标，出月报、年报")),
            DutyLine("clients.manage", _("连接其他系统：开和停钥匙、设推送")),
        ),
    ),
    DutyGroup(
        _("三个分开的管理岗（一个人只能担任一个）"),
        (
            DutyLine("kernel.operate", _("系统管理：看运行情况，重试没做成的事")),
            DutyLine("kernel.security", _("安全管理：看账号安全和查看电话的记录")),
            DutyLine("kernel.audit", _("审计管理：看全部操作记录")),
        ),
    ),
)

DUTIES: Final[dict[str, Any]] = {
    line.code: line.label for group in DUTY_GROUPS for line in group.duties
}
_STANDS: Final = {code: place for place, code in enumerate(DUTIES)}


def role_label(role: str) -> str:
    """Return what a role is called; an unknown one by its code."""
    return str(ROLES.get(role, role))


def in_order(duties: Iterable[str]) -> tuple[str, ...]:
    """Return duties as the form of a post lists them; unknown ones last."""
    return tuple(sorted(duties, key=lambda duty: (_STANDS.get(duty, len(_STANDS)), duty)))


def duty_label(duty: str) -> str:
    """Return what a duty lets somebody do; an unknown one by its code."""
    return str(DUTIES.get(duty, duty))
