"""The pages of rights: invitations and what their links open, the sealed log, edits of the pack."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.staff import audit, editing, invitations, joining
from web.staff.pages import Console, Page
from web.staff.rights import ADMINS

JOIN = f"{invitations.JOIN}/{{token}}"
"""The page behind an invitation's link, which is its key: it opens without a session."""

_INVITATIONS = "/staff/invitations"

RIGHTS_PAGES: tuple[Page, ...] = (
    Page(method="GET", path=_INVITATIONS, roles=ADMINS, show=invitations.show_invitations),
    Page(method="POST", path=_INVITATIONS, roles=ADMINS, show=invitations.make_invitation),
    Page(
        method="POST", path=f"{_INVITATIONS}/{{id}}/end", roles=ADMINS, show=invitations.withdraw_invitation
    ),
    Page(method="GET", path="/staff/pack", roles=ADMINS, show=editing.show_pack),
    Page(method="GET", path="/staff/pack/department/{id}", roles=ADMINS, show=editing.show_department),
    Page(method="POST", path="/staff/pack/{kind}", roles=ADMINS, show=editing.save_edit),
    Page(method="GET", path="/staff/audit", roles=ADMINS, show=audit.show_audit),
)


def add_joining(router: APIRouter, console: Console) -> None:
    """Let invitations be used."""

    async def show_joining(request: Request) -> Response:
        return await joining.show_joining(console, request)

    async def join(request: Request) -> Response:
        return await joining.join(console, request)

    router.add_route(JOIN, show_joining, methods=["GET"], include_in_schema=False)
    router.add_route(JOIN, join, methods=["POST"], include_in_schema=False)
