"""Lists of people come in as files: looked at row by row, taken in when confirmed, doubled never."""

from datetime import timedelta

import pytest

from linli.kernel import clock, events, jobs, run_files, runs
from linli.kernel.errors import BadInput, DomainError, NotAllowed
from linli.kernel.models import EventRow, Job
from linli.kernel.sheets import BadSheet
from linli.people.models import Person, PersonImport, Residence
from linli.people.rules.import_rows import guess_columns, read_day, read_person
from linli.people.selectors import register as asked
from linli.people.services import import_taking, importing
from linli.people.tests.makers import make_home, make_tag, number_of, register
from linli.people.tests.test_register import tallies
from linli.places.models import Home

HEADER = "姓名,身份证号,性别,出生日期,手机号,小区,楼栋,单元,房号,与户主关系,居住性质,入住日期,标签"
NOW = clock.now()


@pytest.fixture
def door(cast):
    return make_home(cast.entrance, "501")


def line(name="梅小雨", number="", **other):
    facts = {"estate": "", "building": "3号楼", "entrance": "1单元", "home": "501"} | other
    order = ("sex", "born_on", "phone", "estate", "building", "entrance", "home", "relation",
             "kind", "starts_on", "tags")  # fmt: skip
    return ",".join([name, number, *(facts.get(key, "") for key in order)])


def file_of(*lines):
    return "\n".join([HEADER, *lines]).encode()


def bring(cast, content, *, actor=None, makes_homes=False):
    """Upload and check a list; return it and the run of the check."""
    actor = actor or cast.lead
    kept = importing.prepare_import(
        community_id=cast.community.pk, file_name="名单.csv", chunks=[content], actor=actor, now=NOW
    )
    run = importing.check_import(
        import_id=kept.pk, columns=kept.columns, makes_homes=makes_homes, actor=actor, now=NOW,
        key=str(kept.pk),
    )  # fmt: skip
    run = carry(run)
    kept.refresh_from_db()
    return kept, run


def carry(run):
    """Carry a run; one that can't be carried at once shows why."""

    def fail():
        raise AssertionError(Job.objects.get(key=str(run.pk)).error)

    return runs.carry_here(run, clock.now(), fail)


def take(cast, kept, *, actor=None):
    run = importing.confirm_import(import_id=kept.pk, actor=actor or cast.lead, now=NOW)
    return carry(run)


def test_a_list_becomes_people_as_if_each_was_registered_at_the_desk(cast, door):
    make_tag()
    content = file_of(
        line("梅小雨", number_of("19500304"), phone="10000000001", relation="户主", kind="自住",
             starts_on="2019/5/1", tags="独居老人"),
        line("林大山", phone="10000000002", kind="租住", starts_on="2026-02-01"),
    )  # fmt: skip
    kept, run = bring(cast, content)
    assert (kept.found["new"], run.error_count) == (2, 0)
    assert not Person.objects.exists()
    assert take(cast, kept).message == "已登记 2 人，0 人已在库里，0 行不对。"
    mei = asked.search("梅小雨", cast.lin).lines[0]
    assert [str(one) for one in mei.tags] == ["独居老人"]
    assert asked.search("lds 3号楼", cast.lin).lines[0].name_masked == "林**"
    kinds = Residence.objects.order_by("id").values_list("kind", "relation", "reason_in")
    assert list(kinds) == [("lives", "head", ""), ("owns", "", ""), ("rents", "", "")]
    assert tallies() == {
        ("people", ""): 2, ("homes", ""): 1, ("rents", ""): 1, ("tag:elder_alone", ""): 1,
        ("in", "2019-05"): 1, ("in", "2026-02"): 1,
    }  # fmt: skip
    names = [one.name for one in events.timeline(mei.id)]
    assert names == ["people.person.registered"]
    # The same list again: nobody twice. The file is gone with its numbers.
    again, _run = bring(cast, content)
    assert again.found["same"] == 2
    kept.refresh_from_db()
    assert kept.path == ""
    with pytest.raises(DomainError):
        take(cast, again)


