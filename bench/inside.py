"""The steps of the bench that need Django, each in a process of its own."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import django


def main() -> None:
    """Run the step that is named: fill SIZE, migrate, lag, database_pid."""
    django.setup()
    step, *words = sys.argv[1:]
    steps = {"fill": fill, "migrate": migrate, "lag": lag, "database_pid": database_pid}
    print(steps[step](*words))


def fill(size: str) -> str:
    """Migrate, fill, and count the queries of each page; return the facts as JSON."""
    from django.core.management import call_command

    from bench import world

    call_command("migrate", verbosity=0)
    facts = world.build(int(size), lambda words: print(words, file=sys.stderr, flush=True))
    answer = json.dumps(facts | _queries(facts))
    Path(os.environ["LINLI_DATA"], "facts.json").write_text(answer)
    return answer


def migrate() -> str:
    """Bring a kept database up to date."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    return "done"


def _queries(facts: dict[str, str]) -> dict[str, str]:
    """Return how many statements each scenario sends, through Django's own client."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from bench import scenarios

    found: dict[str, str] = {}
    for one in scenarios.ALL:
        client: Any = _Recorder(Client())
        prepare, step = one.make(facts)
        prepare(client)
        step(client)
        with CaptureQueriesContext(connection) as queries:
            step(client)
        found[f"queries:{one.name}"] = str(len(queries))
    return found


class _Recorder:
    """Django's test client behind the same two calls as the bench's own."""

    port = 0

    def __init__(self, client: Any) -> None:
        self.client, self.cookies, self.address, self.key = client, {}, "", ""

    def get(self, path: str) -> tuple[int, str]:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        answer = self.client.get(path, headers=headers)
        return answer.status_code, ""

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        answer = self.client.post(path, fields)
        return answer.status_code, ""


def lag() -> str:
    """Return the age in seconds of the oldest event that nobody has handed out yet."""
    from linli.kernel import clock, tenancy
    from linli.kernel.models import EventRow

    with tenancy.all_tenants():
        oldest = EventRow.objects.filter(delivered_at=None).order_by("id").first()
    return f"{(clock.now() - oldest.recorded_at).total_seconds():.3f}" if oldest else "0.000"


def database_pid() -> str:
    """Return the process id of PostgreSQL's first process, of which the others are children."""
    import psutil
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = psutil.Process(cursor.fetchone()[0])
    parent = backend.parent()
    return str(parent.pid if parent else backend.pid)


if __name__ == "__main__":
    main()
