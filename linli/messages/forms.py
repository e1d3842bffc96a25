"""What the pages of messages may send."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.web import Form
from linli.messages.selectors import RobotKind


class PreferencesForm(Form):
    """How I want to be told besides the page."""

    by_sms = forms.BooleanField(
        label=_("发短信"), required=False, help_text=_("新工单、催办、超时这些要动手的事。")
    )
    by_mail = forms.BooleanField(
        label=_("发邮件"), required=False, help_text=_("要在账号里留了邮箱才收得到。")
    )
    daily_digest = forms.BooleanField(
        label=_("一天只收一条汇总"),
        required=False,
        help_text=_("每天早上一条，紧急的照样马上发。"),
    )


class TemplateForm(Form):
    """The words of one message over one channel."""

    title = forms.CharField(label=_("标题"), max_length=60, required=False)
    body = forms.CharField(label=_("内容"), max_length=500, required=False, widget=forms.Textarea)
    is_active = forms.BooleanField(label=_("启用"), required=False)
    is_urgent = forms.BooleanField(
        label=_("免打扰时间也发"), required=False, help_text=_("只给真等不到早上的事。")
    )


class QuietForm(Form):
    """When nothing is sent unless urgent."""

    starts_at = forms.TimeField(
        label=_("从"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends_at = forms.TimeField(
        label=_("到"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )


class RobotForm(Form):
    """A group robot. Address and secret are never shown again; left empty they stay."""

    organisation_id = forms.ChoiceField(label=_("单位"))
    kind = forms.ChoiceField(label=_("哪一种"), choices=RobotKind, widget=forms.RadioSelect)
    name = forms.CharField(label=_("群的叫法"), max_length=40)
    address = forms.CharField(
        label=_("地址"),
        max_length=500,
        required=False,
        help_text=_("从群机器人的设置里完整复制，以 https:// 开头。保存后不再显示。"),
    )
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=200,
        required=False,
        help_text=_("钉钉选了“加签”才要填，以 SEC 开头。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    is_active = forms.BooleanField(label=_("启用"), required=False, initial=True)

    def __init__(self, *args: Any, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation_id"].choices = organisations  # type: ignore[attr-defined]
