"""Why a case lies at its office (배정 이유): the words that speak for it, and confirmed cases like it."""

from starlette.responses import Response

from handlers.why import explain
from storage.casebook import case_by_number
from web.staff.card import visible_case
from web.staff.pages import Visit
from web.staff.rights import may_see


async def show_why(visit: Visit) -> Response:
    """The reasons on a page of their own: they are reckoned when they are asked for, not with every card."""
    case = await visible_case(visit)
    async with visit.console.database.read() as connection:
        why = await explain(connection, visit.console.services.world, case)
        alike = [await case_by_number(connection, number) for number in why.cases]
        seen = [one for one in alike if one is not None and await may_see(connection, visit.staff, one)]
    return visit.page("why.html", case=case, why=why, alike=seen)
