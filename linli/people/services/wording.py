"""Keeps the words that people are found by, beside every change of a name, a phone or a home."""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from django.db import connection

from linli.kernel import tenancy
from linli.kernel.rows import insert_all, made
from linli.people.models import Person, PersonText
from linli.people.selectors.finding import words_of
from linli.places.selectors.homes import HomeAt

_SOME: Final = 400


def write_words(person: Person, home: HomeAt) -> None:
    """Write the words of one person anew."""
    words = words_of(person.name, person.phone_tail, home)
    known = PersonText.objects.filter(person=person).defer("words").first()
    if known is None:
        insert_words([(person, words)])
    elif connection.vendor == "postgresql":
        PersonText.objects.filter(pk=known.pk).update(words=words)
    else:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_fts SET words = %s WHERE rowid = %s", [words, known.row])


def insert_words(found: Sequence[tuple[Person, str]]) -> None:
    """Write the words of people who had none, many at once."""
    if connection.vendor == "postgresql":
        insert_all([made(PersonText, person_id=one.pk, words=words) for one, words in found])
        return
    # Nobody else writes meanwhile on SQLite: the last row's number tells the others'.
    for at in range(0, len(found), _SOME):
        some = found[at : at + _SOME]
        values = [value for one, words in some for value in (words, one.pk.hex)]
        marks = ", ".join(["(%s, %s)"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO people_fts (words, person_id) VALUES {marks}", values)
            first = cursor.lastrowid - len(some) + 1
        insert_all(
            [
                made(PersonText, person_id=one.pk, row=first + n)
                for n, (one, _words) in enumerate(some)
            ]
        )


def forget_words(person_ids: Collection[UUID]) -> None:
    """Take people out of the search, for those who are anonymised."""
    rows = PersonText.objects.filter(person_id__in=person_ids)
    if connection.vendor != "postgresql":
        with connection.cursor() as cursor:
            mark = f"tenant{tenancy.current_tenant_id()}"
            for row in rows.values_list("row", flat=True):
                cursor.execute(
                    "DELETE FROM people_fts WHERE rowid = %s AND people_fts MATCH %s", [row, mark]
                )
    rows.delete()
