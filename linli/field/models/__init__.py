"""The field's tables. Each model says of every column whether it is personal (people/models.py)."""

from linli.field.models.device import Device
from linli.field.models.openrosa import FormClient, FormVersion, NonceUse
from linli.field.models.submission import Submission
from linli.field.models.upload import Upload
from linli.field.states import SubmissionState

__all__ = [
    "Device", "FormClient", "FormVersion", "NonceUse", "Submission", "SubmissionState", "Upload",
]  # fmt: skip
