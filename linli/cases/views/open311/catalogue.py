"""Discovery and the list of services: what may be reported here, and what each asks."""

from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.selectors import open311 as selectors
from linli.cases.views.open311.edge import Call, open311
from linli.places import selectors as places

SPECIFICATION: Final = "http://wiki.open311.org/GeoReport_v2"
# When this door last changed its ways; what is served changes by itself.
CHANGESET: Final = "2026-11-22T00:00:00+08:00"
FORMATS: Final = ["text/xml", "application/json"]
DATATYPES: Final = {
    "choice": "singlevaluelist",
    "choices": "multivaluelist",
    "yes_no": "singlevaluelist",
    "number": "number",
    "text": "string",
}


def _discovery(call: Call) -> HttpResponse:
    base = call.url(reverse("cases:open311_services", args=["json"])).rpartition("/")[0]
    kind = "test" if settings.DEMO else "production"
    doors = ", ".join(f"{one.at} {one.name}" for one in places.all_communities()[:50])
    tree = {
        "changeset": CHANGESET,
        "contact": _("邻里平台。jurisdiction_id：%(doors)s") % {"doors": doors or "—"},
        "key_service": _(
            "钥匙由社区或区县的负责人在工作台的“其他系统”里开，写明能做什么、管哪里。"
        ),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": base,
                "changeset": CHANGESET,
                "type": kind,
                "formats": FORMATS,
            }
        ],
    }
    return call.answer("discovery", tree)


def _services(call: Call) -> HttpResponse:
    tree = [
        {
            "service_code": one.code,
            "service_name": one.name,
            "description": one.hint or None,
            "metadata": bool(selectors.questions(one)),
            "type": "realtime",
            "keywords": ", ".join(one.hint.replace("、", ",").replace("，", ",").split(","))
            or None,
            "group": one.service_level.name,
        }
        for one in selectors.services(call.actor)
    ]
    return call.answer("services", tree)


def _definition(call: Call, service_code: str) -> HttpResponse:
    category = selectors.get_service(service_code, call.actor)
    asked = selectors.questions(category)
    tree = {
        "service_code": category.code,
        "attributes": [_attribute(one, order) for order, one in enumerate(asked, start=1)],
    }
    return call.answer("service_definition", tree)


def _attribute(question: Any, order: int) -> dict[str, Any]:
    found = {
        "variable": True,
        "code": question.code,
        "datatype": DATATYPES[str(question.kind)],
        "required": bool(question.is_required),
        "datatype_description": None,
        "order": order,
        "description": question.text,
    }
    options = options_of(question)
    return {**found, "values": [{"key": one, "name": one} for one in options]} if options else found


def options_of(question: Any) -> list[str]:
    """Return the words to choose from; the words themselves are the keys."""
    if str(question.kind) == "yes_no":
        return [_("是"), _("否")]
    return list(question.choices) if str(question.kind) in ("choice", "choices") else []


discovery = open311(_discovery, somewhere=False)
services = open311(_services)
definition = open311(_definition)
