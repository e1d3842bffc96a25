"""What happened is backed up, brought back over whatever is there, and checked against its seals."""

import io
import json
import shutil
import sqlite3
import subprocess
import tarfile
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config import backup, health
from linli.kernel import seals
from linli.kernel.models import EventRow
from linli.kernel.tests.makers import MONDAY, ring


@pytest.fixture
def photo():
    """Give a photo that lies where photos lie."""
    path = settings.DATA_DIR / "media" / "home" / "one.jpg"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"as taken")
    yield path
    shutil.rmtree(settings.DATA_DIR / "media", ignore_errors=True)


@pytest.fixture
def lived(transactional_db, in_home):
    """Give a tenant in which something happened."""
    ring()
    seals.seal(MONDAY)
    return in_home


def can_dump() -> bool:
    if connection.vendor == "sqlite":
        return True
    found = shutil.which("pg_dump")
    if found is None:
        return False
    version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
    dumps = int(version.stdout.split()[2].split(".")[0])
    return dumps >= connection.pg_version // 10_000


def test_what_was_backed_up_comes_back(lived, photo, tmp_path, capsys):
    if not can_dump():
        pytest.skip("no pg_dump for this PostgreSQL")
    file = tmp_path / "backup.tar.gz"
    assert backup.backup(file) == 0
    assert "data.key" in capsys.readouterr().out
    assert file.stat().st_mode & 0o077 == 0

    ring()
    photo.write_bytes(b"changed since")
    assert backup.restore(file) == 1  # there is something that would be lost
    assert EventRow.objects.count() == 2
    assert photo.read_bytes() == b"changed since"

    assert backup.restore(file, may_replace=True) == 0
    assert EventRow.objects.count() == 1
    assert photo.read_bytes() == b"as taken"
    assert health.verify() == 0


def test_a_damaged_backup_changes_nothing(lived, photo, tmp_path, capsys):
    if not can_dump():
        pytest.skip("no pg_dump for this PostgreSQL")
    file = tmp_path / "backup.tar.gz"
    backup.backup(file)
    damaged = tmp_path / "damaged.tar.gz"
    rewrite(file, damaged, "media/home/one.jpg", b"somebody else's")
    assert backup.restore(damaged, may_replace=True) == 1
    assert "和备份时不一样" in capsys.readouterr().err
    cut = tmp_path / "cut.tar.gz"
    cut.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    assert backup.restore(cut, may_replace=True) == 1
    (tmp_path / "other.tar.gz").write_text("a letter")
    assert backup.restore(tmp_path / "other.tar.gz", may_replace=True) == 1
    with tarfile.open(tmp_path / "out.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../outside"))
    assert backup.restore(tmp_path / "out.tar.gz", may_replace=True) == 1
    assert "不是完整的备份文件" in capsys.readouterr().err
    assert not list(tmp_path.glob("**/outside"))
    assert photo.read_bytes() == b"as taken"
    assert EventRow.objects.count() == 1


def test_a_full_disk_leaves_no_half_backup(lived, tmp_path, monkeypatch, capsys):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write_archive", full)
    if can_dump():
        assert backup.backup(tmp_path / "backup.tar.gz") == 1
        assert "磁盘满了" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_backup_says_what_is_wrong_with_its_file(lived, tmp_path, capsys):
    assert backup.backup(tmp_path / "no" / "backup.tar.gz") == 1
    assert f"写不了 {tmp_path / 'no'}" in capsys.readouterr().err
    assert backup.restore(tmp_path / "backup.tar.gz") == 1
    assert f"没有找到 {tmp_path / 'backup.tar.gz'}" in capsys.readouterr().err
    assert backup.restore(tmp_path) == 1
    assert f"读不了 {tmp_path}" in capsys.readouterr().err


def test_a_backup_takes_the_place_of_a_damaged_database(lived, tmp_path, monkeypatch, capsys):
    """A file that SQLite can't even open: it is put aside, not in the way of what is to come back."""
    if connection.vendor != "sqlite":
        pytest.skip("a server mends its own files")
    file, damaged = tmp_path / "backup.tar.gz", tmp_path / "linli.sqlite3"
    backup.backup(file)
    damaged.write_bytes(b"not a database" * 999)
    own = connection.copy()
    own.settings_dict = connection.settings_dict | {"NAME": str(damaged)}
    monkeypatch.setattr(backup, "connection", own)

    assert backup.restore(file) == 1
    assert "--replace" in capsys.readouterr().err
    assert damaged.read_bytes().startswith(b"not a database")

    assert backup.restore(file, may_replace=True) == 0
    with closing(sqlite3.connect(damaged)) as back:
        assert back.execute("SELECT count(*) FROM kernel_eventrow").fetchone() == (1,)
    aside = tmp_path / "linli.sqlite3.damaged"
    assert aside.read_bytes().startswith(b"not a database")
    assert str(aside) in capsys.readouterr().out


def test_keys_are_in_a_backup_only_when_asked_for(lived, tmp_path):
    if not can_dump():
        pytest.skip("no pg_dump for this PostgreSQL")
    for has_keys in (False, True):
        file = tmp_path / f"{has_keys}.tar.gz"
        backup.backup(file, has_keys=has_keys)
        with tarfile.open(file) as archive:
            assert any(name.startswith("keys/") for name in archive.getnames()) is has_keys


def rewrite(source: Path, target: Path, name: str, content: bytes) -> None:
    """Copy an archive with one member changed."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for member in old:
            data = content if member.name == name else old.extractfile(member).read()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))


def test_changed_events_are_told(lived, capsys):
    assert health.verify() == 0
    assert seals.newest().hash in capsys.readouterr().out
    EventRow.objects.update(actor_kind="staff")
    assert health.verify() == 1
    assert "第 1 号封存的 1 条记录里，有内容被改过" in capsys.readouterr().out


def test_the_manifest_says_what_is_inside(lived, photo, tmp_path):
    if not can_dump():
        pytest.skip("no pg_dump for this PostgreSQL")
    backup.backup(tmp_path / "backup.tar.gz")
    with tarfile.open(tmp_path / "backup.tar.gz") as archive:
        assert archive.next().name == "manifest.json"
        manifest = json.load(archive.extractfile("manifest.json"))
    assert manifest["engine"] == connection.vendor
    assert set(manifest["members"]) >= {manifest["database"], "media/home/one.jpg"}
