"""What people may send about themselves and their accounts."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.people.selectors import Purpose

_CODE = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "7"}


class SignInForm(Form):
    """A login and a password."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(Form):
    """The six digits of the authenticator app."""

    code = forms.CharField(
        label=_("验证器里的 6 位数字"), max_length=10, widget=forms.TextInput(attrs=_CODE)
    )


class PhoneForm(Form):
    """A resident's phone, to send a code to."""

    phone = forms.CharField(
        label=_("手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class PhoneCodeForm(PhoneForm):
    """The phone again, and the code that reached it."""

    phone = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("短信里的 6 位数字"), max_length=10, widget=forms.TextInput(attrs=_CODE)
    )


class ReachForm(Form):
    """What one is called and where one is reached."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    phone = forms.CharField(
        label=_("手机"),
        max_length=20,
        required=False,
        help_text=_("有新工单时发短信到这里。"),
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=_("邮箱"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )


class NameForm(Form):
    """What a resident wants to be called."""

    name = forms.CharField(label=_("怎么称呼您"), max_length=30)


class PasswordForm(Form):
    """The password now and the new one, twice."""

    old = forms.CharField(
        label=_("现在的密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("新密码"),
        max_length=200,
        strip=False,
        help_text=_("至少 10 个字符。一句只有自己知道的话，比一串符号更好记、更安全。"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("新密码再写一遍"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两遍写的不一样，再写一次。"))
        return data


class TotpForm(CodeForm):
    """The first code of a new authenticator, with the secret that its picture showed."""

    secret = forms.CharField(max_length=64, widget=forms.HiddenInput)


class TotpDropForm(CodeForm):
    """Password and a last code, to turn one-time codes off."""

    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class NewAccountForm(ReachForm):
    """A new staff account; the first password is made for it."""

    login = forms.CharField(
        label=_("登录名"),
        max_length=40,
        help_text=_("小写字母、数字、点或短横，以字母开头，例如 wang.fang。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    area_path = forms.ChoiceField(label=_("归哪里管"))
    field_order = ("name", "login", "area_path", "phone", "email")

    def __init__(self, data: Any = None, *, areas: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["area_path"].choices = areas  # type: ignore[attr-defined]


class RevealForm(Form):
    """Why somebody needs to see a name or phone in full."""

    purpose = forms.ChoiceField(label=_("为什么要看"), choices=Purpose.choices)
    note = forms.CharField(label=_("补充说明"), max_length=200, required=False)
