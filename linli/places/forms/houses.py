"""What the desk may send about estates, houses, grids, codes and lists of them."""

import re
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.errors import BadInput
from linli.kernel.forms import Form
from linli.kernel.geo import Datum
from linli.places import services
from linli.places.selectors import EstateKind, ImportKind

DATUMS = [
    (Datum.WGS84, gettext_lazy("WGS-84（卫星定位、天地图）")),
    (Datum.GCJ02, gettext_lazy("GCJ-02（高德、腾讯）")),
    (Datum.BD09, gettext_lazy("BD-09（百度）")),
]
_PARTS = re.compile(r"[\s,，、;；]+")
_RUN = re.compile(r"(\d{1,3})\s*[-~—至到]\s*(\d{1,3})\s*(\D{0,4})")
_MOST_NAMES = 400


def split_names(text: str) -> list[str]:
    """Return the names in a text: "1单元、2单元", one a line, or a run such as "1-4 单元"."""
    run = _RUN.fullmatch(text.strip())
    if run and int(run[1]) <= int(run[2]):
        unit = run[3].strip() or _("单元")
        return [f"{number}{unit}" for number in range(int(run[1]), int(run[2]) + 1)]
    return [part for part in _PARTS.split(text) if part]


class NamesField(forms.CharField):
    """Several names in one field; cleaned to a list."""

    def clean(self, value: Any) -> list[str]:
        found = split_names(str(super().clean(value) or ""))
        if len(found) > _MOST_NAMES:
            raise forms.ValidationError(_("一次最多 %(n)d 个，分几次加。") % {"n": _MOST_NAMES})
        return found


