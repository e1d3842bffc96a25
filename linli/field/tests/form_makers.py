"""A form client and a form that it was given, for tests of every page."""

from datetime import datetime
from typing import Any

from linli.field.selectors import openrosa as selectors
from linli.field.services import openrosa_access, openrosa_forms
from linli.kernel.actor import Actor
from linli.kernel.models import Tenant


def form_things(keeper: Actor, now: datetime) -> dict[str, Any]:
    """Return what stands behind the addresses that form clients call."""
    code = Tenant.objects.get(pk=keeper.tenant_id).code
    issued = openrosa_access.issue_client(name="ODK", tenant_code=code, actor=keeper, now=now)
    made = openrosa_forms.version_of(selectors.forms_of(keeper, now)[0], now)
    return {"client_key": issued.token, "form_id": made.form_id, "version": made.version}
