"""Backs everything up into one file, while the product runs, and restores it.

The file is a .tar.gz with `manifest.json` first: what is in it, and the hash of each member. The
database is copied before the photos: a photo is never changed, so each one that the copy of the
database knows is among them. The keys stay outside unless asked for.
"""

import gzip
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from config import prepare
from config.archive import extract
from config.trouble import is_damaged
from linli.kernel import clock
from linli.kernel.failures import is_disk_full
from linli.kernel.models import Tenant

FORMAT: Final = 1
KEYS: Final = ("data.key", "secret.key")
COMMAND_SECONDS: Final = 6 * 3600
# What reading a file says that was cut off, or is something else altogether.
_NOT_WHOLE: Final = (
    tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, FileNotFoundError, KeyError, ValueError,
)  # fmt: skip


class Unusable(Exception):
    """The backup or the restore can't go on; the message says why, in Chinese."""


def backup(file: Path, *, has_keys: bool = False) -> int:
    """Write a backup; the file appears under its name only when it is complete."""
    with _in_words(), _room_beside(file) as name:
        folder = Path(name)
        database = _dump(folder)
        members = {database.name: database, **_photos(), **(_keys() if has_keys else {})}
        _write_archive(folder / "whole", members)
        os.chmod(folder / "whole", 0o600)
        os.replace(folder / "whole", file)
        print(f"已备份：{file}（{file.stat().st_size / 1024**2:.1f} MB，{len(members)} 个文件）")
        _warn_about_keys(has_keys=has_keys)
        return 0
    return 1


def restore(file: Path, *, may_replace: bool = False) -> int:
    """Bring back what a backup holds; what is there now is replaced only when that was said."""
    with _in_words(), tempfile.TemporaryDirectory(dir=settings.DATA_DIR) as name:
        folder = Path(name)
        manifest = _unpack(file, folder)
        _check_fits(manifest)
        if not may_replace:
            _check_empty()
        _load(folder / manifest["database"])
        _put_photos(folder / "media")
        prepare.migrate()
        print(f"已恢复到 {manifest['made_at'][:16]} 的备份。现在可以启动了：linli check")
        _put_keys(folder)
        return 0
    return 1


@contextmanager
def _in_words() -> Iterator[None]:
    """Say in words what stopped it, and leave nothing half-done under the final name."""
    try:
        yield
    except Unusable as error:
        print(f"✗ {error}", file=sys.stderr)
    except (OSError, sqlite3.Error) as error:
        if not is_disk_full(error):
            raise
        print("✗ 磁盘满了，没有完成，原来的内容没有动。", file=sys.stderr)


def _room_beside(file: Path) -> tempfile.TemporaryDirectory[str]:
    """Give a folder on the disk that the backup is to be on, so that it can be renamed into place."""
    beside = file.resolve().parent
    try:
        return tempfile.TemporaryDirectory(dir=beside)
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        raise Unusable(f"写不了 {beside}：先建好这个目录，或换一个能写的。") from None