class FileField(forms.FileField):
    """An uploaded file; cleaned to the upload, refused when larger than `max_bytes`."""

    def __init__(self, *, max_bytes: int, **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        super().__init__(**kwargs)
        self.error_messages["empty"] = gettext_lazy("这个文件是空的，另选一个。")

    def clean(self, data: Any, initial: Any = None) -> UploadedFile | None:
        upload: UploadedFile | None = super().clean(data, initial)
        if upload is not None and (upload.size or 0) > self.max_bytes:
            raise forms.ValidationError(
                _("文件超过 %(n)d MB，分成几份再上传。") % {"n": self.max_bytes // 1024**2}
            )
        return upload


class _Position(Form):
    lat = forms.FloatField(label=gettext_lazy("纬度"), required=False, min_value=-90, max_value=90)
    lon = forms.FloatField(
        label=gettext_lazy("经度"), required=False, min_value=-180, max_value=180
    )


class CommunityForm(Form):
    """What residents see of a community, and its figures."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    phone = forms.CharField(
        label=gettext_lazy("电话"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("印在海报上，每个居民页面都有"),
    )
    slogan = forms.CharField(label=gettext_lazy("一句话"), max_length=40, required=False)
    household_count = forms.IntegerField(
        label=gettext_lazy("户数"), min_value=0, max_value=10**7, initial=0
    )
    resident_count = forms.IntegerField(
        label=gettext_lazy("人口"), min_value=0, max_value=10**7, initial=0
    )


class GridForm(Form):
    """A grid."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    phone = forms.CharField(label=gettext_lazy("电话"), max_length=20, required=False)
    household_count = forms.IntegerField(
        label=gettext_lazy("户数"), min_value=0, max_value=10**6, initial=0
    )
    resident_count = forms.IntegerField(
        label=gettext_lazy("人口"), min_value=0, max_value=10**6, initial=0
    )


class NewGridForm(GridForm):
    """A new grid, with its code if it has one already."""

    code = forms.CharField(
        label=gettext_lazy("编号"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("不填就按 g01、g02 往下编"),
    )
    field_order: tuple[str, ...] = ("name", "code")


class EstateForm(_Position):
    """An estate."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    kind = forms.ChoiceField(label=gettext_lazy("小区类型"), choices=EstateKind.choices)
    field_order: tuple[str, ...] = ("name", "kind")


class BuildingForm(_Position):
    """A building; `grids` are the choices."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=60)
    grid_id = forms.TypedChoiceField(
        label=gettext_lazy("网格"), required=False, coerce=UUID, empty_value=None
    )
    floor_count = forms.IntegerField(
        label=gettext_lazy("层数"), min_value=0, max_value=200, initial=0
    )
    household_count = forms.IntegerField(
        label=gettext_lazy("户数"), min_value=0, max_value=5000, initial=0
    )
    field_order: tuple[str, ...] = ("name", "grid_id", "floor_count", "household_count")

    def __init__(self, *args: Any, grids: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["grid_id"].choices = [  # type: ignore[attr-defined]
            ("", _("不列入网格，按位置算")),
            *((str(grid.pk), grid.name) for grid in grids),
        ]


class NewBuildingForm(BuildingForm):
    """A new building with its entrances."""

    entrances = NamesField(
        label=gettext_lazy("单元"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("写“1-4 单元”，或者用顿号隔开：东单元、西单元"),
    )
    field_order: tuple[str, ...] = (
        "name",
        "entrances",
        "grid_id",
        "floor_count",
        "household_count",
    )


class EntrancesForm(Form):
    """More entrances of a building."""

    names = NamesField(
        label=gettext_lazy("添加单元"),
        max_length=2000,
        help_text=gettext_lazy("写“1-4 单元”，或者用顿号隔开"),
    )


class EntranceForm(Form):
    """An entrance."""

    name = forms.CharField(label=gettext_lazy("名称"), max_length=30)


class HomesForm(Form):
    """More homes behind an entrance."""

    numbers = NamesField(
        label=gettext_lazy("添加户号"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("用空格、顿号或换行隔开：101 102 201 202"),
    )


class BoundaryForm(Form):
    """A grid's boundary as a GeoJSON file."""

    file = FileField(
        label=gettext_lazy("边界文件（GeoJSON）"),
        max_bytes=2 * 1024**2,
        widget=forms.FileInput(attrs={"accept": ".json,.geojson,application/geo+json"}),
    )
    source_crs = forms.ChoiceField(label=gettext_lazy("坐标来源"), choices=DATUMS)

    def clean_file(self) -> str:
        """Return the text of the file."""
        try:
            text: str = self.cleaned_data["file"].read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(_("这不是 GeoJSON 文件，换一个试试。")) from None
        return text


class GridEndForm(Form):
    """Where an ended grid's buildings go; `grids` are the choices."""

    move_to_id = forms.TypedChoiceField(
        label=gettext_lazy("楼栋转到"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, *args: Any, grids: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["move_to_id"].choices = [  # type: ignore[attr-defined]
            ("", _("回到社区，由社区直接管")),
            *((str(grid.pk), grid.name) for grid in grids),
        ]


class SpotCodeForm(Form):
    """A code for a spot that is no entrance; `buildings` are the choices."""

    spot = forms.CharField(
        label=gettext_lazy("点位"),
        max_length=60,
        help_text=gettext_lazy("如：3 号路灯、公告栏、电梯里"),
    )
    building_id = forms.TypedChoiceField(
        label=gettext_lazy("在哪栋楼"), required=False, coerce=UUID, empty_value=None
    )

    def __init__(self, *args: Any, buildings: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["building_id"].choices = [  # type: ignore[attr-defined]
            ("", _("不在楼里，在社区里")),
            *buildings,
        ]


class ImportForm(Form):
    """A list to be checked; nothing changes by sending it."""

    kind = forms.ChoiceField(label=gettext_lazy("导入什么"), choices=ImportKind.choices)
    file = FileField(
        label=gettext_lazy("文件"),
        max_bytes=10 * 1024**2,
        help_text=gettext_lazy("楼栋与单元、设施用 .xlsx 或 .csv，网格边界用 .geojson，最大 10 MB"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.json,.geojson"}),
    )
    source_crs = forms.ChoiceField(
        label=gettext_lazy("坐标来源"),
        choices=DATUMS,
        help_text=gettext_lazy("文件里没有经纬度就不用管"),
    )

    def clean(self) -> dict[str, Any]:
        """Read the file: what is no list at all is said here, its rows are judged in the preview."""
        cleaned: dict[str, Any] = super().clean() or {}
        upload, kind = cleaned.get("file"), cleaned.get("kind")
        if upload is not None and kind:
            try:
                cleaned["raw"] = services.read_file(
                    ImportKind(kind), upload.name or "", upload.read()
                )
            except BadInput as error:
                self.add_error("file", error.message)
        return cleaned
