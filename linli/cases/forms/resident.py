"""What a resident sends to report: place, picture, words, photos, contact; questions of the category."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from linli.cases.rules import MANY, TEXT_LIMIT, best_matches
from linli.cases.selectors import judging
from linli.kernel.web import IdempotentForm, PhotosField, TileSelect
from linli.people import selectors as people

# What the page says when somebody leaves a phone; a new wording gets a new version.
CONSENT_VERSION = "2026-03"
SPOT_LIMIT = 60
ANSWER_LIMIT = 200
WORDS_MISSING = _("请简单写一下看到了什么，一两句话就可以。")
PLACE_FIELDS = ("estate", "building", "entrance", "lat", "lon", "spot")

_PHONE = {"inputmode": "tel", "autocomplete": "tel"}


class NamesField(forms.Field):
    """The names of photos that wait on our side; anything else is dropped."""

    widget = hidden_widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> list[str]:
        """Return the names that can be names."""
        return [str(name) for name in map(as_uuid, value or ()) if name]


class AnyPhotosField(PhotosField):
    """Photos that the page looks at one by one, so that a bad one does not lose the others."""

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return []


class ContactForm(IdempotentForm):
    """Name and phone, both voluntary."""

    name = forms.CharField(
        label=_("怎么称呼您"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    phone = forms.CharField(
        label=_("联系电话"),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs=_PHONE),
    )

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        if phone and people.normalise_phone(phone) is None:
            raise forms.ValidationError(
                _("这个电话号码打不通。手机号是 11 位，座机要带区号，例如 0518-86210000。")
            )
        return phone


class ReportForm(ContactForm):
    """A report: place, what it is about, the category's questions, words, photos, contact.

    categories: to choose from, with code, name, hint, icon. questions: by category code.
    Unbound it asks the questions of every category (the page shows those of the chosen one);
    bound, those of the chosen one only.
    """

    estate = forms.UUIDField(required=False, widget=forms.HiddenInput)
    building = forms.UUIDField(required=False, widget=forms.HiddenInput)
    entrance = forms.UUIDField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    spot = forms.CharField(
        label=_("具体位置"),
        required=False,
        max_length=SPOT_LIMIT,
        help_text=_("例如：3 楼拐角、东门花坛旁。"),
    )
    category = forms.ChoiceField(label=_("是什么问题？"), required=False, widget=TileSelect)
    text = forms.CharField(
        label=_("看到了什么？"),
        required=False,
        max_length=TEXT_LIMIT,
        help_text=_("例如：垃圾桶满了两天没人清，味道很大。也可以用输入法的语音键说话。"),
        widget=forms.Textarea,
    )
    photos = AnyPhotosField(label=_("照片"))
    kept = NamesField(required=False)
    asked = forms.CharField(required=False, widget=forms.HiddenInput)
    distinct = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = (
        *PLACE_FIELDS, "category", "asked", "text", "photos", "kept", "phone", "name", "distinct", "key",
    )  # fmt: skip

    def __init__(
        self,
        data: Any = None,
        *,
        categories: Iterable[Any],
        questions: Mapping[str, Iterable[Any]],
        is_located: bool = True,
        **kwargs: Any,
    ) -> None:
        self.categories = {one.code: one for one in categories}
        self.questions = questions
        self.is_located = is_located
        super().__init__(data, **kwargs)
        field: Any = self.fields["category"]
        field.choices = [(code, one.name) for code, one in self.categories.items()]
        field.widget.icons = {code: one.icon for code, one in self.categories.items()}
        for code in [self.chosen] if self.is_bound else self.categories:
            self._ask(code)

    @property
    def chosen(self) -> str:
        """The code of the chosen category, or ""."""
        code = self["category"].value() or ""
        return code if code in self.categories else ""

    def asked_of(self, code: str) -> list[forms.BoundField]:
        """Return the fields of a category's questions that the form has."""
        names = (question_name(code, one) for one in self.questions.get(code, ()))
        return [self[name] for name in names if name in self.fields]

    def must_ask(self) -> bool:
        """Tell whether the chosen category has something to say or ask that was not shown yet."""
        code = self.chosen
        category = self.categories.get(code)
        if category is None or self["asked"].value() == code:
            return False
        return bool(self.questions.get(code) or category.danger_text)

    def answers(self) -> tuple[tuple[str, str], ...]:
        """Return the category's questions as asked, with the answers that were given."""
        found = []
        for question in self.questions.get(self.chosen, ()):
            answer = self.cleaned_data.get(question_name(self.chosen, question))
            if answer not in (None, ""):
                found.append((question.text, str(answer)))
        return tuple(found)

    def carried(self, shown: Iterable[str]) -> list[Any]:
        """Return the hidden inputs of everything that this page does not show."""
        left_out = {*shown, "photos", "key"}
        return [self[name].as_hidden() for name in self.fields if name not in left_out]

    def keep_errors(self, names: Iterable[str]) -> bool:
        """Forget the errors of other steps; tell whether any is left."""
        kept = set(names)
        for name in [one for one in self.errors if one not in kept]:
            del self.errors[name]
        return bool(self.errors)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not values.get("text") and "text" not in self.errors:
            self.add_error("text", WORDS_MISSING)
        if not self.is_located and not values.get("spot") and "spot" not in self.errors:
            self.add_error("spot", _("在哪里？选一下小区和楼栋，或者写几个字说清楚位置。"))
        if "category" not in self.errors and not self.chosen:
            self._suggest(values.get("text", ""))
        self._check_answers()
        return values

    def _suggest(self, text: str) -> None:
        """Choose by the words for whoever chose no picture; they confirm it."""
        found = self._alike(text)
        if not found:
            self.add_error("category", _("选一下是什么问题，挑个接近的就行，社区会再归类。"))
            return
        data: Any = self.data
        data["category"] = found[0]
        self._ask(found[0])
        name = self.categories[found[0]].name
        self.add_error(
            "category",
            _t("看您写的，像是“%(name)s”，已经替您选上。对就直接提交，不对就另选一个。")
            % {"name": name},
        )

    def _alike(self, text: str) -> list[str]:
        """Return the codes that the words speak for: as learnt, or by the words of the tiles."""
        suggested = judging.suggest(text, self.categories)
        if suggested.is_sure:
            return [code for code, _chance in suggested.codes]
        labels = {code: f"{one.name} {one.hint}" for code, one in self.categories.items()}
        return best_matches(text, labels)

    def _check_answers(self) -> None:
        for question in self.questions.get(self.chosen, ()):
            name = question_name(self.chosen, question)
            is_empty = self.cleaned_data.get(name) in (None, "")
            if question.is_required and is_empty and name not in self.errors:
                self.add_error(name, _t("还想问一句：%(text)s") % {"text": question.text})

    def _ask(self, code: str) -> None:
        for question in self.questions.get(code, ()):
            name = question_name(code, question)
            self.fields.setdefault(name, question_field(question))


