"""The pages of the intake desk and of meetings: rows of the console's table."""

from web.staff import desk, desk_entry, meetings, meetings_account, meetings_poster, review
from web.staff.pages import Page
from web.staff.rights import BINDERS, DESK, EVERYONE, HANDLERS

_DESK = "/staff/desk"
_MEETINGS = "/staff/meetings"
_MEETING = "/staff/meetings/{id}"

DESK_PAGES: tuple[Page, ...] = (
    Page(method="GET", path=_DESK, roles=DESK, show=desk.show_desk),
    Page(method="GET", path=f"{_DESK}/new", roles=HANDLERS, show=desk_entry.show_entry),
    Page(method="POST", path=f"{_DESK}/new", roles=HANDLERS, show=desk_entry.save_entry),
    Page(method="POST", path=f"{_DESK}/understood", roles=HANDLERS, show=desk_entry.show_understood),
    Page(method="GET", path=f"{_DESK}/done/{{number}}", roles=HANDLERS, show=desk_entry.show_done),
    Page(method="GET", path=f"{_DESK}/review", roles=DESK, show=review.show_review),
    Page(method="POST", path=f"{_DESK}/review/{{number}}", roles=DESK, show=review.decide_review),
    Page(method="GET", path="/staff/calls", roles=HANDLERS, show=desk.show_calls),
    Page(method="POST", path="/staff/cases/{number}/phoned", roles=HANDLERS, show=desk.note_call),
    Page(
        method="POST",
        path="/staff/cases/{number}/forget-contact",
        roles=HANDLERS,
        show=desk.forget_contact,
    ),
    Page(method="GET", path=_MEETINGS, roles=EVERYONE, show=meetings.show_meetings),
    Page(method="GET", path=f"{_MEETINGS}/new", roles=BINDERS, show=meetings.show_new),
    Page(method="POST", path=f"{_MEETINGS}/new", roles=BINDERS, show=meetings.add),
    Page(method="GET", path=_MEETING, roles=EVERYONE, show=meetings.show_meeting),
    Page(method="POST", path=_MEETING, roles=BINDERS, show=meetings.save),
    Page(method="GET", path=f"{_MEETING}/live", roles=EVERYONE, show=meetings_account.show_live),
    Page(method="GET", path=f"{_MEETING}/live/part", roles=EVERYONE, show=meetings_account.show_live_part),
    Page(method="GET", path=f"{_MEETING}/account", roles=EVERYONE, show=meetings_account.show_account),
    Page(method="GET", path=f"{_MEETING}/poster", roles=EVERYONE, show=meetings_poster.show_poster),
    Page(method="GET", path=f"{_MEETING}/code.svg", roles=EVERYONE, show=meetings_poster.show_code),
    Page(
        method="GET", path=f"{_MEETING}/telegram.svg", roles=EVERYONE, show=meetings_poster.show_telegram_code
    ),
)
