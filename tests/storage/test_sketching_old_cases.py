"""Cases filed before there were keys are found as similar after the migration, on both databases."""

from sqlalchemy import select

from storage.casebook import change
from storage.engine import Database
from storage.migrate import downgrade, migrate
from storage.similar import similar_public
from storage.tables import CaseKeyRow, CaseRow
from tests.storage.scenery import NOW, file_one


async def test_open_cases_of_before_are_found_as_similar_and_withdrawn_ones_not(database_url: str) -> None:
    await migrate(database_url)
    filing = Database(database_url)
    async with filing.begin() as connection:
        case, withdrawn = await file_one(connection), await file_one(connection)
        assert await change(connection, withdrawn, {"state": "withdrawn"}, NOW)
    await filing.close()
    await downgrade(database_url, "0004")
    await migrate(database_url)
    finding = Database(database_url)
    async with finding.read() as connection:
        found = await similar_public(
            connection, text=case.text, district="yeonsu", place="", without=None, at_least=0.9
        )
        forms = list((await connection.execute(select(CaseRow.form).order_by(CaseRow.id))).scalars())
        keys = set((await connection.execute(select(CaseKeyRow.case_id))).scalars())
    await finding.close()
    assert [one.case.id for one in found] == [case.id]
    assert forms == [case.form, None]
    assert keys == {case.id}
