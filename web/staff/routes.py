"""The table of the console's pages: each with its path and who may open it. Nothing is served but these."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from web.staff import (
    account,
    acting,
    activities,
    answers,
    bulk,
    card,
    conflicts,
    consult,
    dead,
    exports,
    figures,
    figures_meetings,
    groups,
    imports,
    listing,
    mine,
    people,
    rounds,
    signin,
    views,
    why,
)
from web.staff.desk_routes import DESK_PAGES
from web.staff.door import CHANGE_PASSWORD, Door
from web.staff.pages import Console, Page
from web.staff.passwords import Passwords
from web.staff.rights import ADMINS, BINDERS, DESK, EVERYONE, HANDLERS
from web.staff.rights_routes import RIGHTS_PAGES, add_joining
from web.staff.services import StaffServices
from web.staff.wording import Wording

SIGN_IN = "/staff/sign-in"
"""The one page that opens without a session."""

_ACCOUNT = "/staff/account"
_PEOPLE = "/staff/people"

PAGES: tuple[Page, ...] = (
    *DESK_PAGES,
    *RIGHTS_PAGES,
    Page(method="GET", path="/staff/day", roles=EVERYONE, show=mine.show_day),
    Page(method="GET", path="/staff", roles=EVERYONE, show=listing.show_list),
    Page(method="GET", path="/staff/answers", roles=BINDERS, show=answers.show_answers),
    Page(method="POST", path="/staff/answers", roles=BINDERS, show=answers.add),
    Page(method="POST", path="/staff/answers/{id}", roles=BINDERS, show=answers.change),
    Page(method="POST", path="/staff/several", roles=HANDLERS, show=bulk.several),
    Page(method="POST", path="/staff/views", roles=EVERYONE, show=views.save),
    Page(method="POST", path="/staff/views/{id}", roles=EVERYONE, show=views.remove),
    Page(method="GET", path="/staff/cases/{number}", roles=EVERYONE, show=card.show_card),
    Page(method="GET", path="/staff/cases/{number}/print", roles=EVERYONE, show=card.show_printed),
    Page(method="GET", path="/staff/cases/{number}/why", roles=HANDLERS, show=why.show_why),
    Page(method="GET", path="/staff/cases/{number}/map.svg", roles=EVERYONE, show=card.show_map),
    Page(method="GET", path="/staff/conflicts", roles=HANDLERS, show=conflicts.show_conflicts),
    Page(method="POST", path="/staff/cases/{number}/conflict", roles=HANDLERS, show=conflicts.grade),
    Page(method="POST", path="/staff/cases/{number}/consult", roles=HANDLERS, show=consult.consult),
    Page(method="POST", path="/staff/cases/{number}/consult/{id}", roles=HANDLERS, show=consult.take_part),
    Page(method="POST", path="/staff/cases/{number}/{action}", roles=HANDLERS, show=acting.act),
    Page(method="GET", path="/staff/photos/{name}", roles=HANDLERS, show=card.show_photo),
    Page(method="GET", path=CHANGE_PASSWORD, roles=EVERYONE, show=account.show_password, before_change=True),
    Page(
        method="POST", path=CHANGE_PASSWORD, roles=EVERYONE, show=account.change_password, before_change=True
    ),
    Page(method="POST", path="/staff/sign-out", roles=EVERYONE, show=signin.sign_out, before_change=True),
    Page(method="GET", path=_ACCOUNT, roles=EVERYONE, show=account.show_account),
    Page(method="POST", path=f"{_ACCOUNT}/language", roles=EVERYONE, show=account.change_language),
    Page(method="POST", path=f"{_ACCOUNT}/totp", roles=EVERYONE, show=account.begin_totp),
    Page(method="GET", path=f"{_ACCOUNT}/totp.svg", roles=EVERYONE, show=account.show_totp_picture),
    Page(method="POST", path=f"{_ACCOUNT}/totp/confirm", roles=EVERYONE, show=account.confirm_totp),
    Page(method="POST", path=f"{_ACCOUNT}/totp/end", roles=EVERYONE, show=account.end_totp),
    Page(method="POST", path=f"{_ACCOUNT}/sessions/end", roles=EVERYONE, show=account.end_one_session),
    Page(
        method="POST", path=f"{_ACCOUNT}/sessions/end-others", roles=EVERYONE, show=account.end_other_sessions
    ),
    Page(method="GET", path=_PEOPLE, roles=ADMINS, show=people.show_people),
    Page(method="POST", path=_PEOPLE, roles=ADMINS, show=people.add_person),
    Page(method="GET", path=f"{_PEOPLE}/{{id}}", roles=ADMINS, show=people.show_person),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}", roles=ADMINS, show=people.save_person),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}/offices", roles=ADMINS, show=people.add_office),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}/offices/remove", roles=ADMINS, show=people.remove_office),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}/active", roles=ADMINS, show=people.set_active),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}/password", roles=ADMINS, show=people.reset_password),
    Page(method="POST", path=f"{_PEOPLE}/{{id}}/totp", roles=ADMINS, show=people.remove_totp),
    Page(method="GET", path="/staff/figures", roles=EVERYONE, show=figures.show_figures),
    Page(method="GET", path=figures_meetings.PATH, roles=EVERYONE, show=figures_meetings.show_meetings),
    Page(
        method="POST",
        path=figures_meetings.PATH,
        roles=figures_meetings.PLANNERS,
        show=figures_meetings.set_plan,
    ),
    Page(method="GET", path=imports.PATH, roles=imports.IMPORTERS, show=imports.show_imports),
    Page(method="POST", path=imports.PATH, roles=imports.IMPORTERS, show=imports.hand_in, takes_file=True),
    Page(
        method="GET",
        path=f"{imports.PATH}/sample/{{kind}}",
        roles=imports.IMPORTERS,
        show=imports.show_sample,
    ),
    Page(method="GET", path=f"{imports.PATH}/{{id}}", roles=imports.IMPORTERS, show=imports.show_import),
    Page(method="POST", path=f"{imports.PATH}/{{id}}", roles=imports.IMPORTERS, show=imports.take),
    Page(method="GET", path="/staff/export.{ending}", roles=EVERYONE, show=exports.export),
    Page(method="POST", path="/staff/activities/{number}", roles=HANDLERS, show=activities.add),
    Page(method="GET", path="/staff/rounds", roles=EVERYONE, show=rounds.show_rounds),
    Page(method="GET", path="/staff/groups", roles=BINDERS, show=groups.show_groups),
    Page(method="POST", path="/staff/groups", roles=BINDERS, show=groups.make_group_code),
    Page(method="POST", path="/staff/groups/{id}/unbind", roles=BINDERS, show=groups.unbind_group),
    Page(method="GET", path="/staff/dead", roles=DESK, show=dead.show_dead),
    Page(method="POST", path="/staff/dead/{id}", roles=DESK, show=dead.resend),
)


def staff_router(services: StaffServices) -> APIRouter:
    """The console over `services`, to be mounted by `web.app.create_app`."""
    console = Console(services=services, wording=Wording(services.world), passwords=Passwords())
    router = APIRouter()

    async def show_sign_in(request: Request) -> Response:
        return await signin.show_sign_in(console, request)

    async def sign_in(request: Request) -> Response:
        return await signin.sign_in(console, request)

    add_joining(router, console)
    router.add_route(SIGN_IN, show_sign_in, methods=["GET"], include_in_schema=False)
    router.add_route(SIGN_IN, sign_in, methods=["POST"], include_in_schema=False)
    for page in PAGES:
        router.add_route(page.path, Door(console, page).enter, methods=[page.method], include_in_schema=False)
    return router
