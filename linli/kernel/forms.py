"""What all forms share: plain messages, clean text, a key against double sending."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from linli.kernel.failures import as_refusal, refused_with
from linli.kernel.ids import new_id
from linli.kernel.sentences import answered

T = TypeVar("T")

# Control characters, marks that turn the direction of text, byte order marks, half surrogates:
# nobody types them, and they break databases, spreadsheets and names. Joiners inside emoji stay.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)

# Not the sender's doing: busy, no space.
_OURS = (503, 507)
# Conflict, bad input, too many: somebody can change what they sent, or send it later.
_MENDABLE = (409, 422, 429, *_OURS)

_MESSAGES: dict[str, Any] = {
    "required": _("这一项还没有填。"),
    "invalid": _("这一项的写法认不出来，换一种写法试试。"),
    "invalid_choice": _("这个选项现在没有了，另选一个。"),
    "max_length": _("最多写 %(limit_value)d 个字，现在有 %(show_value)d 个，删短一些再发。"),
    "min_length": _("至少写 %(limit_value)d 个字，现在有 %(show_value)d 个。"),
    "max_value": _("最大是 %(limit_value)s。"),
    "min_value": _("最小是 %(limit_value)s。"),
}


def clean_text(text: str) -> str:
    """Return the text without characters that nobody types; line ends become newlines."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


class Form(forms.Form):
    """A form that cleans text before it looks at it and speaks plainly; nothing is ever cut off."""

    use_required_attribute = (
        False  # The page says what is missing; browsers would say it in English.
    )

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        _teach(type(self))
        super().__init__(_cleaned(data), *args, **kwargs)

    def error_summary(self) -> list[tuple[str, str]]:
        """Return what is wrong, for the top of the page.

        Shape: (id of the input, message) per error; the id is "" for what belongs to no field. A
        message that fits every field says here which one it means.
        """
        found = [("", str(message)) for message in self.non_field_errors()]
        for name in self.fields:  # in the order of the page, not in that of checking
            bound = self[name]
            found += [(_focus_id(bound), _named(bound, str(message))) for message in bound.errors]
        return found

    @contextmanager
    def showing_refusals(self) -> Iterator[None]:
        """Turn a refusal that sending again can mend into an error of the form, what was typed kept.

        So are a full disk and a busy database told. What looks like absence, or a missing sign-in,
        flies on to its own page.
        """
        try:
            yield
        except Exception as error:
            refusal = as_refusal(error)
            if refusal is None or refusal.status not in _MENDABLE:
                raise
            if refusal.status in _OURS:
                refused_with.set(refusal.status)
            self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)


class IdempotentForm(Form):
    """A form whose sending counts once: its `key` stays the same through every error."""

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.fields["key"].initial = new_id

    def clean_key(self) -> UUID:
        """Return the key that came, or a new one when a client sent none."""
        key: UUID | None = self.cleaned_data["key"]
        return key or new_id()


def _cleaned(data: Any) -> Any:
    if not isinstance(data, MultiValueDict):
        return data
    clean = QueryDict(mutable=True) if isinstance(data, QueryDict) else MultiValueDict()
    for name, values in data.lists():
        clean.setlist(name, [clean_text(v) if isinstance(v, str) else v for v in values])
    return clean


@cache
def _teach(kind: type[forms.Form]) -> None:
    """Give a form's own fields our words, once: each form copies them with the fields."""
    for field in kind.base_fields.values():
        _speak_plainly(field)
    kind.base_fields = _Pattern(kind.base_fields)


