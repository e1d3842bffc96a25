"""Installs the five demo communities and lets ninety days pass in them."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from random import Random  # noqa: TID251

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import DEFAULT_DB_ALIAS, transaction
from django.db.models import F

from linli.blueprints import selectors
from linli.blueprints.demo import doors, figures, life, staff, systems
from linli.blueprints.demo.words import manners
from linli.blueprints.demo.world import World
from linli.blueprints.models import Installation
from linli.blueprints.rules import Blueprint
from linli.blueprints.services.installing import install_as_system
from linli.cases.services import history, indexing, judging
from linli.indicators import blueprint as aims
from linli.indicators.services import rebuilding
from linli.kernel import memory, outbox, seals, tenancy
from linli.kernel.actor import system
from linli.kernel.models import EventRow, Tenant
from linli.kernel.tenancy import TenantModel
from linli.places import selectors as places
from linli.places import services as place_services

Progress = Callable[[str], None]
DAYS = 90
# People are told only what is news: older notices would all leave at once on the first start.
NEWS = timedelta(hours=20)


def install_demo(
    *, now: datetime, progress: Progress, days: int = DAYS, share: float = 1.0
) -> list[World]:
    """Install the five communities into an empty database. progress: told in words how far it is.

    days: how long they have lived. share: of the cases that usually come in.
    Returns what was lived, one world to a tenant.
    """
    worlds = []
    blueprints = selectors.library_blueprints()
    for number, blueprint in enumerate(blueprints, 1):
        progress(f"示例 {number}/{len(blueprints)}：{blueprint.tenant_name}，{blueprint.title}")
        worlds.append(live_in(blueprint, now=now, days=days, share=share))
    return worlds


def live_in(blueprint: Blueprint, *, now: datetime, days: int = DAYS, share: float = 1.0) -> World:
    """Install one community as a demo and let it live; see `install_demo`."""
    start = now - timedelta(days=days)
    report = install_as_system(blueprint=blueprint, now=start - timedelta(days=1), is_demo=True)
    tenant = Tenant.objects.get(pk=report.tenant_id)
    volumes = manners()["volumes"]
    volume = volumes.get(tenant.code, volumes["default"]) * days / DAYS * share
    with tenancy.tenant(tenant.pk):
        rng = Random(tenant.code)
        _furnish(tenant, rng, start - timedelta(hours=12))
        world = World(tenant, start=start, now=now, rng=rng)
        life.live(world, volume=round(volume))
        # The targets of this year: the demo may have begun in the one before.
        aims.install(
            blueprint.indicators, before=blueprint.indicators, actor=system(tenant.pk), now=now,
            installation_id=report.installation_id,
        )  # fmt: skip
        _settle(world, now)
    return world


@transaction.atomic
def _furnish(tenant: Tenant, rng: Random, at: datetime) -> None:
    """Make place codes for every door and put somebody into every post."""
    for community in places.communities():
        place_services.make_codes(community_id=community.pk, actor=system(tenant.pk), now=at)
    main = doors.main_community()
    staff.fill_posts(tenant, main=main.code if main else "", rng=rng, at=at)
    memory.forget_all()


def _settle(world: World, now: datetime) -> None:
    """Bring up to date what the worker keeps: news told, words and counts, everything sealed."""
    old = EventRow.objects.filter(delivered_at=None, happened_at__lt=now - NEWS)
    old.update(delivered_at=F("happened_at"))
    history.take_over()
    judging.take_over(now)
    rebuilding.rebuild_tallies(now=now, progress=lambda _done, _total: None)
    figures.look_ahead_and_back(world)
    systems.connect(world)
    while outbox.deliver_events(now):
        pass
    indexing.recount()  # Those just delivered were counted twice.
    while seals.seal(now):
        pass


def reset_demo(*, now: datetime, progress: Progress) -> list[World]:
    """Remove the demo's tenants with everything they have, and make them anew."""
    with tenancy.all_tenants():
        ids = set(Installation.objects.filter(is_demo=True).values_list("tenant_id", flat=True))
    for tenant in Tenant.objects.filter(pk__in=ids):
        progress(f"清除示例：{tenant.name}")
        _remove(tenant)
    return install_demo(now=now, progress=progress)


@transaction.atomic
def _remove(tenant: Tenant) -> None:
    """Delete every row that names the tenant. Keys between them are checked at the end only."""
    photos = default_storage.path(str(tenant.pk))
    with tenancy.tenant(tenant.pk):
        for model in apps.get_models():
            if issubclass(model, TenantModel):
                model.objects.all()._raw_delete(using=DEFAULT_DB_ALIAS)
            elif any(field.attname == "tenant_id" for field in model._meta.fields):
                model._default_manager.filter(tenant_id=tenant.pk).delete()
    tenant.delete()
    memory.forget_all()
    transaction.on_commit(lambda: shutil.rmtree(photos, ignore_errors=True))
