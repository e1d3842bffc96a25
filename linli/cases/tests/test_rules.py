"""How the loop reckons: amber before red, looks that come nearer, words that find, titles, numbers."""

import string
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from linli.cases import rules
from linli.cases.rules import Clock

FIRST, LAST = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2024, 2028))
moments = st.datetimes(FIRST, LAST, timezones=st.just(UTC))
lengths = st.timedeltas(timedelta(minutes=5), timedelta(days=60))
MARKS = {*string.punctuation, *string.whitespace, *"，。！？；：、“”（）\u3000"}
percents = st.integers(1, 99)
ANY_LATENESS = st.integers(0, 3)
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=200)
chinese = st.text("楼道口垃圾桶满了两天味很大路灯不亮电梯坏", min_size=2, max_size=30)


@st.composite
def clocks(draw, lateness=ANY_LATENESS):
    start = draw(moments)
    respond, resolve = start + draw(lengths), start + draw(lengths)
    return Clock(
        starts_at=start,
        respond_due_at=respond,
        resolve_due_at=resolve,
        is_responded=draw(st.booleans()),
        lateness=draw(lateness),
    )


def as_late(clock: Clock, lateness: int) -> Clock:
    return Clock(
        clock.starts_at, clock.respond_due_at, clock.resolve_due_at, clock.is_responded, lateness
    )


@given(clocks(), percents)
def test_amber_lies_between_the_start_and_the_promise(clock, percent):
    amber = rules.amber_at(clock, percent=percent)

    assert clock.starts_at < amber < rules.running_due_at(clock)


@given(clocks(), percents, percents)
def test_more_of_the_time_used_is_a_later_amber(clock, one, other):
    first, second = sorted([one, other])

    assert rules.amber_at(clock, percent=first) <= rules.amber_at(clock, percent=second)


@given(clocks())
def test_until_there_is_an_answer_the_answer_is_what_is_promised(clock):
    due_at = rules.running_due_at(clock)

    if clock.is_responded:
        assert due_at == clock.resolve_due_at
    else:
        assert due_at == min(clock.respond_due_at, clock.resolve_due_at)


@given(clocks(st.just(0)), percents, lengths, lengths)
def test_time_alone_never_makes_a_case_less_late(clock, percent, sooner, more):
    earlier = rules.lateness_at(clock, clock.starts_at + sooner, percent=percent)
    now = clock.starts_at + sooner + more

    later = rules.lateness_at(as_late(clock, earlier), now, percent=percent)

    assert later >= earlier
    assert (later >= 2) == (now > rules.running_due_at(clock))


@given(clocks(st.just(3)), percents, lengths)
def test_what_went_up_stays_up_while_it_is_late(clock, percent, length):
    now = rules.running_due_at(clock) + length

    assert rules.lateness_at(clock, now, percent=percent) == 3


@given(clocks(st.just(0)), percents, lengths)
def test_every_look_is_later_than_the_one_before(clock, percent, pause):
    looks = []
    for lateness in (0, 1, 2, 3):
        looked_at = looks[-1] if looks else clock.starts_at
        looks.append(
            rules.next_look_at(
                as_late(clock, lateness),
                percent=percent,
                escalate_after=pause,
                looked_at=looked_at,
            )
        )

    assert looks == sorted(set(looks))
    assert looks[0] == rules.amber_at(clock, percent=percent)
    assert looks[1] == rules.running_due_at(clock)


@given(clocks(st.integers(0, 2)), percents, lengths)
def test_at_its_next_look_a_case_is_at_least_one_step_later(clock, percent, pause):
    look = rules.next_look_at(
        clock, percent=percent, escalate_after=pause, looked_at=clock.starts_at
    )
    just_after = look + timedelta(microseconds=1)

    found = rules.lateness_at(clock, just_after, percent=percent)

    assert found >= min(clock.lateness + 1, 2)


@given(chinese)
def test_any_two_characters_of_a_text_find_it(text):
    words = rules.search_words(text)

    for at in range(len(text) - 1):
        assert text[at : at + 2] in words


@given(texts)
def test_words_are_never_empty_or_twice_and_hold_no_marks(text):
    words = rules.search_words(text)

    assert len(words) == len(set(words))
    assert all(word == word.lower() and word.strip() for word in words)
    assert not MARKS & set("".join(words))


@given(texts, texts)
def test_what_is_searched_for_in_a_text_is_in_it(before, after):
    text = f"{before} 3号楼电梯 {after}"

    assert set(rules.search_words("3号楼电梯")) <= set(rules.search_words(text))


def test_a_number_is_found_whole_and_by_its_tail():
    assert rules.search_words("DC26110042") == ["dc26110042", "0042"]
    assert rules.search_words("8号") == ["8", "号"]


def test_what_is_copied_from_elsewhere_is_searched_for_as_it_is_meant():
    for number in ("dc2611 0042", "DC26110042", " ＤＣ２６１１００４２ "):
        assert rules.asked_words(number) == ["dc26110042", "0042"]
    for phone in ("10012345678", "100 1234 5678", "100-1234-5678", "+86 10012345678"):
        assert rules.asked_words(phone) == ["5678"]
    assert rules.asked_words("3 号楼 5678") == rules.search_words("3 号楼 5678")


@given(st.text(min_size=1).filter(lambda text: text.strip()))
def test_a_title_is_one_short_line_and_the_beginning_of_the_text(text):
    title = rules.title_of(text)

    assert 0 < len(title) <= rules.TITLE_LENGTH
    assert "\n" not in title
    assert title.rstrip("…").rstrip() in text


def test_a_title_is_the_first_sentence():
    assert rules.title_of("3号楼门口的灯不亮。已经三天了！") == "3号楼门口的灯不亮"
    assert rules.title_of("，路灯不亮，") == "路灯不亮"
    assert rules.title_of("？？？") == "？？？"
    assert rules.title_of("很" * 40) == "很" * 23 + "…"


@given(moments, st.integers(1, 99999))
def test_numbers_of_a_community_and_month_never_meet(moment, count):
    number = rules.case_number("DC", moment, count)

    assert number.startswith(f"DC{moment:%y%m}")
    assert int(number[6:]) == count
    assert number != rules.case_number("DC", moment, count + 1)


@given(st.booleans(), st.sampled_from([1, 2, 3]))
def test_not_solved_or_not_satisfied_goes_back(is_solved, satisfaction):
    goes_back = rules.reopens(is_solved=is_solved, satisfaction=satisfaction)

    assert goes_back == (not is_solved or satisfaction == rules.DISSATISFIED)


def test_words_choose_the_category_that_shares_most_of_them():
    labels = {"light": "路灯楼道灯 灯不亮、常亮", "rubbish": "环境卫生 垃圾桶满了"}

    assert rules.best_matches("楼道灯不亮了", labels)[0] == "light"
    assert rules.best_matches("好", labels) == []
