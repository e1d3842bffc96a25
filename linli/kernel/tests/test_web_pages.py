"""Pages of the kernel through all of the rings; templates, tags, icons and style sheets."""

import gzip
import io
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.core.management import call_command
from django.http import HttpRequest, QueryDict
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import include, path

from linli.kernel import icons, marks, web

CSS = Path(__file__).parent.parent / "static" / "kernel"
TEMPLATES = Path(__file__).parent.parent / "templates"


# Pages of the kernel, through all of the rings


def _too_much(request: HttpRequest) -> Any:
    return request.POST["words"]


urlpatterns = [path("", include("linli.kernel.urls")), path("send/", _too_much)]
handler400 = "linli.kernel.views.bad_request"
handler404 = "linli.kernel.views.not_found"
handler500 = "linli.kernel.views.server_error"


@pytest.fixture
def browser(settings: Any) -> Client:
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if "posts" not in one]
    settings.DEMO = True
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def test_large_type_needs_no_script_and_leads_back(browser: Client) -> None:
    answer = browser.get("/display/?size=large&next=/design/")
    assert answer["Location"] == "/design/"
    assert '<html lang="zh-CN" class="elder">' in browser.get("/design/").content.decode()
    browser.get("/display/?size=larger&next=/")
    assert 'class="elder elder--2"' in browser.get("/design/").content.decode()
    browser.get("/display/?size=standard&next=/")
    assert '<html lang="zh-CN">' in browser.get("/design/").content.decode()


@pytest.mark.parametrize("name", ["大字版", "长辈版", "关怀版"])
def test_large_type_is_found_under_its_other_names(browser: Client, name: str) -> None:
    assert browser.get(f"/{name}/").cookies[web.SIZE_COOKIE].value == "large"


def test_every_answer_has_an_id_and_says_what_the_device_may_do(browser: Client) -> None:
    answer = browser.get("/design/")
    assert re.fullmatch(r"[0-9a-f]{32}", answer["X-Request-ID"])
    assert answer["Permissions-Policy"].startswith("geolocation=(self)")
    assert "script-src 'self'" in answer["Content-Security-Policy"]


@pytest.mark.parametrize("page", ["parts", "report", "progress", "field", "queue", "case", "print"])
def test_no_page_has_inline_style_or_script(browser: Client, page: str) -> None:
    html = browser.get(f"/design/?page={page}").content.decode()
    assert not re.search(r"\sstyle=|<style|\son\w+=|<script>", html)
    assert "javascript:" not in html


def test_an_unknown_address_is_told_calmly(browser: Client) -> None:
    answer = browser.get("/nowhere/")
    assert answer.status_code == 404
    assert "没有找到" in answer.content.decode()


def test_an_old_page_does_not_lose_what_was_typed(browser: Client) -> None:
    typed = {"words": "垃圾桶满了两天，昨晚开始往外溢。", "key": "k1", "password": "never shown"}
    answer = browser.post("/send/", typed, headers={"origin": "http://testserver"})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "再次提交" in page
    assert typed["words"] in page
    assert 'name="key" value="k1"' in page
    assert "never shown" not in page


def test_a_foreign_page_is_not_dressed_up_as_ours(browser: Client) -> None:
    answer = browser.post("/send/", {"words": "假的"}, headers={"origin": "https://evil.example"})
    assert "假的" not in answer.content.decode()


