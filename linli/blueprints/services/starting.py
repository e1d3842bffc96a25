"""Starts a community from one of the five: a file of its own, installed, and somebody to begin with."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from linli.blueprints.rules import read, rewriting
from linli.blueprints.rules.rewriting import NewCommunity
from linli.blueprints.selectors import get_library_text
from linli.blueprints.services.installing import InstallReport, install_as_system
from linli.kernel import tenancy
from linli.kernel.actor import system
from linli.kernel.errors import BadInput, Conflict
from linli.kernel.models import Tenant
from linli.people.services import NewAccount
from linli.posts import selectors as posts
from linli.posts import services as terms

__all__ = ["NewCommunity", "StartedCommunity", "start_community"]


@dataclass(frozen=True, slots=True)
class StartedCommunity:
    """What a new community begins with; the lead's first password is shown once and kept nowhere."""

    path: Path
    report: InstallReport
    lead: NewAccount


def start_community(
    *, like: str, new: NewCommunity, target: Path, lead_login: str, lead_name: str, now: datetime
) -> StartedCommunity:
    """Write a blueprint for a new community after one of the five, install it, make the lead's account.

    like: the name of a blueprint of the library. target: where the new file goes; it must not be there.
    Errors: NotFound (no such blueprint), Conflict (file or tenant is there), FaultyBlueprint (a name or
    code that can't be), LoginTaken.
    """
    if target.exists():
        raise Conflict(f"{target} 已经有了，换一个文件名，或者直接改那个文件。")
    text = rewriting.rewrite(get_library_text(like), new)
    blueprint = read(text, target.name)
    with transaction.atomic():
        if Tenant.objects.filter(code=new.tenant_code).exists():
            raise Conflict(f"代号“{new.tenant_code}”已经有人用了，换一个。")
        report = install_as_system(blueprint=blueprint, now=now)
        lead = _appoint_lead(report.tenant_id, lead_login, lead_name, now)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return StartedCommunity(target, report, lead)


def _appoint_lead(tenant_id: int, login: str, name: str, now: datetime) -> NewAccount:
    """Fill the first lead's post; everybody else is appointed by the lead, in pages made for it."""
    actor = system(tenant_id)
    with tenancy.tenant(tenant_id):
        leads = [line for line in posts.vacant_posts("", now) if line.role == "lead"]
        if not leads:
            raise BadInput("方案里没有“负责人”岗位，没法开始。")
        return terms.appoint_newcomer(
            post_id=leads[0].id, login=login, name=name, starts_at=now, actor=actor, now=now
        )
