"""The audit trail as the audit office reads it: what happened, who did it, in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.actor import Actor, ActorKind
from linli.kernel.clock import BEIJING
from linli.kernel.models import EventRow
from linli.people import selectors as people

# What happened, in plain words; an event that is not here is shown by its name in code.
LABELS: Final[dict[str, Any]] = {
    "cases.case.reported": gettext_lazy("上报工单"),
    "cases.case.accepted": gettext_lazy("受理工单"),
    "cases.case.corrected": gettext_lazy("更正工单"),
    "cases.case.assigned": gettext_lazy("派单"),
    "cases.case.taken": gettext_lazy("接单"),
    "cases.case.returned": gettext_lazy("退回工单"),
    "cases.case.answered": gettext_lazy("答复反映人"),
    "cases.case.added": gettext_lazy("反映人补充"),
    "cases.case.noted": gettext_lazy("内部备注"),
    "cases.case.resolved": gettext_lazy("办结工单"),
    "cases.case.closed": gettext_lazy("工单归档"),
    "cases.case.reopened": gettext_lazy("重办工单"),
    "cases.case.declined": gettext_lazy("不予受理"),
    "cases.case.merged": gettext_lazy("合并工单"),
    "cases.case.followed": gettext_lazy("居民表示“我也遇到”"),
    "cases.case.urged": gettext_lazy("居民催办"),
    "cases.case.withdrawn": gettext_lazy("撤回工单"),
    "cases.case.due_soon": gettext_lazy("工单临期"),
    "cases.case.late": gettext_lazy("工单超时"),
    "cases.case.escalated": gettext_lazy("工单上报"),
    "cases.case.supervised": gettext_lazy("督办工单"),
    "cases.case.suspension_asked": gettext_lazy("申请挂起"),
    "cases.case.suspension_refused": gettext_lazy("不同意挂起"),
    "cases.case.suspended": gettext_lazy("挂起工单"),
    "cases.case.resumed": gettext_lazy("恢复工单"),
    "cases.case.deadlines_moved": gettext_lazy("调整时限"),
    "cases.link.revoked": gettext_lazy("作废进展链接"),
    "people.account.created": gettext_lazy("开通账号"),
    "people.account.changed": gettext_lazy("修改账号信息"),
    "people.account.ended": gettext_lazy("停用账号"),
    "people.account.lifted": gettext_lazy("账号归上级管"),
    "people.account.locked": gettext_lazy("密码连错，暂停登录"),
    "people.account.unlocked": gettext_lazy("恢复登录"),
    "people.account.signed_in": gettext_lazy("登录"),
    "people.account.sessions_ended": gettext_lazy("退出全部登录"),
    "people.account.password_changed": gettext_lazy("修改或重设密码"),
    "people.account.totp_changed": gettext_lazy("打开或关闭登录验证码"),
    "people.contact.revealed": gettext_lazy("查看完整联系方式"),
    "posts.organisation.created": gettext_lazy("新增单位"),
    "posts.organisation.changed": gettext_lazy("修改单位"),
    "posts.organisation.ended": gettext_lazy("停用单位"),
    "posts.post.created": gettext_lazy("设岗"),
    "posts.post.changed": gettext_lazy("修改岗位"),
    "posts.post.ended": gettext_lazy("撤销岗位"),
    "posts.holding.started": gettext_lazy("任命"),
    "posts.holding.ended": gettext_lazy("结束任期"),
    "posts.substitution.set": gettext_lazy("安排代班"),
    "posts.substitution.ended": gettext_lazy("取消代班"),
    "posts.routing.changed": gettext_lazy("修改派单规则"),
    "posts.work.tried_again": gettext_lazy("重试没做成的事"),
    "places.area.created": gettext_lazy("新增区域"),
    "places.area.changed": gettext_lazy("修改区域"),
    "places.area.ended": gettext_lazy("停用区域"),
    "places.area.buildings_assigned": gettext_lazy("调整网格的楼栋"),
    "places.estate.created": gettext_lazy("新增小区"),
    "places.estate.changed": gettext_lazy("修改小区"),
    "places.estate.ended": gettext_lazy("停用小区"),
    "places.building.created": gettext_lazy("新增楼栋"),
    "places.building.changed": gettext_lazy("修改楼栋"),
    "places.building.ended": gettext_lazy("停用楼栋"),
    "places.entrance.ended": gettext_lazy("停用单元"),
    "places.code.made": gettext_lazy("生成点位码"),
    "places.code.ended": gettext_lazy("停用点位码"),
    "places.import.applied": gettext_lazy("导入地点"),
    "places.import.discarded": gettext_lazy("放弃导入"),
    "messages.delivery.failed": gettext_lazy("通知没有送达"),
    "messages.delivery.repeated": gettext_lazy("重发通知"),
    "messages.line.down": gettext_lazy("通知通道中断"),
    "messages.line.back": gettext_lazy("通知通道恢复"),
    "messages.template.changed": gettext_lazy("修改通知用语"),
    "messages.robot.changed": gettext_lazy("修改群机器人"),
    "messages.quiet_hours.changed": gettext_lazy("修改免打扰时间"),
    "calendar.year.installed": gettext_lazy("更新工作日历"),
    "calendar.day.edited": gettext_lazy("调整工作日"),
    "calendar.hours.set": gettext_lazy("修改工作时间"),
    "blueprints.part.installed": gettext_lazy("安装蓝本"),
    "kernel.clock.set_back": gettext_lazy("服务器时间被调回"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailFilter:
    """What the audit office looks for; empty is everything. Days are local, both included."""

    name: str = ""
    account_ids: tuple[UUID, ...] | None = None  # () is nobody, so nothing
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrailLine:
    """One thing that happened."""

    id: UUID
    name: str
    label: str
    who: str
    subject_id: UUID
    facts: tuple[tuple[str, str], ...]
    happened_at: datetime
    is_sealed: bool


def trail(
    actor: Actor, *, wanted: TrailFilter, before: UUID | None = None, limit: int = 50
) -> list[TrailLine]:
    """Return what happened, the newest first. before: the id of the last line of the page before.

    Errors: NotAllowed.
    """
    actor.require("kernel.audit")
    rows = _filtered(wanted).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    found = list(rows[:limit])
    names = people.account_names(row.account_id for row in found)
    return [_line(row, names) for row in found]


def event_choices() -> list[tuple[str, str]]:
    """Return (name, label) of everything that can happen, by label of its room."""
    return [(name, str(label)) for name, label in LABELS.items()]


def _filtered(wanted: TrailFilter) -> Any:
    rows = EventRow.objects.all()
    if wanted.name:
        rows = rows.filter(name=wanted.name)
    if wanted.account_ids is not None:
        rows = rows.filter(account_id__in=wanted.account_ids)
    if wanted.first_day is not None:
        rows = rows.filter(happened_at__gte=_midnight(wanted.first_day))
    if wanted.last_day is not None:
        rows = rows.filter(happened_at__lt=_midnight(wanted.last_day + timedelta(days=1)))
    return rows


def _line(row: EventRow, names: dict[UUID, str]) -> TrailLine:
    return TrailLine(
        id=row.id,
        name=row.name,
        label=str(LABELS.get(row.name, row.name)),
        who=_who(row, names),
        subject_id=row.subject_id,
        facts=tuple(
            (key, str(value)) for key, value in row.data.items() if value not in ("", None)
        ),
        happened_at=row.happened_at,
        is_sealed=row.seal_id is not None,
    )


def _who(row: EventRow, names: dict[UUID, str]) -> str:
    if row.account_id in names:
        return names[row.account_id]
    words = {
        ActorKind.SYSTEM: _("自动"),
        ActorKind.CLIENT: _("对接方"),
        ActorKind.RESIDENT: _("居民"),
        ActorKind.REPORTER: _("居民"),
        ActorKind.STAFF: _("工作人员"),
    }
    return words.get(ActorKind(row.actor_kind), "")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BEIJING)
