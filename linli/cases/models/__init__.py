"""The tables of cases, one file per noun."""

from linli.cases.models.arbitration import Arbitration, ArbitrationState, Clause, Outcome
from linli.cases.models.case import Case, Lateness, Source
from linli.cases.models.category import (
    Category,
    DispatchMode,
    Question,
    QuestionKind,
    ServiceLevel,
    Unit,
)
from linli.cases.models.chat import ChatMatter, ChatPaste, ChatState
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
from linli.cases.models.whistle import (
    PartPhoto,
    PartState,
    PartStep,
    Whistle,
    WhistleLimit,
    WhistlePart,
    WhistlePlan,
    WhistleState,
)

__all__ = [
    "AnswerTemplate",
    "Arbitration",
    "ArbitrationState",
    "Assignment",
    "Audience",
    "BulkAction",
    "CallOutcome",
    "Case",
    "CaseSettings",
    "Category",
    "ChatMatter",
    "ChatPaste",
    "ChatState",
    "Clause",
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
    "Outcome",
    "PartPhoto",
    "PartState",
    "PartStep",
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
    "Whistle",
    "WhistleLimit",
    "WhistlePart",
    "WhistlePlan",
    "WhistleState",
    "Word",
]
