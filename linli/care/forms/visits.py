"""A knock card: three buttons; what is wrong only when something is; the list of items folded away."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from linli.care.services import VisitSheet
from linli.care.services.visiting import NOTE_LENGTH
from linli.care.states import Manner, Outcome, Trouble
from linli.field.selectors.items import Item, ItemKind
from linli.kernel.forms import IdempotentForm, PhotoInput, PhotosField

PREFIX: Final = "item_"
MOST_PHOTOS: Final = 4


class VisitForm(IdempotentForm):
    """What a visitor sends. `outcome` is the button that was pressed."""

    outcome = forms.ChoiceField(choices=Outcome.choices, widget=forms.HiddenInput)
    manner = forms.ChoiceField(
        label=_("怎么见的"), choices=Manner.choices, widget=forms.RadioSelect, required=False
    )
    trouble = forms.ChoiceField(
        label=_("有什么事"), choices=Trouble.choices, widget=forms.RadioSelect, required=False
    )
    is_danger = forms.BooleanField(
        label=_("有危险，要马上有人来"), required=False,
        help_text=_("人有危险先拨打 120，再点这里。"),
    )  # fmt: skip
    note = forms.CharField(
        label=_("补充一句"), required=False, max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    again_on = forms.DateField(
        label=_("约好下次哪天来"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    photos = PhotosField(label=_("照片"), max_photos=MOST_PHOTOS, widget=PhotoInput(camera=True))

    def __init__(self, data: Any = None, *args: Any, items: Iterable[Item], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.items = tuple(items)
        for item in self.items:
            field = _field(item)
            if field is not None:
                self.fields[f"{PREFIX}{item.code}"] = field

    def questions(self) -> list[BoundField]:
        """Return the fields of the list, in its order."""
        return [self[name] for name in self.fields if name.startswith(PREFIX)]

    def must_ask(self) -> bool:
        """Tell whether "something is wrong" was pressed and nobody has said yet what."""
        return self.data.get("outcome") == Outcome.WRONG and "trouble" not in self.data

    def sheet(self) -> VisitSheet:
        """Return what was said."""
        said = self.cleaned_data
        return VisitSheet(
            outcome=said["outcome"],
            manner=said["manner"] or Manner.VISIT,
            trouble=said["trouble"],
            is_danger=said["is_danger"],
            note=said["note"],
            again_on=said["again_on"],
            answers={
                name.removeprefix(PREFIX): _plain(value)
                for name, value in said.items()
                if name.startswith(PREFIX) and value not in (None, "")
            },
        )


def _field(item: Item) -> forms.Field | None:
    """Return the field of an item; photos have one of their own. Nothing is required at the door:
    an answer that is missing is better than a visit that is.
    """
    facts: dict[str, Any] = {"label": item.label, "help_text": item.hint, "required": False}
    if item.kind is ItemKind.PHOTO:
        return None
    if item.kind is ItemKind.NUMBER:
        return forms.FloatField(min_value=item.least, max_value=item.most, **facts)
    if item.kind is ItemKind.TEXT:
        return forms.CharField(max_length=300, **facts)
    if item.kind is ItemKind.YES_NO:
        choices: list[Any] = [("yes", _("是")), ("no", _("否"))]
    else:
        choices = [(one.code, one.label) for one in item.choices]
    return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **facts)


def _plain(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value
