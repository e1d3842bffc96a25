"""What the columns of an old mailbox mean: the fields there are, and a guess from their names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Field:
    """Something that a column may hold. names: how old systems call it, the likeliest first."""

    name: str
    label: Any
    names: tuple[str, ...]


FIELDS: Final = (
    Field("text", _("内容"), (
        "内容", "留言详情", "留言内容", "来信内容", "诉求内容", "反映内容", "问题描述", "正文", "详情",
        "描述", "text", "content", "description",
    )),
    Field("title", _("标题"), ("标题", "留言主题", "主题", "题目", "title", "subject")),
    Field("received_at", _("收到时间"), (
        "收到时间", "留言时间", "来信时间", "反映时间", "受理时间", "提交时间", "上报时间",
        "登记时间", "创建时间", "收到日期", "留言日期", "来信日期", "时间", "日期", "time", "date",
        "created_at", "received_at", "requested_datetime",
    )),
    Field("own_id", _("原编号"), (
        "留言编号", "编号", "工单号", "工单编号", "信件编号", "流水号", "id", "number", "service_request_id",
    )),
    Field("category", _("类别"), (
        "类别", "分类", "一级标签", "问题类型", "类型", "category", "label", "service_name",
    )),
    Field("community", _("社区"), ("社区", "所属社区", "村社区", "community")),
    Field("place", _("地点"), (
        "地点", "事发地点", "地址", "小区", "位置", "place", "location", "address_string",
    )),
    Field("name", _("姓名"), ("姓名", "反映人", "留言人", "来信人", "联系人", "用户名", "name")),
    Field("phone", _("电话"), ("电话", "手机", "手机号", "联系电话", "联系方式", "phone", "mobile")),
    Field("address", _("住址"), ("住址", "家庭住址", "联系地址", "home_address")),
    Field("answer", _("答复"), (
        "答复", "答复意见", "答复内容", "回复", "回复内容", "办理结果", "处理结果",
        "reply", "answer", "status_notes",
    )),
    Field("answered_at", _("答复时间"), (
        "答复时间", "回复时间", "办结时间", "办理时间", "答复日期", "回复日期", "办结日期", "reply_time",
        "answered_at",
    )),
)  # fmt: skip
NAMES: Final = tuple(field.name for field in FIELDS)


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return which column holds which field: the same name first, else one that holds it.

    A column is given to one field only; “答复时间” is not taken for “时间”.
    """
    keys = [name.strip().lower() for name in header]
    found: dict[str, int] = {}
    for is_same in (True, False):
        # Longer names first: what says more is meant more.
        pairs = sorted(
            ((word, field.name) for field in FIELDS for word in field.names),
            key=lambda pair: -len(pair[0]),
        )
        for word, field in pairs:
            if field in found or (not is_same and word.isascii()):
                continue
            for number, key in enumerate(keys):
                fits = key == word if is_same else word in key
                if fits and number not in found.values():
                    found[field] = number
                    break
    return found


def sound(columns: Mapping[str, Any], count: int) -> dict[str, int]:
    """Return the columns that are of known fields and within the file."""
    return {
        name: number
        for name, number in columns.items()
        if name in NAMES and isinstance(number, int) and 0 <= number < count
    }
