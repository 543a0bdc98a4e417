"""All tables. Importing this package makes `Base.metadata` complete."""

from storage.tables.casework import (
    AttachmentRow,
    CaseCounterRow,
    CaseEventRow,
    CaseRow,
    MeetingRow,
    SupportRow,
)
from storage.tables.running import ChannelRow, LeaseRow
from storage.tables.schedule import JobRunRow
from storage.tables.staff import BindCodeRow, StaffOfficeRow, StaffRow, StaffSessionRow, ThrottleRow
from storage.tables.talk import ConversationRow, InboxRow, OutboxRow, ResidentRow
from storage.tables.types import Base, JsonObject

__all__ = [
    "AttachmentRow",
    "Base",
    "BindCodeRow",
    "CaseCounterRow",
    "CaseEventRow",
    "CaseRow",
    "ChannelRow",
    "ConversationRow",
    "InboxRow",
    "JobRunRow",
    "JsonObject",
    "LeaseRow",
    "MeetingRow",
    "OutboxRow",
    "ResidentRow",
    "StaffOfficeRow",
    "StaffRow",
    "StaffSessionRow",
    "SupportRow",
    "ThrottleRow",
]
