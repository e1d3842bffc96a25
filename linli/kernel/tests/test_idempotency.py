"""A form sent twice makes one thing, whoever is faster; numbers have no doubles."""

import threading

import pytest
from django.db import transaction

from linli.kernel import idempotency, numbers, tenancy
from linli.kernel.errors import Conflict
from linli.kernel.ids import new_id
from linli.kernel.models import Receipt, Sequence
from linli.kernel.tests.test_outbox import in_threads


def make_one():
    """Make a row that shows how often it was made."""
    return Sequence.objects.create(name=str(new_id())).pk


def send(key: str = "k1", fingerprint: str = "f"):
    with transaction.atomic():
        return idempotency.once("report", key, fingerprint, make_one)


def test_the_same_form_again_gives_the_earlier_result(in_home):
    first, was_new = send()
    assert was_new
    assert send() == (first, False)
    assert Sequence.objects.count() == 1


def test_the_same_key_with_other_content_is_refused(in_home):
    send()
    with pytest.raises(Conflict):
        send(fingerprint="g")
    assert Sequence.objects.count() == 1


def test_without_a_key_everything_is_new(in_home):
    assert send(key="")[1]
    assert send(key="")[1]
    assert not Receipt.objects.exists()


@pytest.mark.parametrize("key", ["x" * 1000, "钥匙", "nul\x00nul", "two\nlines"])
def test_any_key_that_somebody_may_send_is_a_key(in_home, key):
    first, _ = send(key=key)
    assert send(key=key) == (first, False)


def test_what_is_the_same_under_another_key_is_one_thing(in_home):
    def send_words(key: str, words: str):
        with transaction.atomic():
            return idempotency.once("report", key, words, make_one, same=("words", words))

    first, was_new = send_words("k1", "f")
    assert was_new
    assert send_words("k2", "f") == send_words("k1", "f") == send_words("", "f") == (first, False)
    with pytest.raises(Conflict):
        send_words("k2", "g")
    assert send_words("k3", "g")[1], "what was refused has taken no words"
    assert Sequence.objects.count() == 2


def test_another_tenant_and_another_form_have_keys_of_their_own(in_home, abroad):
    send()
    with transaction.atomic():
        assert idempotency.once("enrol", "k1", "f", make_one)[1]
    with tenancy.tenant(abroad.pk):
        assert send()[1]


def test_a_key_whose_work_failed_is_free_again(in_home):
    def fail():
        raise RuntimeError

    with pytest.raises(RuntimeError), transaction.atomic():
        idempotency.once("report", "k1", "f", fail)
    assert send()[1]


def test_a_key_is_taken_in_the_transaction_of_the_change(transactional_db):
    with pytest.raises(RuntimeError), tenancy.tenant(1):
        idempotency.once("report", "k1", "f", make_one)
    with pytest.raises(RuntimeError), tenancy.tenant(1):
        numbers.next_number("cases")


@pytest.mark.django_db(transaction=True)
def test_a_form_sent_from_eight_tabs_at_once_makes_one_thing(in_home):
    answers, lock = [], threading.Lock()

    def click() -> None:
        answer = send()
        with lock:
            answers.append(answer)

    assert not in_threads(8, click, in_home.pk)
    assert len({result_id for result_id, _ in answers}) == 1
    assert sorted(was_new for _, was_new in answers) == [False] * 7 + [True]
    assert Sequence.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_when_the_first_sender_fails_the_second_one_does_the_work(in_home):
    turn = iter([True] + [False] * 9)
    lock = threading.Lock()

    def make():
        with lock:
            is_first = next(turn)
        if is_first:
            raise RuntimeError("the first one fails")
        return make_one()

    def click() -> None:
        with transaction.atomic():
            idempotency.once("report", "k1", "f", make)

    errors = in_threads(4, click, in_home.pk)
    assert [type(error) for error in errors] == [RuntimeError]
    assert Sequence.objects.count() == 1


def test_numbers_count_from_one_by_name_and_tenant(in_home, abroad):
    assert [numbers.next_number("cases") for _ in range(3)] == [1, 2, 3]
    assert numbers.next_number("meetings") == 1
    assert numbers.last_number("cases") == 3
    assert numbers.last_number("wishes") == 0
    with tenancy.tenant(abroad.pk):
        assert numbers.next_number("cases") == 1


@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_back_when_its_transaction_is_undone(in_home):
    with transaction.atomic():
        assert numbers.next_number("cases") == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert numbers.next_number("cases") == 1


@pytest.mark.django_db(transaction=True)
def test_no_number_is_given_out_twice(in_home):
    given, lock = [], threading.Lock()

    def take() -> None:
        for _turn in range(10):
            with transaction.atomic():
                number = numbers.next_number("cases")
            with lock:
                given.append(number)

    assert not in_threads(4, take, in_home.pk)
    assert sorted(given) == list(range(1, 41))


def test_fingerprints_tell_parts_apart():
    assert idempotency.fingerprint("ab", "c") != idempotency.fingerprint("a", "bc")
    assert idempotency.fingerprint("ab", None) == idempotency.fingerprint("ab", None)
    assert len(idempotency.fingerprint("ab")) == 64
