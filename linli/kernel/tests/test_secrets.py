"""What is secret stays secret: in columns, in hashes, in links that nobody can forge."""

import base64
import string

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter

from linli.kernel import secrets
from linli.kernel.errors import NotFound
from linli.kernel.ids import new_id
from linli.kernel.secrets import (
    EncryptedTextField,
    Undecipherable,
    case_token,
    decrypt,
    encrypt,
    read_token,
)

OLD, NEW = Fernet.generate_key().decode(), Fernet.generate_key().decode()


@pytest.mark.parametrize("text", ["10000000000", "李四住在三楼", "😀" * 500, "a\nb\x00c"])
def test_what_is_encrypted_can_be_read_again_and_not_guessed(text):
    token = encrypt(text)
    assert decrypt(token) == text
    assert token.isascii()
    assert text not in token
    assert encrypt(text) != token


def test_nothing_stays_nothing():
    assert encrypt("") == ""
    assert decrypt("") == ""


def test_a_new_key_encrypts_and_the_old_one_still_decrypts(settings):
    settings.DATA_KEYS = [OLD]
    token, hashed, link = (
        encrypt("secret"),
        secrets.lookup_hash("phone", "1", 1),
        case_token("lyg", new_id(), 1),
    )
    settings.DATA_KEYS = [NEW, OLD]
    assert decrypt(token) == "secret"
    assert secrets.lookup_hash("phone", "1", 1) == hashed
    assert read_token(link)
    newer = encrypt("secret")
    settings.DATA_KEYS = [OLD]
    with pytest.raises(Undecipherable):
        decrypt(newer)


def test_what_was_altered_is_not_read():
    token = encrypt("secret")
    for place in range(len(token)):
        other = "A" if token[place] != "A" else "B"
        altered = token[:place] + other + token[place + 1 :]
        if base64.urlsafe_b64decode(
            altered + "=" * (-len(altered) % 4)
        ) == base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)):
            continue
        with pytest.raises(Undecipherable):
            decrypt(altered)
    for nonsense in ("plain text", "联系", "AQ", "A" * 100):
        with pytest.raises(Undecipherable):
            decrypt(nonsense)


def test_without_a_key_nothing_is_kept(settings):
    settings.DATA_KEYS = []
    with pytest.raises(ImproperlyConfigured):
        encrypt("secret")


def test_a_value_is_found_by_its_hash_in_its_own_tenant_only():
    hashed = secrets.lookup_hash("phone", "10000000000", 1)
    assert hashed == secrets.lookup_hash("phone", "10000000000", 1)
    assert len(hashed) == 64
    others = {
        secrets.lookup_hash("phone", "10000000000", 2),
        secrets.lookup_hash("id", "10000000000", 1),
        secrets.lookup_hash("phone", "10000000001", 1),
    }
    assert len(others | {hashed}) == 4


def test_a_link_says_which_case_and_cannot_be_forged():
    case_id = new_id()
    token = case_token("lianyung", case_id, 65535)
    assert read_token(token) == secrets.CaseToken("lianyung", case_id, 65535)
    assert len(token) <= 60
    assert set(token) <= set(string.ascii_letters + string.digits + "-_.")


def test_every_altered_letter_of_a_link_is_refused():
    token = case_token("lyg", new_id(), 1)
    alphabet = string.ascii_letters + string.digits + "-_."
    for place, letter in enumerate(token):
        for other in alphabet:
            if other != letter:
                with pytest.raises(NotFound):
                    read_token(token[:place] + other + token[place + 1 :])


@pytest.mark.parametrize(
    "token", ["", ".", "lyg", "lyg.", "lyg.AAAA", "lyg." + "A" * 46, "区.例", "lyg.区" * 9]
)
def test_a_guessed_link_is_refused(token):
    with pytest.raises(NotFound):
        read_token(token)


def test_a_shortened_or_longer_link_is_refused():
    token = case_token("lyg", new_id(), 1)
    for other in (token[:-1], token + "A", token + "=", token + ".", " " + token, token.upper()):
        with pytest.raises(NotFound):
            read_token(other)


def test_a_link_of_another_installation_is_refused(settings):
    settings.DATA_KEYS = [OLD]
    token = case_token("lyg", new_id(), 1)
    settings.DATA_KEYS = [NEW]
    with pytest.raises(NotFound):
        read_token(token)


class Note(models.Model):
    """A table that exists only in these tests."""

    text = EncryptedTextField(default="", blank=True)
    other = EncryptedTextField(null=True)

    class Meta:
        app_label = "kernel_secret_tests"


@pytest.fixture
def notes(db):
    with (
        connection.schema_editor(atomic=False)
        if connection.vendor != "sqlite"
        else connection.cursor() as door
    ):
        if connection.vendor == "sqlite":
            door.execute(
                'CREATE TABLE "kernel_secret_tests_note"'
                ' ("id" integer PRIMARY KEY, "text" text, "other" text)'
            )
        else:
            door.create_model(Note)
    yield Note.objects
    with connection.cursor() as cursor:
        cursor.execute('DROP TABLE "kernel_secret_tests_note"')


def test_a_column_is_encrypted_in_the_database_and_plain_in_python(notes):
    note = notes.create(text="李四 10000000000")
    notes.bulk_create([Note(text="b", other="c")])
    notes.filter(pk=note.pk).update(other="d")
    with connection.cursor() as cursor:
        cursor.execute('SELECT "text", "other" FROM "kernel_secret_tests_note"')
        raw = str(cursor.fetchall())
    assert "李四" not in raw
    note.refresh_from_db()
    assert (note.text, note.other) == ("李四 10000000000", "d")
    assert sorted(notes.values_list("text", flat=True)) == ["b", "李四 10000000000"]
    note.text = "e"
    notes.bulk_update([note], ["text"])
    assert notes.get(pk=note.pk).text == "e"


def test_an_empty_column_stays_empty(notes):
    notes.create()
    with connection.cursor() as cursor:
        cursor.execute('SELECT "text", "other" FROM "kernel_secret_tests_note"')
        assert cursor.fetchall() == [("", None)]
    assert notes.filter(other__isnull=True).count() == 1


def test_an_encrypted_column_is_not_compared(notes):
    with pytest.raises(FieldError, match="lookup_hash"):
        list(notes.filter(text="b"))


def test_a_migration_can_write_the_column_down():
    name, path, arguments, options = Note._meta.get_field("text").deconstruct()
    assert (name, path, arguments) == ("text", "linli.kernel.secrets.EncryptedTextField", [])
    assert options == {"default": "", "blank": True}
    assert (
        "EncryptedTextField(blank=True, default='')"
        in MigrationWriter.serialize(EncryptedTextField(**options))[0]
    )
