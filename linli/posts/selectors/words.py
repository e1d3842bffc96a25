"""What events and their facts are called in plain words, for the audit office."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel import clock
from linli.kernel.models import EventRow
from linli.people import selectors as people
from linli.posts.models import Organisation, Post
from linli.posts.selectors.catalogue import duty_label

# What happened, in plain words; an event that is not here is shown by its name in code.
LABELS: Final[dict[str, Any]] = {
    "cases.case.reported": gettext_lazy("上报工单"),
    "cases.case.filed": gettext_lazy("导入已答复的工单"),
    "cases.mailbox.imported": gettext_lazy("导入旧信箱"),
    "cases.mailbox.discarded": gettext_lazy("放弃旧信箱文件"),
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
    "cases.case.review_due": gettext_lazy("到了再看一次的日子"),
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
    "cases.case.extension_asked": gettext_lazy("申请延期"),
    "cases.case.extended": gettext_lazy("延期"),
    "cases.case.extension_refused": gettext_lazy("不同意延期"),
    "cases.case.reviewed": gettext_lazy("复核不予受理的工单"),
    "cases.case.called": gettext_lazy("回访电话没有接通"),
    "cases.case.followed_up": gettext_lazy("回访"),
    "cases.case.exclusion_asked": gettext_lazy("申请不计入考核"),
    "cases.case.exclusion_refused": gettext_lazy("不同意不计入考核"),
    "cases.case.excluded": gettext_lazy("不计入考核"),
    "cases.case.included": gettext_lazy("重新计入考核"),
    "cases.case.left": gettext_lazy("退出，其他人继续跟"),
    "cases.case.follower_rated": gettext_lazy("“我也遇到”的居民评价"),
    "campaigns.campaign.planned": gettext_lazy("安排整治行动"),
    "campaigns.campaign.changed": gettext_lazy("修改整治行动"),
    "campaigns.campaign.moved": gettext_lazy("整治行动开始或结束"),
    "campaigns.entries.gathered": gettext_lazy("列入整治清单"),
    "campaigns.entry.moved": gettext_lazy("办理整治清单"),
    "campaigns.docket.opened": gettext_lazy("建立三张清单"),
    "campaigns.matter.raised": gettext_lazy("列入问题清单"),
    "campaigns.matter.agreed": gettext_lazy("定责任和时限"),
    "campaigns.matter.shown": gettext_lazy("交整改结果"),
    "campaigns.matter.written": gettext_lazy("代记提出人的话"),
    "campaigns.matter.closed": gettext_lazy("问题销号"),
    "campaigns.matter.returned": gettext_lazy("退回再整改"),
    "cases.followups.sampled": gettext_lazy("抽取回访名单"),
    "cases.followup_rule.changed": gettext_lazy("改回访比例"),
    "cases.case.resumed": gettext_lazy("恢复工单"),
    "cases.case.deadlines_moved": gettext_lazy("调整时限"),
    "cases.link.revoked": gettext_lazy("作废进展链接"),
    "clients.key.made": gettext_lazy("给其他系统开钥匙"),
    "clients.key.revoked": gettext_lazy("停用其他系统的钥匙"),
    "clients.webhook.changed": gettext_lazy("修改给其他系统的推送"),
    "clients.webhook.paused": gettext_lazy("推送一直不通，自动停下"),
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
    "people.contacts.exported": gettext_lazy("导出完整的联系方式"),
    "people.contact.revealed": gettext_lazy("查看完整联系方式"),
    "posts.organisation.created": gettext_lazy("新增单位"),
    "posts.organisation.changed": gettext_lazy("修改单位"),
    "posts.organisation.ended": gettext_lazy("停用单位"),
    "posts.post.created": gettext_lazy("设岗"),
    "posts.post.changed": gettext_lazy("修改岗位"),
    "posts.post.ended": gettext_lazy("撤销岗位"),
    "posts.holding.started": gettext_lazy("任命"),
    "posts.holding.ended": gettext_lazy("结束任期"),
    "posts.term.ending": gettext_lazy("任期快到了"),
    "posts.substitution.set": gettext_lazy("安排代班"),
    "posts.substitution.ended": gettext_lazy("取消代班"),
    "posts.belonging.kept": gettext_lazy("岗位保管物品"),
    "posts.belonging.ended": gettext_lazy("岗位不再保管物品"),
    "posts.handover.opened": gettext_lazy("列交接单"),
    "posts.handover.named": gettext_lazy("定接手的人"),
    "posts.handover.signed": gettext_lazy("签交接单"),
    "posts.handover.kept": gettext_lazy("负责人接管"),
    "posts.handover.withdrawn": gettext_lazy("撤回交接"),
    "posts.handover.closed": gettext_lazy("交接完成"),
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
    "publishing.article.written": gettext_lazy("写公开内容"),
    "publishing.article.submitted": gettext_lazy("公开内容送审"),
    "publishing.article.returned": gettext_lazy("公开内容退回修改"),
    "publishing.article.released": gettext_lazy("发布到公开栏"),
    "publishing.article.withdrawn": gettext_lazy("从公开栏撤下"),
    "indicators.targets.set": gettext_lazy("定年度目标"),
    "indicators.goal.kept": gettext_lazy("记其他目标"),
    "indicators.report.issued": gettext_lazy("出报告"),
    "blueprints.part.installed": gettext_lazy("安装蓝本"),
    "kernel.run.started": gettext_lazy("开始后台任务"),
    "kernel.run.ended": gettext_lazy("后台任务结束"),
    "kernel.run.cancel_asked": gettext_lazy("取消后台任务"),
    "kernel.run.fetched": gettext_lazy("下载导出的文件"),
    "kernel.clock.set_back": gettext_lazy("服务器时间被调回"),
}

# What a fact of an event is called; one that is not here is shown by its name in code.
FACTS: Final[dict[str, Any]] = {
    "absent_id": gettext_lazy("不在的人"),
    "about_id": gettext_lazy("关于"),
    "category_code": gettext_lazy("类别"),
    "client_id": gettext_lazy("哪个系统"),
    "changed": gettext_lazy("改了什么"),
    "code": gettext_lazy("编号"),
    "days": gettext_lazy("几天"),
    "last_on": gettext_lazy("最后一天"),
    "duties": gettext_lazy("权限"),
    "ends_at": gettext_lazy("到"),
    "first_day": gettext_lazy("从哪天起"),
    "from_level": gettext_lazy("原来在"),
    "gained": gettext_lazy("增加的权限"),
    "holder_id": gettext_lazy("任职的人"),
    "how": gettext_lazy("怎么改"),
    "is_automatic": gettext_lazy("自动"),
    "is_alone": gettext_lazy("只有一人可发布，自写自发"),
    "is_confidential": gettext_lazy("保密"),
    "is_in_time": gettext_lazy("按时"),
    "is_on": gettext_lazy("打开"),
    "is_rated": gettext_lazy("有评价"),
    "is_reset": gettext_lazy("由管理员重设"),
    "is_solved": gettext_lazy("解决了"),
    "kind": gettext_lazy("种类"),
    "leaves_vacant": gettext_lazy("从此空缺"),
    "level": gettext_lazy("级别"),
    "lost": gettext_lazy("收回的权限"),
    "new_state": gettext_lazy("之后"),
    "old_state": gettext_lazy("之前"),
    "number": gettext_lazy("第几次"),
    "organisation_id": gettext_lazy("单位"),
    "post_id": gettext_lazy("岗位"),
    "outgoing_id": gettext_lazy("交出的人"),
    "incoming_id": gettext_lazy("接手的人"),
    "line_count": gettext_lazy("几项"),
    "purpose": gettext_lazy("用途"),
    "reason": gettext_lazy("原因"),
    "resolve_due_at": gettext_lazy("办结期限"),
    "respond_due_at": gettext_lazy("受理期限"),
    "satisfaction": gettext_lazy("满意度"),
    "source": gettext_lazy("来源"),
    "span": gettext_lazy("周、月、季、年"),
    "starts_at": gettext_lazy("从"),
    "substitute_id": gettext_lazy("代班的人"),
    "to_level": gettext_lazy("上报到"),
    "way": gettext_lazy("登录方式"),
    "what": gettext_lazy("怎么改的"),
    "year": gettext_lazy("年份"),
    "was_confidential": gettext_lazy("原来保密"),
}
_RIGHTS: Final = ("duties", "gained", "lost")


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the ids of some events."""

    people: dict[UUID, str]
    others: dict[UUID, str]

    @classmethod
    def of(cls, rows: Iterable[EventRow]) -> "Names":
        """Look up the people, posts and organisations that events name; three queries."""
        rows = list(rows)
        ids = {row.subject_id for row in rows} | {row.account_id for row in rows if row.account_id}
        ids |= {found for row in rows for value in row.data.values() if (found := _as_id(value))}
        posts = Post.objects.filter(id__in=ids).values_list("id", "name")
        organisations = Organisation.objects.filter(id__in=ids).values_list("id", "name")
        return cls(people.account_names(ids), dict(posts) | dict(organisations))

    def any(self, found: UUID) -> str:
        """Return the name behind an id, or the id."""
        return self.people.get(found) or self.others.get(found) or str(found)


def fact_lines(data: dict[str, Any], names: Names) -> tuple[tuple[str, str], ...]:
    """Return what an event carries as (label, words), empty facts left out."""
    return tuple(
        (str(FACTS.get(key, key)), _words(key, value, names))
        for key, value in data.items()
        if value not in ("", None)
    )


def _words(key: str, value: Any, names: Names) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if key in _RIGHTS:
        return "、".join(duty_label(duty) for duty in value.split(","))
    if key.endswith("_at"):
        return _moment(value)
    found = _as_id(value)
    return names.any(found) if found else str(value)


def _moment(value: str) -> str:
    try:
        return clock.local(datetime.fromisoformat(value)).strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return value


def _as_id(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) and len(value) == 36 else None
    except ValueError:
        return None
