"""Consents taken down at the desk, copies, how long data is kept."""

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.people.selectors import ConsentPurpose, GivenHow, Purpose, RetentionAction


class ConsentForm(Form):
    """What a person said at the desk, on paper or on the phone."""

    purpose = forms.ChoiceField(label=_("哪一项"), choices=ConsentPurpose.choices)
    how = forms.ChoiceField(
        label=_("怎么说的"), choices=[one for one in GivenHow.choices if one[0] != "self"]
    )


class CopyForm(Form):
    """The copy that a person asks for at the desk, and why it is made."""

    file_format = forms.ChoiceField(label=_("格式"), choices=[("xlsx", "Excel"), ("json", "JSON")])
    purpose = forms.ChoiceField(label=_("用途"), choices=Purpose.choices)
    note = forms.CharField(
        label=_("说明"), max_length=200, help_text=_("例如：本人带身份证到窗口，要自己的资料。")
    )


class RetentionForm(Form):
    """How long a kind of data is kept."""

    months = forms.IntegerField(label=_("保存几个月"), min_value=1, max_value=600)
    action = forms.ChoiceField(label=_("到期怎么办"), choices=RetentionAction.choices)
    is_active = forms.BooleanField(label=_("到期自动清理"), required=False)
