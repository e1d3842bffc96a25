"""The queue as a file: what a question shows, masked unless the duty and a purpose allow more."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.cases.models import Source
from linli.cases.selectors import exports
from linli.cases.selectors.conditions import Question
from linli.cases.selectors.exports import ExportRow
from linli.cases.states import CaseState
from linli.kernel import clock, masking, runs, tables
from linli.kernel.actor import Actor
from linli.kernel.errors import BadInput
from linli.people import selectors as people
from linli.people import services as people_services

KIND: Final = "cases.export"
_YES: Final = {True: gettext_lazy("是"), False: gettext_lazy("否"), None: ""}
_SATISFACTION: Final = {
    1: gettext_lazy("不满意"),
    2: gettext_lazy("一般"),
    3: gettext_lazy("满意"),
    None: "",
}
_NOT_OWED: Final = (CaseState.DECLINED, CaseState.MERGED, CaseState.WITHDRAWN)
HEADER: Final = tuple(map(str, (
    _("编号"), _("状态"), _("类别"), _("标题"), _("内容"), _("来源"), _("社区"), _("网格"), _("地点"),
    _("具体位置"), _("反映时间"), _("响应期限"), _("首次响应"), _("办结期限"), _("办结时间"),
    _("归档时间"), _("是否超时"), _("承办岗位"), _("承办单位"), _("承办人"), _("加急"), _("保密"),
    _("督办时间"), _("同样遇到的人"), _("催办次数"), _("重办次数"), _("解决了吗"), _("满意度"),
    _("评价"), _("不予受理的理由"), _("反映人"), _("电话"), _("住址"),
)))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """How somebody wants the file. purpose: why with names and phones in full; "" leaves them masked."""

    file_format: str = "xlsx"
    purpose: str = ""
    note: str = ""


def start_export(
    *, question: Question, wish: Wish, actor: Actor, now: datetime, key: str
) -> runs.Run:
    """Ask for the rows behind a question as a file; the same key again gives the same run.

    Errors: NotAllowed (no case is seen, or contacts in full without the duty), BadInput.
    """
    actor.require("cases.view")
    if wish.file_format not in tables.TYPES:
        raise BadInput(_("选 Excel 或 CSV。"), field="file_format")
    if wish.purpose:
        people_services.check_reveal_of_many(purpose=wish.purpose, note=wish.note, actor=actor)
    data = {
        "question": exports.as_plain(question),
        "asked_at": now.isoformat(),
        "file_format": wish.file_format,
        "purpose": wish.purpose,
        "note": wish.note,
    }
    return runs.start(
        KIND, title=_("导出工单"), data=data, actor=actor, now=now, key=key, duty="cases.view"
    )


def carry_export(run: runs.Running) -> None:
    """Write the file of an export; what the actor may see of contacts is decided row by row."""
    question = exports.of_plain(run.data["question"])
    asked_at = datetime.fromisoformat(run.data["asked_at"])
    in_full = _Reveals(run.actor, is_asked=bool(run.data["purpose"]))
    total = exports.count_rows(question, run.actor, asked_at)
    run.progress(0, total)
    kind = run.data["file_format"]
    name = f"{_('工单')} {clock.local(asked_at):%Y-%m-%d %H%M}.{kind}"
    helpings = exports.helpings(question, run.actor, asked_at)
    with run.open_result(name, tables.TYPES[kind]) as file:
        rows = _rows(helpings, in_full, asked_at)
        count = tables.write(file, kind, _("工单"), HEADER, rows, tell=run.progress)
    if in_full.count:
        people_services.record_reveal_of_many(
            count=in_full.count,
            purpose=run.data["purpose"],
            note=run.data["note"],
            subject_id=run.id,
            actor=run.actor,
            now=run.now,
        )
    run.say(_("共 %(n)d 件。") % {"n": count} + in_full.words())


class _Reveals:
    """Which contacts of a list are shown in full, and how many were."""

    def __init__(self, actor: Actor, *, is_asked: bool) -> None:
        self._actor, self._is_asked = actor, is_asked
        self._known: dict[str, bool] = {}
        self.count = 0

    def may(self, area_path: str) -> bool:
        """Tell whether rows of a place are shown in full."""
        if not self._is_asked:
            return False
        if area_path not in self._known:
            self._known[area_path] = self._actor.can("people.reveal", area_path)
        return self._known[area_path]

    def words(self) -> str:
        """Say how many contacts were shown in full."""
        if not self._is_asked:
            return _("姓名、电话和内容里的个人信息已遮住。")
        return _("其中 %(n)d 件带完整的联系方式，已记入查看记录。") % {"n": self.count}


def _rows(
    helpings: Iterator[list[ExportRow]], in_full: _Reveals, now: datetime
) -> Iterator[list[Any]]:
    for helping in helpings:
        full = [one for one in helping if in_full.may(one.area_path)]
        ids = {one.reporter_id for one in full if one.reporter_id}
        cards = people.contact_cards_in_full(ids)
        rest = {one.reporter_id for one in helping if one.reporter_id} - ids
        cards |= people.contact_cards(rest)
        in_full.count += sum(one.reporter_id is not None for one in full)
        for one in helping:
            yield _cells(one, cards, now, is_full=in_full.may(one.area_path))


def _cells(
    one: ExportRow, cards: dict[Any, people.ContactCard], now: datetime, *, is_full: bool
) -> list[Any]:
    card = cards.get(one.reporter_id)
    plain = str if is_full else masking.mask_text
    return [
        one.number, CaseState(one.state).label, one.category, plain(one.title), plain(one.text),
        Source(one.source).label, one.community, one.grid, one.place_label, plain(one.spot),
        one.reported_at, one.respond_due_at, one.responded_at, one.resolve_due_at,
        one.resolved_at, one.closed_at, _YES[_is_late(one, now)], one.post, one.organisation,
        one.account, _YES[one.is_urgent], _YES[one.is_confidential], one.supervised_at,
        one.follower_count, one.urge_count, one.reopen_count, _YES[one.is_solved],
        _SATISFACTION[one.satisfaction], plain(one.rating_comment), plain(one.decline_reason),
        *((card.name, card.phone, card.address) if card else ("", "", "")),
    ]  # fmt: skip


def _is_late(one: ExportRow, now: datetime) -> bool | None:
    """Tell whether the resolution came, or is still missing, after its promise; None: none is owed."""
    if one.state in _NOT_OWED:
        return None
    return (one.resolved_at or one.closed_at or now) > one.resolve_due_at