class ManyField(forms.MultipleChoiceField):
    """Several of some words; what was chosen is one answer."""

    def clean(self, value: Any) -> str:
        """Return the words as people say them one after another."""
        return MANY.join(super().clean(value))


def question_name(code: str, question: Any) -> str:
    """Return the name of a question's field."""
    return f"q-{code}-{question.code}"


def question_field(question: Any) -> forms.Field:
    """Return the field by which a category's question is answered, as its kind asks."""
    words: dict[str, Any] = {"label": question.text, "required": False}
    kind = str(question.kind)
    if kind in ("choice", "yes_no"):
        options = list(question.choices) if kind == "choice" else [_t("是"), _t("否")]
        return forms.ChoiceField(
            choices=[(word, word) for word in options], widget=forms.RadioSelect, **words
        )
    if kind == "choices":
        return ManyField(
            choices=[(word, word) for word in question.choices],
            widget=forms.CheckboxSelectMultiple, **words,
        )  # fmt: skip
    if kind == "number":
        return forms.DecimalField(
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            error_messages={"invalid": _("写一个数字就可以，例如 18。")},
            **words,
        )
    return forms.CharField(max_length=ANSWER_LIMIT, **words)


def as_uuid(value: Any) -> UUID | None:
    """Return the id that a text is, or None."""
    try:
        return UUID(str(value))
    except ValueError:
        return None