def test_nothing_of_the_file_lies_readable_on_the_disk(cast, door):
    number = number_of("19500304")
    kept, _run = bring(cast, file_of(line("梅小雨", number)))
    with run_files.open_file(kept.path) as file:
        raw = file.read()
    assert number.encode() not in raw
    assert number.encode().hex().encode() not in raw


WRONG = [
    (line(""), "没有姓名"),
    (line("王2"), "不像姓名"),
    (line(number=number_of()[:17]), "不是 18 位"),
    (line(number=number_of("19501301")), "出生日期不存在"),
    (line(number=number_of()[:17] + "5"), "校验位"),
    (line(number=number_of(), sex="女"), "性别和身份证号里的不一样"),
    (line(sex="不详"), "性别写“男”或“女”"),
    (line(born_on="明天"), "出生日期“明天”不对"),
    (line(phone="12345"), "电话打不通"),
    (line(building=""), "没有楼栋"),
    (line(building="88号楼"), "没有找到楼栋"),
    (line(estate="月亮湾"), "没有找到小区"),
    (line(entrance="7单元"), "没有这个单元"),
    (line(home="909"), "还没有这一户"),
    (line(relation="街坊"), "与户主关系"),
    (line(kind="露营"), "居住性质"),
    (line(starts_on="2999-01-01"), "入住日期"),
    (line(tags="好人"), "没有“好人”这个标签"),
]


@pytest.mark.parametrize(("row", "words"), WRONG, ids=[words for _row, words in WRONG])
def test_what_is_wrong_is_said_by_row_with_what_to_do(cast, door, row, words):
    kept, run = bring(cast, file_of(line("林大山"), row))
    assert kept.found["wrong"] == 1
    (error,) = runs.errors_of(run)
    assert error.row == 3
    assert words in error.text
    take(cast, kept)
    assert Person.objects.count() == 1


def test_doubles_in_the_file_and_with_the_register_are_told_apart(cast, door):
    number, other = number_of("19500304"), number_of("19600101")
    third, fourth = number_of("19700101"), number_of("19800101")
    elsewhere = make_home(cast.entrance, "502")
    for name, whose in (("林大山", other), ("周大山", third), ("高远山", fourth)):
        register(elsewhere.id, name, id_number=whose, actor=cast.lead)
    rows = [
        line("梅小雨", number),
        line("梅小雨", number, home="502"),  # twice in the file
        line("林大山", other),  # registered next door
        line("林小山", third),  # somebody else's number
        line("高远山", fourth, home="502"),  # here already
        line("梅大雨"),
        line("梅大雨"),  # the same name at the same home, without a number
    ]
    kept, run = bring(cast, file_of(*rows))
    said = {error.row: error.text for error in runs.errors_of(run)}
    assert set(said) == {3, 4, 5}
    assert "第 2 行" in said[3]
    assert "已登记在天山花园 3号楼 1单元" in said[4]
    assert "另一个姓名（周**）" in said[5]
    assert (kept.found["new"], kept.found["same"]) == (2, 2)
    take(cast, kept)
    assert Person.objects.count() == 5


def test_homes_that_an_entrance_lacks_come_with_their_people_only_when_asked(cast, door):
    content = file_of(
        line("梅小雨", home="601"), line("林大山", home="601"), line("王二小", home="602")
    )
    kept, _run = bring(cast, content)
    assert kept.found["wrong"] == 3
    kept, _run = bring(cast, content, makes_homes=True)
    assert (kept.found["new"], kept.found["homes"]) == (3, 3)
    take(cast, kept)
    assert Home.objects.filter(number__in=["601", "602"]).count() == 2
    assert tallies(month="")["homes", ""] == 2


