"""All tables. Importing this package makes `Base.metadata` complete."""

from storage.tables.casework import (
    AttachmentRow,
    CaseCounterRow,
    CaseEventRow,
    CaseRow,
    MeetingRow,
    SupportRow,
)
from storage.tables.console import (
    AnswerRow,
    CaseConflictRow,
    CaseWordRow,
    ConsultationLineRow,
    ConsultationRow,
    SavedViewRow,
)
from storage.tables.desk import CaseContactRow, DeskEntryRow
from storage.tables.figures import (
    ActivityRow,
    CountedRow,
    CountingRow,
    FigureRow,
    ImportRunRow,
    MeetingPlanRow,
)
from storage.tables.learning import RoutingLessonRow, RoutingModelRow
from storage.tables.rights import AuditEntryRow, AuditHeadRow, InvitationRow, MarkRow, PackEditRow
from storage.tables.running import ChannelRow, LeaseRow
from storage.tables.schedule import JobRunRow
from storage.tables.similar import CaseKeyRow
from storage.tables.staff import BindCodeRow, StaffOfficeRow, StaffRow, StaffSessionRow, ThrottleRow
from storage.tables.talk import ConversationRow, InboxRow, OutboxRow, ResidentRow
from storage.tables.types import Base, JsonObject

__all__ = [
    "ActivityRow",
    "AnswerRow",
    "AttachmentRow",
    "AuditEntryRow",
    "AuditHeadRow",
    "Base",
    "BindCodeRow",
    "CaseConflictRow",
    "CaseContactRow",
    "CaseCounterRow",
    "CaseEventRow",
    "CaseKeyRow",
    "CaseRow",
    "CaseWordRow",
    "ChannelRow",
    "ConsultationLineRow",
    "ConsultationRow",
    "ConversationRow",
    "CountedRow",
    "CountingRow",
    "DeskEntryRow",
    "FigureRow",
    "ImportRunRow",
    "InboxRow",
    "InvitationRow",
    "JobRunRow",
    "JsonObject",
    "LeaseRow",
    "MarkRow",
    "MeetingPlanRow",
    "MeetingRow",
    "OutboxRow",
    "PackEditRow",
    "ResidentRow",
    "RoutingLessonRow",
    "RoutingModelRow",
    "SavedViewRow",
    "StaffOfficeRow",
    "StaffRow",
    "StaffSessionRow",
    "SupportRow",
    "ThrottleRow",
]
