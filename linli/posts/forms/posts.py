"""Posts, terms and routing."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel.clock import BEIJING
from linli.kernel.forms import Form
from linli.posts.selectors import DUTIES, ROLES, Level, OrganisationKind
from linli.posts.services import PostSheet, RuleSheet

Choices = list[Any]


def from_day(day: date) -> datetime:
    """Return the moment at which a local day begins."""
    return datetime.combine(day, time.min, tzinfo=BEIJING)


def after_day(day: date) -> datetime:
    """Return the moment at which a local day is over."""
    return from_day(day + timedelta(days=1))


def day_field(label: Any, *, required: bool = True, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, as browsers offer one to choose."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=help_text, widget=widget)


class OrganisationForm(Form):
    """An organisation as it stands."""

    name = forms.CharField(label=_("单位名称"), max_length=60)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)


class NewOrganisationForm(OrganisationForm):
    """A new organisation in an area."""

    kind = forms.ChoiceField(label=_("单位类型"), choices=OrganisationKind.choices)
    area = forms.ChoiceField(label=_("在哪里"))
    field_order = ("kind", "name", "area", "phone")

    def __init__(self, data: Any = None, *, areas: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]


class PostForm(Form):
    """A post: what it is called, where it answers, what its holder may do."""

    name = forms.CharField(label=_("岗位名称"), max_length=60)
    role = forms.ChoiceField(
        label=_("岗位类型"), choices=list(ROLES.items()), help_text=_("派单规则按类型找人。")
    )
    level = forms.ChoiceField(label=_("在哪一级"), choices=Level.choices)
    area = forms.ChoiceField(label=_("管哪里"))
    estate = forms.ChoiceField(label=_("只管一个小区"), required=False)
    is_confined = forms.BooleanField(
        label=_("只看得到派给本单位的工单"),
        required=False,
        help_text=_("物业公司、职能部门一般勾上。"),
    )
    duties = forms.MultipleChoiceField(
        label=_("能做什么"),
        required=False,
        choices=list(DUTIES.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    written_duties = forms.CharField(
        label=_("岗位职责"), max_length=2000, required=False, widget=forms.Textarea
    )
    is_confirmed = forms.BooleanField(
        label=_("知道之后这里可能没有人能任命岗位，照样保存"), required=False
    )

    def __init__(
        self, data: Any = None, *, areas: Choices, estates: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]
        self.fields["estate"].choices = [("", _("不限")), *estates]  # type: ignore[attr-defined]

    def sheet(self) -> PostSheet:
        """Return what was filled in."""
        data = self.cleaned_data
        return PostSheet(
            name=data["name"],
            role=data["role"],
            level=data["level"],
            area_id=UUID(data["area"]),
            estate_id=UUID(data["estate"]) if data["estate"] else None,
            duties=data["duties"],
            written_duties=data["written_duties"],
            is_confined=data["is_confined"],
        )


class TermForm(Form):
    """From which day, and to which if that is known."""

    starts_on = day_field(_("从哪天起"))
    ends_on = day_field(_("到哪天（含当天）"), required=False, help_text=_("不知道就空着。"))

    def term(self) -> dict[str, datetime | None]:
        """Return the term as services take it: the end excluded."""
        data = self.cleaned_data
        ends_on = data["ends_on"]
        return {
            "starts_at": from_day(data["starts_on"]),
            "ends_at": after_day(ends_on) if ends_on else None,
        }


class EngagedForm(TermForm):
    """A term of somebody who is appointed: full-time or part-time."""

    is_part_time = forms.BooleanField(label=_("兼职"), required=False)

    def term(self) -> dict[str, Any]:
        """Return the term as services take it."""
        return {**super().term(), "is_part_time": self.cleaned_data["is_part_time"]}


class AppointForm(EngagedForm):
    """Somebody with an account gets the post."""

    account = forms.ChoiceField(label=_("任命谁"))
    field_order = ("account", "starts_on", "ends_on", "is_part_time")

    def __init__(self, data: Any = None, *, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class NewcomerForm(EngagedForm):
    """Somebody new gets an account and the post."""

    name = forms.CharField(label=_("姓名"), max_length=30)
    login = forms.CharField(
        label=_("登录名"),
        max_length=40,
        help_text=_("小写字母、数字、点或短横，以字母开头。"),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    phone = forms.CharField(label=_("手机"), max_length=20, required=False)
    field_order = ("name", "login", "phone", "starts_on", "ends_on", "is_part_time")


class EndForm(Form):
    """When a term ends; empty is now."""

    ends_on = day_field(_("最后一天"), required=False, help_text=_("空着就是现在结束。"))
    incoming = forms.ChoiceField(
        label=_("谁来接任"),
        required=False,
        help_text=_("选了就从那时起任命；还没定就空着，以后任命的人会自动接上。"),
    )
    is_confirmed = forms.BooleanField(
        label=_("知道之后这里可能没有人能任命岗位，照样结束"), required=False
    )

    def __init__(self, data: Any = None, *, accounts: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["incoming"].choices = [("", _("还没定")), *accounts]  # type: ignore[attr-defined]


class SubstituteForm(TermForm):
    """Who stands in for whom, from when to when."""

    absent = forms.ChoiceField(label=_("谁不在"))
    substitute = forms.ChoiceField(label=_("谁来代班"))
    ends_on = day_field(_("到哪天（含当天）"))
    reason = forms.CharField(label=_("原因"), max_length=60, required=False)
    field_order = ("absent", "substitute", "starts_on", "ends_on", "reason")

    def __init__(
        self, data: Any = None, *, holders: Choices, accounts: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["absent"].choices = holders  # type: ignore[attr-defined]
        self.fields["substitute"].choices = accounts  # type: ignore[attr-defined]


class RuleForm(Form):
    """A routing rule: which category in which place goes to whom."""

    category_code = forms.ChoiceField(label=_("什么类别"), required=False)
    place = forms.ChoiceField(label=_("在哪里"))
    target = forms.ChoiceField(label=_("派给谁"))
    order = forms.IntegerField(
        label=_("先后"),
        min_value=1,
        max_value=999,
        initial=100,
        help_text=_("两条规则一样具体时，数字小的先用。"),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        area_id: UUID,
        categories: Choices,
        places: Choices,
        targets: Choices,
        **kwargs: Any,
    ) -> None:
        super().__init__(data, **kwargs)
        self.area_id = area_id
        any_category = [("", _("任何类别"))]
        self.fields["category_code"].choices = any_category + categories  # type: ignore[attr-defined]
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        self.fields["target"].choices = targets  # type: ignore[attr-defined]

    def sheet(self) -> RuleSheet:
        """Return what was filled in."""
        data = self.cleaned_data
        where, _colon, place = data["place"].partition(":")
        kind, _colon, target = data["target"].partition(":")
        return RuleSheet(
            category_code=data["category_code"],
            area_id=self.area_id,
            estate_id=UUID(place) if where == "estate" else None,
            estate_kind=place if where == "kind" else "",
            role=target if kind == "role" else "",
            post_id=UUID(target) if kind == "post" else None,
            organisation_id=UUID(target) if kind == "organisation" else None,
            order=data["order"],
        )


class TryForm(Form):
    """Try a category at a place: who would get it?"""

    category_code = forms.ChoiceField(label=_("什么类别"))
    place = forms.ChoiceField(label=_("在哪里"))

    def __init__(
        self, data: Any = None, *, categories: Choices, places: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["category_code"].choices = categories  # type: ignore[attr-defined]
        self.fields["place"].choices = places  # type: ignore[attr-defined]


class TrailForm(Form):
    """What the audit office looks for."""

    name = forms.ChoiceField(label=_("做了什么"), required=False)
    person = forms.CharField(label=_("谁（姓名或登录名）"), max_length=40, required=False)
    first_day = day_field(_("从哪天"), required=False)
    last_day = day_field(_("到哪天"), required=False)

    def __init__(self, data: Any = None, *, names: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["name"].choices = [("", _("全部")), *names]  # type: ignore[attr-defined]