def test_too_much_text_is_told_in_words(browser: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = browser.post("/send/", {"words": "字" * 2000})
    assert answer.status_code == 413
    assert "删短一些" in answer.content.decode()


def test_what_breaks_shows_its_number(browser: Client) -> None:
    browser = Client(raise_request_exception=False)
    answer = browser.post("/send/", {})
    assert answer.status_code == 500
    assert answer["X-Request-ID"] in answer.content.decode()


@pytest.mark.django_db
def test_health_asks_the_database(browser: Client) -> None:
    assert browser.get("/health/").json() == {"status": "ok"}


def test_the_page_of_parts_is_not_for_everybody(browser: Client, settings: Any) -> None:
    settings.DEMO = settings.DEBUG = False
    assert browser.get("/design/").status_code == 404


# Templates, icons, style


class WordsForm(web.Form):
    words = forms.CharField(
        widget=forms.Textarea, error_messages={"required": "请简单写一下看到了什么。"}
    )
    kind = forms.ChoiceField(choices=[("a", "卫生")], widget=web.TileSelect(icons={"a": "car"}))


@pytest.mark.parametrize(
    "name", [str(one.relative_to(TEMPLATES)) for one in TEMPLATES.rglob("*.html")]
)
def test_every_template_is_sound_and_says_what_it_needs(name: str) -> None:
    get_template(name)
    assert (TEMPLATES / name).read_text().startswith("{#")


def test_the_sprite_has_every_icon(settings: Any, tmp_path: Path) -> None:
    settings.SPRITE_DIR = tmp_path
    call_command("build_sprite", stdout=io.StringIO())
    sprite = (tmp_path / "kernel" / "icons.svg").read_text()
    assert sprite.count("<symbol") == len(icons.ICONS)


def test_a_misspelt_icon_fails_and_an_unknown_one_from_data_does_not() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template('{% icon "no-such-icon" %}')
    assert "<circle" in Template("{% icon name %}").render(Context({"name": "gone"}))
    assert "icons.svg#inbox" in Template('{% icon "inbox" %}').render(Context({"door": "desk"}))


def test_a_changed_filter_starts_at_the_first_page() -> None:
    request = RequestFactory().get("/desk/cases/?state=new&page=3&q=%E6%B0%B4")
    html = Template('{% querystring state="done" %}|{% querystring page=4 %}').render(
        Context({"request": request}, autoescape=False)
    )
    assert html == "?state=done&q=%E6%B0%B4|?state=new&page=4&q=%E6%B0%B4"


def test_a_field_tells_screen_readers_of_hint_and_error() -> None:
    form = WordsForm(QueryDict())
    form.is_valid()
    html = Template("{% render_field form.words hint='一句话' %}").render(Context({"form": form}))
    assert 'aria-invalid="true"' in html
    assert "请简单写一下看到了什么。" in html
    tiles = Template("{% render_field form.kind %}").render(Context({"form": form}))
    assert 'type="radio"' in tiles
    assert "<svg" in tiles


@pytest.mark.parametrize(
    "name", ["tokens.css", "base.css", "layout.css", "components.css", "field.css"]
)
def test_an_old_kernel_can_read_every_rule(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", (CSS / name).read_text(), flags=re.S)
    found = re.findall(
        r"@layer|oklch|color-mix|:has\(|:is\(|:where\(|aspect-ratio|\binset:|&\s*[.:]", css
    )
    assert found == []


def test_scripts_of_residents_stay_within_ten_kilobytes() -> None:
    names = ("base.js", "photos.js", "draft.js", "locate.js", "share.js")
    assert sum(len(gzip.compress((CSS / one).read_bytes())) for one in names) < 10_000


def test_a_long_rail_folds_the_groups_that_are_rarely_used() -> None:
    one = {"icon": "house", "main": False, "count": 0, "current": False}
    groups = [""] * 10 + ["一线", "管理", "设置"]
    entries = [
        one | {"label": f"第 {at} 项", "url": f"/desk/{at}/", "group": group, "count": at == 11}
        for at, group in enumerate(groups)
    ]
    entries[12]["current"] = True
    shown, folded = marks.rail(entries).split("<details", 1)
    folded, after = folded.split("</details>")
    assert "一线" in shown
    assert "第 10 项" in shown
    assert "管理" in folded
    assert "第 11 项" in folded
    assert '__count">1<' in folded.split("</summary>")[0]
    assert "设置" in after
    assert 'aria-current="page"' in after
    assert "<details" not in marks.rail(entries[1:])
