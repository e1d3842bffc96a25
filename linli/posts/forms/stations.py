"""Stations: seats and hours as lines that people write, days of a roster, swaps."""

import re
from datetime import date, time
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linli.kernel.forms import Form
from linli.posts.forms.posts import Choices, day_field
from linli.posts.rules.roster import Shift
from linli.posts.services import StationSheet

_DAYS: Final = "一二三四五六日"
_SEAT: Final = re.compile(r"(.+?)[\s:：]+(\d{1,2})\s*人?")
_SHIFT: Final = re.compile(
    r"(\S+?)\s+(\d{1,2})[:：](\d\d)\s*[-–—~至到]\s*(\d{1,2})[:：](\d\d)(?:\s+(\d{1,2})\s*人?)?"
)
_RANGE: Final = re.compile(
    r"(?:周|星期)([一二三四五六日天])[至到-](?:周|星期)?([一二三四五六日天])"
)


class StationForm(Form):
    """A station: where it is, who belongs to it, when it is open."""

    name = forms.CharField(label=_("站点名称"), max_length=60)
    area = forms.ChoiceField(label=_("在哪里"))
    address = forms.CharField(label=_("地址"), max_length=120, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)
    seats = forms.CharField(
        label=_("配什么人"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=_("一种一行，写上几人。例如：社区工作者 2"),
    )
    shifts = forms.CharField(
        label=_("开放时间"),
        max_length=2000,
        widget=forms.Textarea,
        help_text=_("一行一段，最后写要几个人。例如：周一至周五 09:00-12:00 2 人"),
    )
    is_open_on_holidays = forms.BooleanField(
        label=_("节假日也开"),
        required=False,
        help_text=_("不勾，国家放假的日子不排班；调休上班的日子照排。"),
    )

    def __init__(self, data: Any = None, *, areas: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["area"].choices = areas  # type: ignore[attr-defined]

    def clean_seats(self) -> list[tuple[str, int]]:
        """Read a kind of people and how many from every line."""
        found = []
        for number, line in _lines(self.cleaned_data["seats"]):
            match = _SEAT.fullmatch(line)
            if match is None:
                raise forms.ValidationError(
                    _now("第 %(n)d 行看不懂，写成“社区工作者 2”这样。") % {"n": number}
                )
            found.append((match[1].strip(), int(match[2])))
        return found

    def clean_shifts(self) -> list[Shift]:
        """Read days, hours and how many from every line."""
        found: list[Shift] = []
        for number, line in _lines(self.cleaned_data["shifts"]):
            shifts = _shifts(line)
            if not shifts:
                raise forms.ValidationError(
                    _now("第 %(n)d 行看不懂，写成“周一至周五 09:00-12:00 2 人”这样。")
                    % {"n": number}
                )
            found += shifts
        return found

    def sheet(self) -> StationSheet:
        """Return what was filled in."""
        data = dict(self.cleaned_data)
        return StationSheet(area_id=UUID(data.pop("area")), **data)


class FillForm(Form):
    """Which days are to be filled."""

    first_on = day_field(_("从哪天"))
    last_on = day_field(_("到哪天（含当天）"))


class TurnForm(Form):
    """Who is put on duty, and when."""

    starts_at = forms.DateTimeField(input_formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"])
    account = forms.UUIDField()


class SeatForm(Form):
    """Who comes into which seat."""

    seat = forms.ChoiceField(label=_("作为"))
    account = forms.ChoiceField(label=_("谁"))

    def __init__(
        self, data: Any = None, *, seats: Choices, accounts: Choices, **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]
        self.fields["account"].choices = accounts  # type: ignore[attr-defined]


class SwapForm(Form):
    """Whom one asks, and which turn comes back."""

    with_whom = forms.ChoiceField(label=_("请谁来值"))
    note = forms.CharField(label=_("说一句"), max_length=60, required=False)

    def __init__(self, data: Any = None, *, choices: Choices, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["with_whom"].choices = choices  # type: ignore[attr-defined]

    def asked(self) -> dict[str, UUID | None]:
        """Return whom one asks, and the turn that comes back or None."""
        account, _colon, turn = self.cleaned_data["with_whom"].partition(":")
        return {"asked_of": UUID(account), "other_turn_id": UUID(turn) if turn else None}


def seats_as_text(seats: list[tuple[str, int]]) -> str:
    """Return seats as the form's lines."""
    return "\n".join(f"{label} {count}" for label, count in seats)


def shifts_as_text(shifts: list[Shift]) -> str:
    """Return an ordinary week as the form's lines, days with the same hours together."""
    groups: dict[tuple[time, time, int], list[int]] = {}
    for one in sorted(shifts, key=lambda one: (one.opens_at, one.weekday)):
        groups.setdefault((one.opens_at, one.closes_at, one.needed), []).append(one.weekday)
    return "\n".join(
        f"{_days_as_text(days)} {opens:%H:%M}-{closes:%H:%M} {needed} 人"
        for (opens, closes, needed), days in groups.items()
    )


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return date.fromordinal(day.toordinal() - day.weekday())


def _lines(text: str) -> list[tuple[int, str]]:
    lines = enumerate(text.splitlines(), start=1)
    return [(number, " ".join(line.split())) for number, line in lines if line.strip()]


def _shifts(line: str) -> list[Shift]:
    match = _SHIFT.fullmatch(line)
    days = _weekdays(match[1]) if match else []
    if match is None or not days:
        return []
    hours = [int(match[number]) for number in (2, 3, 4, 5)]
    if max(hours[0], hours[2]) > 23 or max(hours[1], hours[3]) > 59:
        return []
    return [
        Shift(
            weekday=day,
            opens_at=time(hours[0], hours[1]),
            closes_at=time(hours[2], hours[3]),
            needed=int(match[6] or 1),
        )
        for day in days
    ]


def _weekdays(said: str) -> list[int]:
    said = said.replace("天", "日").replace("每日", "周一至周日").replace("工作日", "周一至周五")
    span = _RANGE.fullmatch(said)
    if span:
        first, last = _DAYS.index(span[1]), _DAYS.index(span[2])
        return list(range(first, last + 1))
    parts = re.split("[、,，]", said.replace("星期", "周"))
    found = [_DAYS.index(part[1]) for part in parts if re.fullmatch(f"周[{_DAYS}]", part)]
    return found if len(found) == len(parts) else []


def _days_as_text(days: list[int]) -> str:
    days = sorted(days)
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"周{_DAYS[days[0]]}至周{_DAYS[days[-1]]}"
    return "、".join(f"周{_DAYS[day]}" for day in days)
