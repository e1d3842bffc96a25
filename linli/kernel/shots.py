"""A form's field for photos that are looked into: what is no picture is refused by its file's name."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import pictures
from linli.kernel.errors import BadInput
from linli.kernel.forms import PhotosField
from linli.kernel.pictures import Picture


class ShotsField(PhotosField):
    """Photos, each looked into and cleaned: what comes out is what services keep."""

    def clean(self, data: Any, initial: Any = None) -> tuple[Picture, ...]:  # type: ignore[override]
        """Return the cleaned photos. Errors: what is wrong with one, by its name."""
        return tuple(_cleaned(file) for file in super().clean(data, initial))


def _cleaned(file: Any) -> Picture:
    try:
        return pictures.clean(file)
    except BadInput as refusal:
        raise forms.ValidationError(
            _("“%(name)s”：%(words)s"), params={"name": file.name, "words": refusal.message}
        ) from None