def test_a_grid_worker_takes_only_people_of_the_grid_in(cast, door):
    kept, run = bring(cast, file_of(line("梅小雨")), actor=cast.lin)
    assert kept.found["new"] == 1
    cast.building.grid = None
    cast.building.save(update_fields=["grid"])
    kept, run = bring(cast, file_of(line("梅小雨")), actor=cast.lin)
    assert "不在您负责的网格里" in runs.errors_of(run)[0].text
    with pytest.raises(NotAllowed):
        bring(cast, file_of(line()), actor=cast.officer)


def test_a_run_that_dies_half_way_goes_on_and_doubles_nobody(cast, door, monkeypatch):
    monkeypatch.setattr(import_taking, "BATCH", 2)
    monkeypatch.setattr(import_taking, "BATCH_POSTGRESQL", 2)
    people = [line(name) for name in ("甲一山", "乙二山", "丙三山", "丁四山", "戊五山")]
    kept, _run = bring(cast, file_of(*people))
    run = importing.confirm_import(import_id=kept.pk, actor=cast.lead, now=NOW)
    whole, calls = import_taking.insert_words, []

    def dies(found):
        calls.append(found)
        if len(calls) == 2:
            raise RuntimeError("the worker dies")
        whole(found)

    monkeypatch.setattr(import_taking, "insert_words", dies)
    later = clock.now()
    for _attempt in range(4):
        jobs.run_one("kernel.run", str(run.pk), later)
        later += timedelta(hours=1)
        run.refresh_from_db()
        if run.finished_at:
            break
    assert run.state == "done"
    assert Person.objects.count() == 5
    assert EventRow.objects.filter(name="people.person.registered").count() == 5


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no sheet", b"\x00\x01\x02", b"one line only"]
)
def test_a_file_that_is_no_list_is_told_so(cast, content):
    with pytest.raises(BadSheet):
        importing.prepare_import(
            community_id=cast.community.pk,
            file_name="x",
            chunks=[content],
            actor=cast.lead,
            now=NOW,
        )
    assert not PersonImport.objects.exists()


def test_columns_without_name_or_address_are_asked_for_and_lists_can_be_thrown_away(cast, door):
    kept = importing.prepare_import(
        community_id=cast.community.pk, file_name="x", chunks=[file_of(line())], actor=cast.lead,
        now=NOW,
    )  # fmt: skip
    for columns in ({"building": 6, "home": 8}, {"name": 0}, {"name": 0, "address": 99}):
        with pytest.raises(BadInput):
            importing.check_import(
                import_id=kept.pk,
                columns=columns,
                makes_homes=False,
                actor=cast.lead,
                now=NOW,
                key="",
            )
    importing.discard_import(import_id=kept.pk, actor=cast.lead, now=NOW)
    with pytest.raises(DomainError):
        importing.discard_import(import_id=kept.pk, actor=cast.lead, now=NOW)
    bring(cast, file_of(line()))
    later = NOW + importing.KEPT_FOR + timedelta(days=1)
    assert importing.discard_forgotten(actor=cast.lead, now=later) == 1


@pytest.mark.parametrize(
    ("said", "day"),
    [("2019-5-1", "2019-05-01"), ("2019年5月1日", "2019-05-01"), ("20190501", "2019-05-01"),
     ("43586", "2019-05-01"), ("1950.03", "1950-03-01"), ("2019-02-30", "None"), ("五月", "None")],
)  # fmt: skip
def test_days_are_read_as_lists_write_them(said, day):
    assert str(read_day(said)) == day


def test_addresses_in_one_cell_are_taken_apart():
    for said in ("幸福家园3号楼2单元501室", "幸福家园3-2-501", "幸福家园 3栋2单元501"):
        row = read_person(1, {"name": "梅小雨", "address": said}, NOW.date())
        assert row.address == ("幸福家园", "3", "2", "501")
    assert guess_columns(["姓名*", "联系电话（手机）", "楼号", "房号"]) == {
        "name": 0, "phone": 1, "building": 2, "home": 3,
    }  # fmt: skip