def _dump(folder: Path) -> Path:
    if connection.vendor == "sqlite":
        target = folder / "database.sqlite3"
        connection.ensure_connection()
        with closing(sqlite3.connect(target)) as copy:
            connection.connection.backup(copy, pages=1000)
        return target
    target = folder / "database.dump"
    _run_postgres("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    return target


def _load(source: Path) -> None:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        if not is_damaged(error):
            raise
        _put_aside(Path(connection.settings_dict["NAME"]))
        connection.ensure_connection()
    if connection.vendor == "sqlite":
        _load_sqlite(source)
    else:
        _load_postgres(source)
    connection.close()


def _put_aside(file: Path) -> None:
    """Make room for a database whose file can't be opened; its journal must not meet the new one."""
    connection.close()
    for end in ("-wal", "-shm", ""):
        part = file.with_name(file.name + end)
        if part.exists():
            os.replace(part, f"{part}.damaged")
    print(f"坏了的数据库改名留着：{file}.damaged")


def _load_sqlite(source: Path) -> None:
    """Copy page by page in one transaction: whoever has the database open sees all or nothing."""
    with closing(sqlite3.connect(f"{source.as_uri()}?immutable=1", uri=True)) as copy:
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise Unusable("备份里的数据库坏了，原来的内容没有动。")
        copy.backup(connection.connection)


def _load_postgres(source: Path) -> None:
    """Keep what is there under another name until all of the backup is in."""
    _in_database(
        "DROP SCHEMA IF EXISTS before_restore CASCADE",
        "ALTER SCHEMA public RENAME TO before_restore",
        "CREATE SCHEMA public",
    )
    try:
        words = ["--no-owner", "--no-privileges", "--exit-on-error", "--schema=public"]
        _run_postgres("pg_restore", *words, str(source))
    except Unusable:
        _in_database("DROP SCHEMA public CASCADE", "ALTER SCHEMA before_restore RENAME TO public")
        raise
    _in_database("DROP SCHEMA before_restore CASCADE")


@transaction.atomic
def _in_database(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _run_postgres(program: str, *words: str) -> None:
    """Run a PostgreSQL program; the password goes through the environment, unseen by others."""
    found = shutil.which(program)
    if found is None:
        raise Unusable(f"没有找到 {program}：请安装 postgresql-client。")
    facts = connection.get_connection_params()
    names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD"}
    environment = {names[key]: str(facts[key]) for key in names if facts.get(key)}
    done = subprocess.run(
        [found, f"--dbname={facts['dbname']}", *words],
        env=dict(os.environ) | environment, capture_output=True, text=True, check=False,
        timeout=COMMAND_SECONDS,
    )  # fmt: skip
    if done.returncode:
        raise Unusable(f"{program} 没有成功：{done.stderr.strip().splitlines()[-1:]}")


def _photos() -> dict[str, Path]:
    media = settings.DATA_DIR / "media"
    return {
        f"media/{path.relative_to(media)}": path
        for path in sorted(media.rglob("*"))
        if path.is_file()
    }


def _keys() -> dict[str, Path]:
    found = {name: settings.DATA_DIR / name for name in KEYS}
    return {f"keys/{name}": path for name, path in found.items() if path.exists()}


def _write_archive(target: Path, members: dict[str, Path]) -> None:
    manifest = {
        "format": FORMAT,
        "made_at": clock.local(clock.now()).isoformat(),
        "engine": connection.vendor,
        "database": next(iter(members)),
        "migrations": sorted(map(list, MigrationRecorder(connection).applied_migrations())),
        "members": {name: _digest(path) for name, path in members.items()},
    }
    # Photos are compressed already: a higher level would only take longer.
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        note = target.with_name("manifest.json")
        note.write_text(json.dumps(manifest, ensure_ascii=False, indent=1))
        archive.add(note, "manifest.json")
        for name, path in members.items():
            archive.add(path, name, recursive=False)


def _unpack(file: Path, folder: Path) -> dict[str, Any]:
    """Unpack and compare every hash before anything is touched."""
    try:
        with _opened(file) as raw, tarfile.open(fileobj=raw, mode="r:gz") as archive:
            extract(archive, folder)
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
        members = manifest["members"].items()
        wrong = [name for name, digest in members if _digest(folder / name) != digest]
    except _NOT_WHOLE as error:
        raise Unusable(f"{file} 不是完整的备份文件。") from error
    if wrong:
        raise Unusable(f"备份文件坏了：{'、'.join(wrong[:3])} 和备份时不一样。")
    return manifest


def _opened(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except FileNotFoundError:
        raise Unusable(f"没有找到 {file}，看看路径对不对。") from None
    except (IsADirectoryError, PermissionError):
        raise Unusable(f"读不了 {file}：要写备份文件的路径，而且能读。") from None


def _check_fits(manifest: dict[str, Any]) -> None:
    if manifest["format"] != FORMAT or manifest["engine"] != connection.vendor:
        raise Unusable(f"这个备份来自 {manifest['engine']}，现在用的是 {connection.vendor}。")


def _check_empty() -> None:
    """Refuse to lose what is there, also where nobody can read it any more."""
    try:
        has_tables = Tenant._meta.db_table in connection.introspection.table_names()
        is_empty = not has_tables or not Tenant.objects.exists()
    except DatabaseError as error:
        if not is_damaged(error):
            raise
        raise Unusable("现在的数据库坏了，没有改动。要用备份替换它，加 --replace。") from error
    if not is_empty:
        raise Unusable("数据库里已经有内容，没有改动。确定要替换，加 --replace。")


def _put_photos(source: Path) -> None:
    """Put the photos in place by renaming, which can't stop half-way for want of room."""
    media = settings.DATA_DIR / "media"
    source.mkdir(exist_ok=True)
    if media.exists():
        os.replace(media, source.with_name("media-before"))
    os.replace(source, media)


def _put_keys(folder: Path) -> None:
    kept = folder / "keys"
    if not kept.is_dir():
        print("备份里没有密钥：请确认 data.key 就是备份那台机器的，不然电话和证件号读不出来。")
        return
    for name in KEYS:
        target = settings.DATA_DIR / name
        if (kept / name).exists():
            if target.exists() and target.read_bytes() != (kept / name).read_bytes():
                os.replace(target, target.with_suffix(".before-restore"))
            shutil.copyfile(kept / name, target)
            os.chmod(target, 0o600)


def _warn_about_keys(*, has_keys: bool) -> None:
    if has_keys:
        print("备份里有密钥：谁拿到它，谁就能读到居民的电话。请锁好。")
    else:
        print(f"密钥不在备份里，请另外保存：{settings.DATA_DIR / 'data.key'}")
        print("没有它，电话和证件号读不出来。")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
