"""Handovers and what a post keeps."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.posts.forms.posts import Choices
from linli.posts.selectors import BelongingKind


class PacketForm(Form):
    """A packet as somebody signs it: a remark per line, and which lines are not as written."""

    reason = forms.CharField(label=_("原因"), max_length=120, required=False)

    def __init__(self, data: Any = None, *, line_ids: Iterable[UUID] = (), **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.line_ids = list(line_ids)
        for line_id in self.line_ids:
            self.fields[f"remark_{line_id}"] = forms.CharField(max_length=200, required=False)
            self.fields[f"pick_{line_id}"] = forms.BooleanField(required=False)

    def shown(self) -> set[UUID]:
        """Return the lines that were on the page: what came up since is signed for later."""
        said = self.data.getlist("line") if hasattr(self.data, "getlist") else ()
        return {one for one in self.line_ids if str(one) in set(said)}

    def picked(self) -> set[UUID]:
        """Return the lines that were ticked."""
        return {one for one in self.shown() if self.cleaned_data[f"pick_{one}"]}

    def remarks(self) -> dict[UUID, str]:
        """Return what was written by line."""
        return {one: self.cleaned_data[f"remark_{one}"] for one in self.shown()}


class ReasonForm(Form):
    """Why the lead signs in somebody's place."""

    reason = forms.CharField(
        label=_("为什么由负责人签"), max_length=120, help_text=_("例如：已离职，联系不上。")
    )


class IncomingForm(Form):
    """Who takes over."""

    account = forms.ChoiceField(label=_("谁来接任"))

    def __init__(self, data: Any = None, *, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class BelongingForm(Form):
    """Something that a post keeps."""

    kind = forms.ChoiceField(label=_("种类"), choices=BelongingKind.choices)
    name = forms.CharField(label=_("是什么"), max_length=60, help_text=_("例如：2 号楼水表间钥匙"))
    count = forms.IntegerField(label=_("数量"), min_value=1, max_value=999, initial=1)
    note = forms.CharField(
        label=_("说明"), max_length=120, required=False, help_text=_("放在哪里、到什么时候。")
    )
