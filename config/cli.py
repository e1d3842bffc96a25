"""The `linli` command of those who operate the product; it imports only what it needs."""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from linli.kernel.errors import DomainError


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    options = _parser().parse_args(arguments)
    os.umask(0o077)  # What is kept about people is for this user alone.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        return int(options.run(options))
    except DomainError as refusal:
        print(f"✗ {refusal.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="linli",
        description="邻里：从扫码到居民的一句话。每个命令的说明：linli 命令 --help",
        epilog="环境变量：PORT，HOST，DATABASE_URL 数据库，LINLI_DATA 存放照片和密钥的目录",
    )
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)
    for name, run, help_text, add_options in _COMMANDS:
        command = commands.add_parser(name, help=help_text, description=help_text)
        command.set_defaults(run=run)
        add_options(command)
    return parser


def _run(options: argparse.Namespace) -> int:
    from config import server

    return server.run(host=options.host, port=options.port)


def _serve(options: argparse.Namespace) -> int:
    from config import server

    return server.serve(host=options.host, port=options.port)


def _worker(_options: argparse.Namespace) -> int:
    from config import server

    return server.work()


def _prepare(_options: argparse.Namespace) -> int:
    with _database():
        from config import prepare

        return prepare.prepare()


def _migrate(_options: argparse.Namespace) -> int:
    with _database():
        from config import prepare

        prepare.migrate()
        return 0


def _demo(options: argparse.Namespace) -> int:
    os.environ.setdefault("LINLI_DEMO", "1")
    with _database():
        from config import prepare

        return prepare.demo(is_anew=options.anew)


def _verify(_options: argparse.Namespace) -> int:
    with _database():
        from config import health

        return health.verify()


def _check(_options: argparse.Namespace) -> int:
    with _database():
        from config import health

        return health.check()


def _backup(options: argparse.Namespace) -> int:
    with _database():
        from config import backup

        return backup.backup(options.file, has_keys=options.with_keys)


def _restore(options: argparse.Namespace) -> int:
    with _database():
        from config import backup

        return backup.restore(options.file, may_replace=options.replace)


def _new_community(options: argparse.Namespace) -> int:
    with _database():
        from config import community

        return community.start(options)


def _install(options: argparse.Namespace) -> int:
    with _database():
        from config import community

        return community.install(options.file)


def _train(options: argparse.Namespace) -> int:
    from config import training

    return training.train(options)


def _rebuild_tallies(_options: argparse.Namespace) -> int:
    with _database():
        from config import tallies

        return tallies.rebuild()


def _openapi(options: argparse.Namespace) -> int:
    with _database():
        from config import api

        options.file.write_text(api.described())
        return 0


def _import_messages(options: argparse.Namespace) -> int:
    with _database():
        from config import mailbox

        return mailbox.bring_in(options)


@contextmanager
def _database() -> Iterator[None]:
    """Have Django at hand, and refuse in words when its database can't be used."""
    import django

    django.setup()
    from config import trouble

    with trouble.in_words():
        yield


def _address(command: argparse.ArgumentParser) -> None:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    command.add_argument("--host", default=host, help=f"地址，默认 {host}；0.0.0.0 表示对外开放")
    command.add_argument("--port", default=port, type=_port, help=f"端口，默认 {port}")


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"端口“{text}”不行，写 1 到 65535 的数")
    return int(text)


def _nothing(_command: argparse.ArgumentParser) -> None:
    pass


def _anew(command: argparse.ArgumentParser) -> None:
    command.add_argument("--anew", action="store_true", help="把已有的示例从头建")


def _backup_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="文件", help="备份文件，例如 backup.tar.gz")
    command.add_argument(
        "--with-keys", action="store_true", help="把密钥一起放进备份（要像密钥一样保管）"
    )


def _restore_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="文件", help="linli backup 做的备份文件")
    command.add_argument("--replace", action="store_true", help="数据库里已有的内容会被替换掉")


def _blueprint_file(command: argparse.ArgumentParser) -> None:
    command.add_argument("file", type=Path, metavar="文件", help="社区方案，.yaml")


def _training(command: argparse.ArgumentParser) -> None:
    from config import training

    training.add_options(command)


def _description_file(command: argparse.ArgumentParser) -> None:
    default = Path("docs/openapi.json")
    command.add_argument("file", type=Path, nargs="?", default=default, metavar="文件")


def _mailbox(command: argparse.ArgumentParser) -> None:
    from config import mailbox

    mailbox.add_options(command)


def _questions(command: argparse.ArgumentParser) -> None:
    from config import questions

    questions.add_options(command)


_COMMANDS = (
    (
        "run",
        _run,
        "一条命令运行：建表、空库时装上示例、网页和后台一起启动，按 Ctrl-C 结束",
        _address,
    ),
    ("serve", _serve, "只启动网页", _address),
    ("worker", _worker, "只启动后台：发通知、到期提醒、封存记录", _nothing),
    ("prepare", _prepare, "run 的第一步：建表，空库时装上示例，列出入口", _nothing),
    ("migrate", _migrate, "建立或更新数据表", _nothing),
    ("demo", _demo, "装上五个示例社区", _anew),
    ("new-community", _new_community, "从示例中的一个开始，建一个新社区；缺什么问什么", _questions),
    ("install", _install, "装上一个社区方案；改过以后再装一次也行", _blueprint_file),
    (
        "import-messages",
        _import_messages,
        "把旧信箱的留言导进来：先逐行检查，确认后才导，同一条只进来一次",
        _mailbox,
    ),
    ("train", _train, "从归好类的文字里学：报告成绩，写出模型文件", _training),
    ("check", _check, "检查设置、数据库、后台、磁盘、节假日、停下来的任务", _nothing),
    ("verify", _verify, "核对封存的记录有没有被改过；有就退出码为 1", _nothing),
    ("rebuild-tallies", _rebuild_tallies, "把全部统计数字从工单重新算一遍；运行中也能做", _nothing),
    ("backup", _backup, "把数据库和照片备份成一个文件，可以在运行中做", _backup_file),
    ("restore", _restore, "从备份文件恢复", _restore_file),
    ("openapi", _openapi, "写出接口说明 docs/openapi.json（OpenAPI 3.1）", _description_file),
)


if __name__ == "__main__":
    sys.exit(main())