class _Pattern(dict[str, forms.Field]):
    """The fields that every form of a kind copies; plain ones in a quarter of the time that Django's
    way through `copy` takes, which was a tenth of a report.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _copied(field, memo) for name, field in self.items()}


def _copied(field: forms.Field, memo: dict[int, Any]) -> forms.Field:
    widget = field.widget
    is_plain = type(field).__deepcopy__ is forms.Field.__deepcopy__
    if not is_plain or type(widget).__deepcopy__ is not forms.Widget.__deepcopy__:
        return deepcopy(field, memo)
    made = _twin(field)
    made.widget = _twin(widget)
    made.widget.attrs = widget.attrs.copy()
    made.error_messages, made.validators = field.error_messages.copy(), field.validators[:]
    return made


def _twin(thing: T) -> T:
    made = object.__new__(type(thing))
    made.__dict__.update(thing.__dict__)
    return made


def _speak_plainly(field: forms.Field) -> None:
    defaults: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        defaults.update(getattr(kind, "default_error_messages", {}))
    for code, message in _MESSAGES.items():
        own = field.error_messages.get(code)
        # A message that the form or the field's own class chose is better than ours.
        if own is None or own is _django_default(field, code):
            field.error_messages[code] = message


def _django_default(field: forms.Field, code: str) -> Any:
    for kind in type(field).__mro__:
        messages: dict[str, Any] = getattr(kind, "default_error_messages", {})
        if code in messages and kind.__module__.startswith("django."):
            return messages[code]
    return None


def _focus_id(bound: forms.BoundField) -> str:
    """The id that a link in the summary jumps to: the first radio where there are several."""
    return (
        f"{bound.auto_id}_0" if isinstance(bound.field.widget, forms.RadioSelect) else bound.auto_id
    )


def _named(bound: forms.BoundField, message: str) -> str:
    """Say with the label which field is meant, where the words would fit any of them."""
    if bound.label and message in (_MESSAGES["required"], _MESSAGES["invalid"]):
        return answered(str(bound.label), message)
    return message


# Widgets and fields


class TileSelect(forms.RadioSelect):
    """A choice as picture tiles. icons: {value: icon name}; hints: {value: one short line}."""

    kind = "tiles"

    def __init__(
        self,
        *args: Any,
        icons: dict[str, str] | None = None,
        hints: dict[str, str] | None = None,
        wide: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.icons, self.hints, self.wide = icons or {}, hints or {}, wide


class FaceSelect(TileSelect):
    """满意 / 一般 / 不满意 as three faces; values in that order."""

    kind = "faces"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.faces = ("smile", "meh", "frown")


class PhotoInput(forms.FileInput):
    """Several pictures from the camera or the album; `photos.js` adds previews and shrinks them."""

    kind = "photos"
    allow_multiple_selected = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, camera: bool = False) -> None:
        # The field may go straight to the camera; residents would lose the album (ui.md, 1).
        base = {
            "accept": "image/*",
            "multiple": True,
            **({"capture": "environment"} if camera else {}),
        }
        super().__init__({**base, **(attrs or {})})


class PhotosField(forms.FileField):
    """Up to `max_photos` pictures, cleaned to a list of files; the service looks into them."""

    widget = PhotoInput

    def __init__(self, *, max_photos: int = 4, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        self.max_photos = max_photos  # The widget asks for it while the field is being made.
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files. Errors: too many, one too large, one empty, each by its name."""
        files = [one for one in _as_list(data) if one]
        if not files and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        if len(files) > self.max_photos:
            raise forms.ValidationError(
                _("最多 %(most)d 张照片，现在选了 %(chosen)d 张，去掉几张再发。"),
                code="too_many",
                params={"most": self.max_photos, "chosen": len(files)},
            )
        for file in files:
            _check_size(file)
        return files

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Tell the browser's part how many may be chosen."""
        return {"data-max": self.max_photos}


def _as_list(data: Any) -> Iterable[Any]:
    return data if isinstance(data, list | tuple) else [data]


def _check_size(file: UploadedFile) -> None:
    size = file.size or 0
    if size > settings.PHOTO_MAX_BYTES:
        raise forms.ValidationError(
            _("照片“%(name)s”有 %(size)d MB，最大 %(most)d MB。换一张小一些的，文字已经保留。"),
            code="too_large",
            params={
                "name": file.name,
                "size": -(-size // 1024**2),
                "most": settings.PHOTO_MAX_BYTES // 1024**2,
            },
        )
    if not size:
        raise forms.ValidationError(
            _("照片“%(name)s”是空的，另选一张。"), code="empty", params={"name": file.name}
        )
