"""Installs a blueprint, room by room: the same code for the demo, a new community and a changed file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from linli.blueprints.errors import FaultyBlueprint
from linli.blueprints.models import Installation, Word
from linli.blueprints.rules import Blueprint, read
from linli.blueprints.selectors import find_installation, words
from linli.campaigns import blueprint as campaigns
from linli.care import blueprint as care
from linli.cases import blueprint as cases
from linli.indicators import blueprint as indicators
from linli.kernel import blueprint as kernel
from linli.kernel import memory, tenancy
from linli.kernel.actor import Actor, system
from linli.kernel.blueprint import Kept, Outcome
from linli.kernel.errors import BadInput
from linli.kernel.models import Tenant
from linli.messages import blueprint as messages
from linli.patrols import blueprint as patrols
from linli.people import blueprint as people
from linli.places import blueprint as places
from linli.posts import blueprint as posts
from linli.publishing import blueprint as publishing


@dataclass(frozen=True, slots=True)
class InstallReport:
    """What an installation did."""

    tenant_id: int
    installation_id: UUID
    outcomes: tuple[Outcome, ...]

    @property
    def created(self) -> int:
        """How many things are new."""
        return sum(outcome.created for outcome in self.outcomes)

    @property
    def updated(self) -> int:
        """How many things followed the file."""
        return sum(outcome.updated for outcome in self.outcomes)

    @property
    def kept(self) -> Sequence[Kept]:
        """What differs from the file because people changed it, and was left alone."""
        return [kept for outcome in self.outcomes for kept in outcome.kept]

    @property
    def left(self) -> Sequence[str]:
        """What is no longer in the file, and was left in place."""
        return [name for outcome in self.outcomes for name in outcome.left]


def install_as_system(
    *, blueprint: Blueprint, now: datetime, is_demo: bool = False
) -> InstallReport:
    """Install a file for its own tenant, which is made when it is new. For operators' commands."""
    with transaction.atomic():
        tenant, _is_new = Tenant.objects.get_or_create(
            code=blueprint.tenant_code,
            defaults={"name": blueprint.tenant_name, "created_at": now},
        )
        with tenancy.tenant(tenant.pk):
            return install(blueprint=blueprint, actor=system(tenant.pk), now=now, is_demo=is_demo)


@transaction.atomic
def install(
    *, blueprint: Blueprint, actor: Actor, now: datetime, is_demo: bool = False
) -> InstallReport:
    """Install a file for the tenant that is set; again and again without harm.

    What is missing is created; what still is as the last file said follows this one; what people
    changed is kept and reported; nothing is deleted (docs/blueprints.md).
    Errors: BadInput when the file is another tenant's; NotAllowed.
    """
    tenant = Tenant.objects.get(pk=actor.tenant_id)
    if tenant.code != blueprint.tenant_code:
        raise BadInput(f"这份方案是“{blueprint.tenant_code}”的，不能装到“{tenant.code}”。")
    last = find_installation()
    before = _read_last(last)
    installation = _keep(blueprint, last, actor, now, is_demo=is_demo)
    facts: dict[str, Any] = {"installation_id": installation.pk, "actor": actor, "now": now}
    outcomes = (
        kernel.install(blueprint.hours, before=before.hours if before else None, **facts),
        places.install(blueprint.places, before=before.places if before else None, **facts),
        posts.install(blueprint.posts, before=before.posts if before else None, **facts),
        people.install(blueprint.people, before=before.people if before else None, **facts),
        messages.install(blueprint.messages, before=before.messages if before else None, **facts),
        cases.install(blueprint.cases, before=before.cases if before else None, **facts),
        campaigns.install(
            blueprint.campaigns, before=before.campaigns if before else None, **facts
        ),
        patrols.install(blueprint.patrols, before=before.patrols if before else None, **facts),
        care.install(blueprint.care, before=before.care if before else None, **facts),
        publishing.install(
            blueprint.publishing, before=before.publishing if before else None, **facts
        ),
        indicators.install(
            blueprint.indicators, before=before.indicators if before else None, **facts
        ),
        _install_words(blueprint, before),
    )
    memory.forget_all()
    transaction.on_commit(memory.forget_all)
    return InstallReport(actor.tenant_id, installation.pk, outcomes)


def _read_last(last: Installation | None) -> Blueprint | None:
    """Return the file installed last; one that an older release wrote and this one can't read is none."""
    if last is None:
        return None
    try:
        return read(last.text, last.file_name)
    except FaultyBlueprint:
        return None


def _keep(
    blueprint: Blueprint, last: Installation | None, actor: Actor, now: datetime, *, is_demo: bool
) -> Installation:
    if last is not None and last.text == blueprint.text:
        return last
    return Installation.objects.create(
        file_name=blueprint.file_name[:120],
        title=blueprint.title,
        text=blueprint.text,
        installed_at=now,
        installed_by=actor.account_id,
        is_demo=is_demo,
    )


def _install_words(blueprint: Blueprint, before: Blueprint | None) -> Outcome:
    outcome = Outcome("blueprints")
    kernel.put(
        Word,
        "用语",
        wanted={key: {"key": key, "text": text} for key, text in blueprint.words.items()},
        base={k: {"key": k, "text": t} for k, t in before.words.items()} if before else {},
        key=lambda row: row.key,
        first={},
        outcome=outcome,
    )
    words.forget()
    return outcome
