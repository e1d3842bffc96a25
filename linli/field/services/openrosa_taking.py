"""What a form client hands in: a small XML with photos, perhaps in several posts; taken like any other."""

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO, Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext as _

from linli.field.errors import OtherContent
from linli.field.models import FormVersion
from linli.field.selectors import openrosa as selectors
from linli.field.services import submissions, uploads
from linli.field.services.devices import Hand
from linli.kernel.errors import BadInput
from linli.kernel.forms import clean_text

MOST_XML: Final = 512 * 1024  # bytes; what is filled in is a few kilobytes
MOST_NODES: Final = 2_000
MOST_FILES: Final = 20


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was filled in. values: the text of each node by its name."""

    id: UUID
    version: FormVersion
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Post:
    """What came of one post; receipt is None while more photos are to come."""

    words: str
    receipt: submissions.Receipt | None

    @property
    def is_new(self) -> bool:
        """Tell whether the whole came for the first time."""
        return self.receipt is not None and self.receipt.is_new


def take_post(
    *,
    xml: IO[bytes],
    files: Mapping[str, IO[bytes]],
    is_incomplete: bool,
    hand: Hand,
    now: datetime,
) -> Post:
    """Take one post of a submission. Photos are kept as they come; the last post hands all of it in.

    is_incomplete: the client says that more posts of it follow. What its room refuses, or who may no
    longer act, is told in words and kept, as for phones (`submissions.hand_in`).
    Errors: BadInput, NotFound (no such form), OtherContent, NoSpace.
    """
    filled = read_xml(xml)
    account_id = hand.device.account_id
    wanted = _photos(filled)
    if len(files) > MOST_FILES:
        raise BadInput(_("一次最多 %(n)d 张照片。") % {"n": MOST_FILES})
    for name in files.keys() & wanted.keys():
        uploads.keep_whole(
            upload_id=_upload_id(filled, name), file=files[name], account_id=account_id, now=now
        )
    came = _came(filled, wanted, account_id)
    if is_incomplete:
        return Post(_("照片收到 %(n)d 张，还有的接着传。") % {"n": len(came)}, None)
    receipt = submissions.hand_in(
        delivery=_delivery(filled, came, now), actor=hand.actor, device=hand.device,
        why_apart=hand.why_apart, now=now,
    )  # fmt: skip
    said = receipt.submission.words or str(receipt.submission.get_state_display())
    lost = len(wanted) - len(came)
    if lost:
        said = _("%(words)s 有 %(n)d 张照片没有收到。") % {"words": said, "n": lost}
    return Post(said, receipt)


def read_xml(file: IO[bytes]) -> Filled:
    """Return what was filled in. Errors: BadInput (too large, entities, no form), NotFound."""
    raw = file.read(MOST_XML + 1)
    if len(raw) > MOST_XML:
        raise BadInput(_("表单内容超过 512 KB，不是正常填出来的。"))
    try:
        root = ElementTree.fromstring(raw, forbid_dtd=True)
    except DefusedXmlException:
        raise BadInput(_("表单里有实体或文档类型声明，这样的不收。")) from None
    except (ElementTree.ParseError, ValueError, LookupError):
        raise BadInput(_("这不是一份完整的表单。")) from None
    values = _values(root)
    if values.get("deprecatedID"):
        raise OtherContent(_("交过的记录不能在手机上改，到页面上改，或者另填一份。"))
    form_id, version = str(root.get("id", ""))[:80], str(root.get("version", ""))[:20]
    return Filled(
        _instance_id(values.get("instanceID", "")), selectors.find_version(form_id, version), values
    )


def _values(root: Any) -> dict[str, str]:
    values: dict[str, str] = {}
    for number, node in enumerate(root.iter()):
        if number > MOST_NODES:
            raise BadInput(_("表单里的项目太多了。"))
        if isinstance(node.tag, str) and len(node) == 0:
            name = node.tag.rpartition("}")[2]
            values.setdefault(name, clean_text((node.text or "").strip()))
    return values


def _instance_id(text: str) -> UUID:
    """Return the id that the client made; one of another shape names the same id each time."""
    if not text or len(text) > 200:
        raise BadInput(_("表单没有编号（instanceID），收不了。"))
    with contextlib.suppress(ValueError):
        return UUID(text.removeprefix("uuid:"))
    return uuid5(NAMESPACE_URL, text)


def _photos(filled: Filled) -> dict[str, str]:
    """Return the file names that the form speaks of, each with the code of its item."""
    names = filled.version.photo_names
    return {filled.values[name]: code for name, code in names.items() if filled.values.get(name)}


def _upload_id(filled: Filled, name: str) -> UUID:
    return uuid5(filled.id, name)


def _came(filled: Filled, wanted: Mapping[str, str], account_id: UUID) -> dict[str, UUID]:
    ids = {name: _upload_id(filled, name) for name in wanted}
    whole = selectors.whole_uploads(ids.values(), account_id)
    return {name: upload_id for name, upload_id in ids.items() if upload_id in whole}


def _delivery(filled: Filled, came: Mapping[str, UUID], now: datetime) -> submissions.Delivery:
    values, wanted = filled.values, _photos(filled)
    answers = _answers(filled)
    about = values.get("title") or filled.version.title
    return submissions.Delivery(
        id=filled.id,
        kind=filled.version.kind,
        answers=answers,
        said_at=_made_at(filled, now),
        subject_id=_subject(values.get("subject", "")),
        base_version=values.get("base_version", "")[:60],
        photos=tuple((code, came[name]) for name, code in wanted.items() if name in came),
        title=f"{filled.version.title} · {about}"[:120],
        told=tuple(_told(filled.version.fields, answers)),
        is_of_form_client=True,
    )


def _answers(filled: Filled) -> dict[str, Any]:
    answers = {}
    for one in filled.version.fields:
        said = filled.values.get(one["name"], "")
        if said and one["kind"] != "photo":
            answers[one["code"]] = one["sent"].get(said, said)
    return answers


def _told(fields: Iterable[Any], answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    for one in fields:
        if one["code"] in answers:
            said = answers[one["code"]]
            yield one["label"][:120], one["choices"].get(said, said)


def _made_at(filled: Filled, now: datetime) -> datetime:
    """Return when it was filled in; without a word of it, when it first came."""
    for name in ("end", "start"):
        with contextlib.suppress(ValueError, OverflowError):
            moment = datetime.fromisoformat(filled.values.get(name, ""))
            if moment.year >= 1970:
                return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return selectors.said_at(filled.id) or now


def _subject(text: str) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(_("表单里选的对象认不出来，更新表单再填。"), field="subject") from None
