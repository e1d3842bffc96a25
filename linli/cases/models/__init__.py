"""The tables of cases, one file per noun."""

from linli.cases.models.case import Case, Lateness, Source
from linli.cases.models.category import (
    Category,
    DispatchMode,
    Question,
    QuestionKind,
    ServiceLevel,
    Unit,
)
from linli.cases.models.entry import Audience, Entry, EntryKind, Photo, PhotoStage
from linli.cases.models.followup import (
    CallOutcome,
    Exclusion,
    ExclusionReason,
    FollowUp,
    FollowUpCall,
    FollowUpRule,
    FollowUpSample,
    FollowUpState,
)
from linli.cases.models.handling import (
    Assignment,
    EndReason,
    Extension,
    Follower,
    RequestState,
    Suspension,
    SuspensionState,
)
from linli.cases.models.judgement import Judgement, LearnedModel, TrainingExample, Word
from linli.cases.models.mailbox import ImportedMessage, MailboxFile, MailboxState
from linli.cases.models.settings import AnswerTemplate, BulkAction, CaseSettings, SavedFilter
from linli.cases.models.tally import QueueTally, SearchText

__all__ = [
    "AnswerTemplate",
    "Assignment",
    "Audience",
    "BulkAction",
    "CallOutcome",
    "Case",
    "CaseSettings",
    "Category",
    "DispatchMode",
    "EndReason",
    "Entry",
    "EntryKind",
    "Exclusion",
    "ExclusionReason",
    "Extension",
    "FollowUp",
    "FollowUpCall",
    "FollowUpRule",
    "FollowUpSample",
    "FollowUpState",
    "Follower",
    "ImportedMessage",
    "Judgement",
    "Lateness",
    "LearnedModel",
    "MailboxFile",
    "MailboxState",
    "Photo",
    "PhotoStage",
    "Question",
    "QuestionKind",
    "QueueTally",
    "RequestState",
    "SavedFilter",
    "SearchText",
    "ServiceLevel",
    "Source",
    "Suspension",
    "SuspensionState",
    "TrainingExample",
    "Unit",
    "Word",
]
