"""The weather switch."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.care.services import AlertSheet
from linli.care.services.alerts import WORDS_LENGTH
from linli.care.states import AlertKind
from linli.kernel import clock
from linli.kernel.forms import IdempotentForm, TileSelect

ICONS = {
    "snow": "snowflake", "cold": "leaf", "heat": "sun", "water": "droplets", "power": "unplug",
    "lift": "arrow-up", "storm": "umbrella",
}  # fmt: skip
USUAL = timedelta(hours=24)


class AlertForm(IdempotentForm):
    """What, where, until when. buildings: of the community, grouped by estate."""

    kind = forms.ChoiceField(
        label=_("什么情况"), choices=AlertKind.choices, widget=TileSelect(icons=ICONS)
    )
    area = forms.ChoiceField(label=_("哪里"))
    buildings = forms.MultipleChoiceField(
        label=_("只有几栋楼"), required=False, widget=forms.SelectMultiple(attrs={"size": 8}),
        help_text=_("不选就是整个区域。电梯停用一定要选楼。"),
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("到什么时候"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], help_text=_("到时间自己停。"),
    )  # fmt: skip
    words = forms.CharField(
        label=_("要大家做什么"), required=False, max_length=WORDS_LENGTH,
        help_text=_("走访的人看得到，例如：问一问药还够几天，暖气热不热。"),
    )  # fmt: skip
    tells_family = forms.BooleanField(
        label=_("告诉同意收消息的家人"), required=False,
        help_text=_("发一条短信，说社区会去看看；联系上了再说一声。"),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        areas: Iterable[Any],
        buildings: Iterable[Any],
        now: datetime,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["area"].choices = [(str(one.pk), one.name) for one in areas]
        grouped: dict[str, list[tuple[str, str]]] = {}
        for one in buildings:
            estate = one.estate.name if one.estate else str(_("单体楼"))
            grouped.setdefault(estate, []).append((str(one.pk), f"{estate} {one.name}"))
        fields["buildings"].choices = list(grouped.items())
        fields["until"].initial = clock.local(now + USUAL).replace(
            minute=0, second=0, microsecond=0
        )

    def sheet(self) -> AlertSheet:
        """Return what is switched on."""
        said = self.cleaned_data
        return AlertSheet(
            kind=said["kind"],
            area_id=UUID(said["area"]),
            building_ids=tuple(UUID(one) for one in said["buildings"]),
            until=said["until"],
            words=said["words"],
            tells_family=said["tells_family"],
        )
