"""What is wrong with an imported row, in words that say what to do."""

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.places.models import EstateKind
from linli.places.rules.import_rows import Mistake, Wrong

COLUMN_NAMES: Final = {
    "estate": gettext_lazy("小区"),
    "estate_kind": gettext_lazy("小区类型"),
    "building": gettext_lazy("楼栋"),
    "entrance": gettext_lazy("单元"),
    "home": gettext_lazy("户号"),
    "grid": gettext_lazy("网格"),
    "floors": gettext_lazy("层数"),
    "households": gettext_lazy("户数"),
    "lat": gettext_lazy("位置"),
}


def explain(mistake: Mistake) -> str:
    """Return a mistake in words."""
    facts = {"column": COLUMN_NAMES.get(mistake.column, ""), "value": mistake.value}
    words = {
        Wrong.NO_BUILDING: _("没有写楼栋。"),
        Wrong.NO_ENTRANCE: _("写了户号“%(value)s”，没有写单元。"),
        Wrong.KIND: _("小区类型“%(value)s”认不出来，可以写：%(kinds)s。"),
        Wrong.KIND_WITHOUT_ESTATE: _(
            "写了小区类型“%(value)s”，没有写小区；不在小区里的楼写“单体楼”。"
        ),
        Wrong.TOO_LONG: _("%(column)s“%(value)s…”太长。"),
        Wrong.NUMBER: _("%(column)s“%(value)s”不是整数。"),
        Wrong.RANGE: _("%(column)s“%(value)s”太大，看看是不是填错了列。"),
        Wrong.HALF_POSITION: _("纬度和经度要么都填，要么都不填。"),
        Wrong.POSITION: _("位置“%(value)s”不在国内的经纬度范围里。"),
        Wrong.SWAPPED: _("纬度和经度写反了（%(value)s）。"),
        Wrong.DATE: _("%(column)s被表格软件改成了日期（%(value)s），把这一列设为“文本”再填一次。"),
    }
    if mistake.wrong is Wrong.KIND:
        facts["kinds"] = "、".join(str(label) for label in EstateKind.labels)
    return words[mistake.wrong] % facts


def kind_words() -> dict[str, str]:
    """Return every way of writing a kind of estate, to its value."""
    words = {str(label): str(value) for value, label in EstateKind.choices}
    words |= {str(label).removesuffix("小区"): str(value) for value, label in EstateKind.choices}
    return words | {"有物业": "company", "社区托管": "community", "无物业": "self_run"}
