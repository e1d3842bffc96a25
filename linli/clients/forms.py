"""What the forms of keys and webhooks may send."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.clients.selectors import DUTIES
from linli.clients.services import KeySheet, WebhookSheet
from linli.kernel.clock import BEIJING
from linli.kernel.forms import IdempotentForm

Choices = list[Any]


class KeyForm(IdempotentForm):
    """A key: which system, what it may do, where, until when."""

    name = forms.CharField(
        label=_("给哪个系统"), max_length=60, help_text=_("写对方的名称，例如“12345 热线平台”。")
    )
    areas = forms.MultipleChoiceField(label=_("管哪里"), widget=forms.CheckboxSelectMultiple)
    organisation = forms.ChoiceField(
        label=_("只看派给一个单位的"),
        required=False,
        help_text=_("物业公司、职能部门自己的系统选上：它只看得到、办得了派给这个单位的工单。"),
    )
    duties = forms.MultipleChoiceField(
        label=_("能做什么"),
        choices=[(duty, duty) for duty in DUTIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一项能做的事。")},
    )
    expires_on = forms.DateField(
        label=_("用到哪天（含当天）"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("最长三年。到期后自动失效，再开一把新的。"),
    )
    per_minute = forms.IntegerField(
        label=_("每分钟最多几次"), min_value=1, max_value=6000, initial=120
    )
    note = forms.CharField(
        label=_("备注"), max_length=300, required=False, help_text=_("例如对方的联系部门。")
    )

    def __init__(
        self, data: Any = None, *, areas: Choices, organisations: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["areas"].choices = areas  # type: ignore[attr-defined]
        self.fields["organisation"].choices = [("", _("不限")), *organisations]  # type: ignore[attr-defined]

    def sheet(self) -> KeySheet:
        """Return what was filled in."""
        data = self.cleaned_data
        day_after = data["expires_on"] + timedelta(days=1)
        return KeySheet(
            name=data["name"],
            duties=data["duties"],
            area_ids=[UUID(one) for one in data["areas"]],
            organisation_id=UUID(data["organisation"]) if data["organisation"] else None,
            expires_at=datetime.combine(day_after, time.min, tzinfo=BEIJING),
            per_minute=data["per_minute"],
            note=data["note"],
        )


class WebhookForm(IdempotentForm):
    """A webhook: who is told, where, of what."""

    name = forms.CharField(label=_("通知哪个系统"), max_length=60)
    address = forms.CharField(
        label=_("对方的地址"),
        max_length=500,
        required=False,
        help_text=_("以 https:// 开头，由对方的技术人员给。"),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
    )
    area = forms.ChoiceField(label=_("哪里的事"))
    topics = forms.MultipleChoiceField(
        label=_("通知哪些事"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("至少选一件要通知对方的事。")},
    )

    def __init__(self, data: Any = None, *, areas: Choices, topics: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["topics"].choices = topics  # type: ignore[attr-defined]

    def sheet(self) -> WebhookSheet:
        """Return what was filled in."""
        data = self.cleaned_data
        return WebhookSheet(
            name=data["name"],
            address=data["address"],
            area_id=UUID(data["area"]),
            topics=data["topics"],
        )
