"""Everything that staff do to one case, as a table: what may be sent, which service takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.cases.forms import actions as forms
from linli.cases.forms.whistles import RefuseForm
from linli.cases.services import (
    arbitrating,
    desk,
    excluding,
    extending,
    handling,
    ladder,
    reviewing,
)
from linli.cases.views import doing

Run = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A thing that staff do: its form, its service, the words of its button, how it looks."""

    name: str
    label: Any
    form: type[forms.ActionForm]
    run: Run
    icon: str
    done: Any  # what the page says afterwards
    is_primary: bool = False  # among the first that are offered
    is_danger: bool = False
    # Its form is long and seldom used: the page carries a link to it instead.
    is_apart: bool = False


_ALL = (
    Action(
        name="take",
        label=_("接单"),
        form=forms.TakeForm,
        run=handling.take_case,
        icon="hand",
        done=_("已接单，居民能看到是谁在办。"),
        is_primary=True,
    ),
    Action(
        name="accept",
        label=_("受理"),
        form=forms.AcceptForm,
        run=desk.accept_case,
        icon="check",
        done=_("已受理，居民会收到通知。"),
        is_primary=True,
    ),
    Action(
        name="assign",
        label=_("派单"),
        form=forms.AssignForm,
        run=doing.assign,
        icon="send",
        done=_("已派单。"),
        is_primary=True,
    ),
    Action(
        name="arbitrate",
        label=_("裁定"),
        form=forms.ArbitrateForm,
        run=doing.arbitrate,
        icon="gavel",
        done=_("已裁定并派单。"),
        is_primary=True,
    ),
    Action(
        name="progress",
        label=_("记录处理情况"),
        form=forms.ProgressForm,
        run=handling.add_progress,
        icon="notebook-pen",
        done=_("已记录，居民能看到。"),
    ),
    Action(
        name="resolve",
        label=_("办结"),
        form=forms.ResolveForm,
        run=handling.resolve_case,
        icon="circle-check",
        done=_("已办结，等居民评价。"),
        is_primary=True,
    ),
    Action(
        name="return",
        label=_("退回"),
        form=forms.ReturnForm,
        run=handling.return_case,
        icon="corner-up-left",
        done=_("已退回，等裁定。"),
        is_danger=True,
    ),
    Action(
        name="suspend",
        label=_("申请挂起"),
        form=forms.SuspendForm,
        run=handling.ask_suspension,
        icon="circle-pause",
        done=_("已申请，等审批；审批前照常计时。"),
    ),
    Action(
        name="decide",
        label=_("审批挂起"),
        form=forms.DecideForm,
        run=doing.decide,
        icon="badge-check",
        done=_("已审批。"),
        is_primary=True,
    ),
    Action(
        name="extend",
        label=_("申请延期"),
        form=forms.ExtendForm,
        run=extending.ask_extension,
        icon="hourglass",
        done=_("已申请，等审批；批准前仍按原来的时限。"),
    ),
    Action(
        name="decide-extension",
        label=_("审批延期"),
        form=forms.DecideForm,
        run=doing.decide_extension,
        icon="badge-check",
        done=_("已审批，承办人会收到通知。"),
        is_primary=True,
    ),
    Action(
        name="resume",
        label=_("恢复办理"),
        form=forms.TakeForm,
        run=handling.resume_case,
        icon="circle-play",
        done=_("已恢复计时。"),
        is_primary=True,
    ),
    Action(
        name="answer",
        label=_("答复反映人"),
        form=forms.WordsForm,
        run=desk.answer_reporter,
        icon="message-square-text",
        done=_("已答复。"),
    ),
    Action(
        name="note",
        label=_("内部备注"),
        form=forms.WordsForm,
        run=doing.note,
        icon="sticky-note",
        done=_("已记下。"),
    ),
    Action(
        name="escalate",
        label=_("上报上一级"),
        form=forms.WordsForm,
        run=ladder.escalate_case,
        icon="chevrons-up",
        done=_("已上报，这里继续跟踪。"),
    ),
    Action(
        name="refer",
        label=_("报上级裁定"),
        form=RefuseForm,
        run=arbitrating.ask_arbitration,
        icon="scale",
        done=_("已报上级裁定，答复有自己的时限；答复前照常计时。"),
    ),
    Action(
        name="supervise",
        label=_("督办"),
        form=forms.WordsForm,
        run=doing.supervise,
        icon="eye",
        done=_("已督办。"),
    ),
    Action(
        name="correct",
        label=_("更正类别、地点"),
        form=forms.CorrectForm,
        run=doing.correct,
        icon="pencil",
        done=_("已更正。"),
        is_apart=True,
    ),
    Action(
        name="merge",
        label=_("并入另一件"),
        form=forms.MergeForm,
        run=doing.merge,
        icon="merge",
        done=_("已并案。"),
    ),
    Action(
        name="unmerge",
        label=_("撤销并案"),
        form=forms.TakeForm,
        run=doing.unmerge,
        icon="split",
        done=_("已撤销并案。"),
    ),
    Action(
        name="decline",
        label=_("不予受理"),
        form=forms.DeclineForm,
        run=doing.decline,
        icon="ban",
        done=_("已答复不予受理，理由居民能看到。"),
        is_danger=True,
    ),
    Action(
        name="review",
        label=_("复核：仍不能办"),
        form=forms.ReviewForm,
        run=reviewing.renew_decline,
        icon="calendar-clock",
        done=_("已复核，反映人会收到说明。"),
    ),
    Action(
        name="revoke",
        label=_("更换查询链接"),
        form=forms.TakeForm,
        run=doing.revoke,
        icon="link",
        done=_("原来的链接已停用。"),
    ),
    Action(
        name="exclude",
        label=_("申请不计入考核"),
        form=forms.ExcludeForm,
        run=excluding.ask_exclusion,
        icon="minus",
        done=_("已申请，等另一位审批；批准前照常计入。"),
    ),
    Action(
        name="decide-exclusion",
        label=_("审批不计入考核"),
        form=forms.DecideForm,
        run=doing.decide_exclusion,
        icon="badge-check",
        done=_("已审批。"),
        is_primary=True,
    ),
    Action(
        name="include",
        label=_("重新计入考核"),
        form=forms.WordsForm,
        run=doing.include,
        icon="undo-2",
        done=_("已重新计入考核。"),
    ),
)
ACTIONS: dict[str, Action] = {action.name: action for action in _ALL}
