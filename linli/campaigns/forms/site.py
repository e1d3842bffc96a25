"""What is sent from the site: settled with photos, handed to a case, not possible this time."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.campaigns.forms.shared import words
from linli.campaigns.services.gathering import MOST_COUNT
from linli.kernel.shots import ShotsField
from linli.kernel.web import IdempotentForm, PhotoInput


class SettleForm(IdempotentForm):
    """Cleared: a photo of how it is now; one of before where there is none yet."""

    after = ShotsField(label=_("整治后照片"), widget=PhotoInput(camera=True))
    before = ShotsField(label=_("整治前照片"), widget=PhotoInput(camera=True))
    count = forms.IntegerField(
        label=_("实际几处（几辆）"), min_value=1, max_value=MOST_COUNT, required=False
    )
    result = forms.CharField(label=_("说明"), required=False, max_length=300)


class HandForm(IdempotentForm):
    """To somebody else, as a case."""

    text = words(
        _("要谁来办、难在哪里"), error_messages={"required": _("写一句要谁来办、难在哪里。")}
    )
    category = forms.ChoiceField(label=_("工单类别"), required=False)

    def __init__(self, *args: Any, categories: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [("", _("按类型自动对应")), *categories]  # type: ignore[attr-defined]

    def clean_category(self) -> UUID | None:
        """Return the category, or None for the kind's own."""
        value = self.cleaned_data["category"]
        return UUID(value) if value else None


class GiveUpForm(IdempotentForm):
    """Not this time, and why."""

    reason = words(
        _("为什么这次办不了"), error_messages={"required": _("写一句为什么这次办不了。")}
    )
