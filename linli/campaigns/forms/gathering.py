"""What is sent to gather a list: one thing, ticked cases, a table."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.campaigns.forms.shared import choices_of
from linli.campaigns.services.gathering import MOST_COUNT, EntrySheet
from linli.kernel import sheets
from linli.kernel.shots import ShotsField
from linli.kernel.web import Form, IdempotentForm, PhotoInput, TileSelect


class EntryForm(IdempotentForm):
    """One thing to clear: what, where, a photo of how it is."""

    kind = forms.TypedChoiceField(
        label=_("是什么"),
        coerce=UUID,
        widget=TileSelect,
        error_messages={"required": _("点一下是哪一类。")},
    )
    photos = ShotsField(label=_("整治前照片"), widget=PhotoInput(camera=True))
    place = forms.ChoiceField(label=_("在哪里"), required=False)
    spot = forms.CharField(
        label=_("具体位置"), required=False, max_length=80, help_text=_("例如：西墙外、车棚北头。")
    )
    text = forms.CharField(
        label=_("说明"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )
    count = forms.IntegerField(
        label=_("有几处（几辆）"), min_value=1, max_value=MOST_COUNT, initial=1
    )
    is_patrol = forms.BooleanField(label=_("巡查时发现的"), required=False)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, kinds: Iterable[Any], places: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        field.choices = choices_of(kinds)
        field.widget.icons = {str(one.pk): one.icon for one in kinds}
        self.fields["place"].choices = [("", _("选一个地点")), *places]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Take a point only whole."""
        values: dict[str, Any] = super().clean() or {}
        if values.get("lat") is None or values.get("lon") is None:
            values["lat"] = values["lon"] = None
        return values

    def sheet(self) -> EntrySheet:
        """Return what was sent, as the service takes it."""
        sent = self.cleaned_data
        names = ("place", "spot", "text", "count", "lat", "lon")
        return EntrySheet(kind_id=sent["kind"], **{name: sent[name] for name in names})


class CasesForm(Form):
    """Ticked cases, and the kind for those that fit none."""

    case_ids = forms.MultipleChoiceField(
        label=_("工单"), error_messages={"required": _("先勾上要列入清单的工单。")}
    )
    kind = forms.ChoiceField(label=_("其余的算哪一类"), required=False)

    def __init__(
        self, *args: Any, cases: Iterable[Any], kinds: Iterable[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["case_ids"].choices = [(str(one.pk), one.number) for one in cases]  # type: ignore[attr-defined]
        self.fields["kind"].choices = choices_of(kinds, first=_("按工单类别自动对应"))  # type: ignore[attr-defined]

    def clean_case_ids(self) -> list[UUID]:
        """Return the cases' ids."""
        return [UUID(one) for one in self.cleaned_data["case_ids"]]

    def clean_kind(self) -> UUID | None:
        """Return the kind, or None."""
        value = self.cleaned_data["kind"]
        return UUID(value) if value else None


class TableForm(Form):
    """A table that comes in."""

    file = forms.FileField(
        label=_("表格"),
        help_text=_("Excel（.xlsx）或 CSV。列名：类型、地点、说明、数量。"),
        error_messages={"empty": _("这个文件是空的，另选一个。")},
    )

    def clean_file(self) -> Any:
        """Refuse what is larger than any list."""
        file = self.cleaned_data["file"]
        if file.size > sheets.MAX_BYTES:
            raise forms.ValidationError(_("文件超过 10 MB，分成几份再上传。"))
        return file
