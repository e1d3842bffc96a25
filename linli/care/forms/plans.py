"""The plan of somebody who is looked after, its end, family, a look with a reason."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.care.services import PlanSheet
from linli.care.services.profiles import WHY_LENGTH
from linli.care.states import AgreedHow, EndReason, Need, Relation
from linli.kernel.forms import Form
from linli.people.selectors import Purpose

_ENDS = [(str(one), one.label) for one in EndReason if one != EndReason.MERGED]
_PURPOSES = [(str(one), one.label) for one in Purpose if one != Purpose.CORRECT]


class PlanForm(Form):
    """Why, how often, by whom, what to look for. groups: of posts, from `posts.assignable`."""

    level = forms.ChoiceField(label=_("关怀等级"), widget=forms.RadioSelect)
    every_days = forms.IntegerField(
        label=_("多少天看一次"), required=False, min_value=1, max_value=366,
        help_text=_("不填就按等级的。"),
    )  # fmt: skip
    needs = forms.MultipleChoiceField(
        label=_("离不开什么"), choices=Need.choices, required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("加密保存，只有走访的人和社区看得到。"),
    )  # fmt: skip
    why = forms.CharField(
        label=_("为什么要常去看看"), required=False, max_length=WHY_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("身体情况、生活习惯、敲门的窍门。加密保存，看的时候要说明用途；改安排时空着就是不改。"),
    )  # fmt: skip
    post = forms.ChoiceField(label=_("第一走访人"))
    second_post = forms.ChoiceField(
        label=_("第二走访人"), required=False,
        help_text=_("第一走访人两次没见到人，当天转给第二走访人。"),
    )  # fmt: skip
    list_code = forms.ChoiceField(label=_("看什么"), required=False)
    agreed_how = forms.ChoiceField(
        label=_("本人同意了吗"), required=False, choices=[("", _("还没有")), *AgreedHow.choices]
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, levels: list[Any], lists: list[Any], groups: list[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        people = [
            (group.label, [(str(one.post_id), _named(one)) for one in group.choices if one.post_id])
            for group in groups
        ]
        people = [(label, choices) for label, choices in people if choices]
        fields: Any = self.fields
        fields["level"].choices = [
            (one.code, _("%(name)s · %(n)d 天一次") % {"name": one.name, "n": one.every_days})
            for one in levels
        ]
        fields["post"].choices = [("", _("选一位")), *people]
        fields["second_post"].choices = [("", _("不设")), *people]
        fields["list_code"].choices = [("", _("按等级的")), *lists]

    def sheet(self) -> PlanSheet:
        """Return what was agreed."""
        said = self.cleaned_data
        return PlanSheet(
            level_code=said["level"],
            every_days=said["every_days"],
            needs=tuple(said["needs"]),
            # What is written there is read for a reason only: left empty, it stays.
            why=said["why"] or None,
            post_id=UUID(said["post"]),
            second_post_id=UUID(said["second_post"]) if said["second_post"] else None,
            list_code=said["list_code"],
            agreed_how=said["agreed_how"],
        )


def _named(one: Any) -> str:
    return f"{one.label}（{one.people}）" if one.people else one.label


class EndForm(Form):
    """Why somebody is not visited any more."""

    reason = forms.ChoiceField(label=_("为什么不再走访"), choices=_ENDS, widget=forms.RadioSelect)


class FamilyForm(Form):
    """Somebody of the family; told only when they agreed."""

    name = forms.CharField(label=_("怎么称呼"), max_length=30)
    phone = forms.CharField(label=_("电话"), max_length=20)
    relation = forms.ChoiceField(label=_("关系"), choices=Relation.choices)
    agreed_how = forms.ChoiceField(
        label=_("同意收到消息吗"), required=False,
        choices=[("", _("只留电话，不发消息")), *AgreedHow.choices],
        help_text=_("同意以后，天气预警和有事的时候发短信；随时可以自己撤回。"),
    )  # fmt: skip


class RevealForm(Form):
    """Why somebody looks."""

    purpose = forms.ChoiceField(label=_("用来做什么"), choices=_PURPOSES)
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on a page with other forms, one of which has a note too.
        kwargs.setdefault("auto_id", "why_%s")
        super().__init__(*args, **kwargs)
