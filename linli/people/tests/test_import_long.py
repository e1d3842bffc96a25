"""Twenty thousand rows with five hundred mistakes: each told by its row, none of them taken in."""

from linli.kernel import runs
from linli.people.models import Duplicate, Person, PersonTag
from linli.people.tests.makers import number_of
from linli.people.tests.test_import import bring, door, file_of, line, take
from linli.people.tests.test_register import tallies

__all__ = ["door"]

KINDS = [  # ten kinds, fifty rows of each
    lambda n: line(""),
    lambda n: line(f"王{n}"),
    lambda n: line(number="12345"),
    lambda n: line(number=number_of("19501301")),
    lambda n: line(number=number_of("19800101", f"{n % 1000:03}")[:17] + "*"),
    lambda n: line(number=_broken(n)),
    lambda n: line(phone="12"),
    lambda n: line(building="88号楼"),
    lambda n: line(starts_on="2999-01-01"),
    lambda n: line("梅小雨", number_of("19410101", "002"), home="501"),
]


def _broken(n):
    number = number_of("19700101", f"{n % 1000:03}")
    return number[:17] + str((int(number[17].replace("X", "9")) + 1) % 10)


def test_twenty_thousand_rows_with_five_hundred_mistakes_of_ten_kinds(cast, door):
    """Each is told by its row; nothing of a faulty row enters; the good ones may be taken."""
    rows, wrong = [], []
    given = "安宁平和乐康健强文武英杰俊秀芳兰梅竹菊松柏青山水云月明星辰光"
    for n in range(20_000):
        if n % 40 == 39:
            wrong.append(n + 2)
            rows.append(KINDS[(n // 40) % 10](n))
        else:
            name = "李" + given[n % len(given)] + given[n // 30 % len(given)]
            rows.append(line(name, _sound(n), phone=f"100{n:08}", home=str(501 + n // 300)))
    rows[0] = line("梅小雨", number_of("19410101", "002"))
    kept, run = bring(cast, file_of(*rows), makes_homes=True)
    assert [error.row for error in runs.errors_of(run)] == wrong
    assert len(kept.found["kinds"]) == 10
    assert {count for _kind, count in kept.found["kinds"]} == {50}
    assert kept.found["new"] == 19_500
    done = take(cast, kept)
    assert (done.error_count, done.done_count) == (500, 20_000)
    assert Person.objects.count() == 19_500
    assert PersonTag.objects.count() == Duplicate.objects.count() == 0
    assert tallies(month="") == {("people", ""): 19_500, ("homes", ""): 67}


def _sound(n):
    year, rest = divmod(n, 336)
    month, day = divmod(rest, 28)
    return number_of(f"{1945 + year}{month + 1:02}{day + 1:02}", f"{n % 1000:03}")
