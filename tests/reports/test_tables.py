"""Every table that the offices published comes out of the figures, number by number, from imported files."""

from datetime import date

from reports.gatherings import Gatherings, against_plan, gather
from reports.periods import Period
from reports.state_sets import set_of
from reports.summary import Summary, summarise
from storage.figures import count_all, read_counts
from storage.gatherings import cases_raised, meeting_plans, meetings_a_year, meetings_held, set_meeting_plan
from tests.reports.conftest import Opens
from tests.reports.files import HEAD, MEETING_HEAD, NOW, Reception, as_csv, as_xlsx, counted

YEAR_2023 = Period(date(2023, 1, 1), date(2023, 12, 31))


async def figures(reception: Reception, period: Period, name: str, of: str = "") -> Summary:
    """What the page of figures says of a slice, counted in a set."""
    await count_all(reception.database, reception.city.zone)
    async with reception.database.read() as connection:
        counts = await read_counts(connection, [of], period.first_month, period.last_month)
    return summarise(counts, set_of(name), NOW)


async def meetings(reception: Reception, period: Period, name: str = "own", **narrowed: str) -> Gatherings:
    """What the page of meetings says."""
    async with reception.database.read() as connection:
        held = await meetings_held(connection, period.first, period.last, **narrowed)
        raised = await cases_raised(connection, period.first, period.last, **narrowed)
    return gather(held, raised, set_of(name))


def parts(summary: Summary) -> dict[str, int]:
    """The parts by name, without the empty ones."""
    return {part.name: many for part, many in zip(summary.chosen.parts, summary.parts, strict=True) if many}


async def test_yeonsu_2023_what_was_raised_on_the_round_of_fifteen_dong(reception: Opens) -> None:
    yeonsu = reception("yeonsu")
    rounds = [(f"R-{at}", "동 연두방문", f"2023.1.{at + 1}.", f"연수{at}동") for at in range(1, 16)]
    await yeonsu.takes("meetings", as_csv(MEETING_HEAD, rounds))
    published = {"완료": 96, "추진중": 23, "중장기추진": 24, "추진불가": 24, "이송": 19}
    rows = [(*row, f"R-{at % 15 + 1}") for at, row in enumerate(counted("23", published))]
    await yeonsu.takes("cases", as_csv((*HEAD, "행사번호"), rows))

    summary = await figures(yeonsu, YEAR_2023, "district", "meeting:동 연두방문")
    assert summary.parts == (96, 23, 24, 24, 19)
    assert summary.total == sum(summary.parts) == 186
    page = await meetings(yeonsu, YEAR_2023, "district")
    (round_of_dong,) = page.by_kind
    assert (round_of_dong.meetings, round_of_dong.cases, round_of_dong.parts) == (15, 186, summary.parts)


async def test_the_mayors_two_visits_2023(reception: Opens) -> None:
    yeonsu = reception("yeonsu")
    visits = [("V-1", "시장방문", "2023-02-10", "연수구청"), ("V-2", "시장방문", "2023-09-14", "송도동")]
    await yeonsu.takes("meetings", as_xlsx(MEETING_HEAD, visits))
    first = [(*row, "V-1") for row in counted("가", {"추진중": 8, "검토중": 5, "추진불가": 1})]
    second = [(*row, "V-2") for row in counted("나", {"추진중": 1, "검토중": 2})]
    await yeonsu.takes("cases", as_xlsx((*HEAD, "소통행사"), [*first, *second]))

    page = await meetings(yeonsu, YEAR_2023, "visit", kind="시장방문")
    later, earlier = page.by_meeting.values()
    names = [part.name for part in set_of("visit").parts]
    assert dict(zip(names, earlier.parts, strict=True)) == {
        "in_progress": 8,
        "reviewing": 5,
        "infeasible": 1,
        "done": 0,
    }
    assert (earlier.cases, later.cases) == (14, 3)
    assert later.parts == (1, 2, 0, 0)


def meetings_of(year: int, last_month: int, counts: dict[str, int]) -> list[tuple[str, str, str, str]]:
    """Rows under MEETING_HEAD: so many of each kind, spread over the months."""
    kinds = [kind for kind, many in counts.items() for _ in range(many)]
    return [
        (f"{year}-{at}", kind, f"{year}년 {at % last_month + 1}월 {at % 28 + 1}일", f"{at}동")
        for at, kind in enumerate(kinds)
    ]


HELD_2023 = {
    "시장방문": 1,
    "동 연두방문": 15,
    "구청장 차담회": 21,
    "현장방문·공감소통": 1,
    "정책간담회": 13,
    "소통한마당": 1,
}
HELD_2024 = {"시장방문": 1, "동 연두방문": 15, "기타": 1}


async def test_yeonsus_meetings_by_kind(reception: Opens) -> None:
    yeonsu = reception("yeonsu")
    await yeonsu.takes("meetings", as_csv(MEETING_HEAD, meetings_of(2023, 12, HELD_2023)))
    await yeonsu.takes("meetings", as_csv(MEETING_HEAD, meetings_of(2024, 3, HELD_2024)))

    page = await meetings(yeonsu, YEAR_2023)
    assert {kind.name: kind.meetings for kind in page.by_kind} == HELD_2023
    assert page.whole.meetings == 52
    page = await meetings(yeonsu, Period(date(2024, 1, 1), date(2024, 3, 31)))
    assert {kind.name: kind.meetings for kind in page.by_kind} == HELD_2024
    assert page.whole.meetings == 17


async def test_yeonsus_pledge_what_was_planned_against_what_was_reached(reception: Opens) -> None:
    yeonsu = reception("yeonsu")
    for year, last_month, counts in (
        (2022, 12, {"정책간담회": 39}),
        (2023, 12, HELD_2023),
        (2024, 3, HELD_2024),
    ):
        await yeonsu.takes("meetings", as_csv(MEETING_HEAD, meetings_of(year, last_month, counts)))
    async with yeonsu.database.begin() as connection:
        for year, planned in ((2022, 20), (2023, 50), (2024, 90), (2025, 140), (2026, 200)):
            await set_meeting_plan(connection, year, planned)
    until = date(2024, 3, 31)
    async with yeonsu.database.read() as connection:
        plans = await meeting_plans(connection)
        a_year = await meetings_a_year(connection, date(2022, 1, 1), until)
    lines = against_plan(plans, a_year, until.year)
    assert [(line.planned, line.planned_percent) for line in lines] == [
        (20, 10),
        (50, 25),
        (90, 45),
        (140, 70),
        (200, 100),
    ]
    assert [(line.reached, line.reached_percent) for line in lines] == [
        (39, 19),
        (91, 45),
        (108, 54),
        (None, None),
        (None, None),
    ]


GOYANG = {
    ("2020-08-01", "2020-12-31", "동 주민자치 소통 간담회"): {
        "덕양구": (4, 21),
        "일산동구": (6, 49),
        "일산서구": (3, 16),
    },
    ("2019-08-01", "2020-02-29", "통장협의회 간담회"): {
        "덕양구": (19, 171),
        "일산동구": (11, 87),
        "일산서구": (9, 65),
    },
    ("2021-01-01", "2021-06-30", "동 주민자치 소통 간담회"): {
        "덕양구": (12, 96),
        "일산동구": (3, 18),
        "일산서구": (6, 42),
    },
    ("2021-07-01", "2021-09-30", "동 주민자치 소통 간담회"): {"덕양구": (3, 35), "일산동구": (2, 29)},
}


async def test_goyangs_meetings_with_neighbourhoods_by_district(reception: Opens) -> None:
    goyang = reception("goyang")
    held, raised = [], []
    for (first, last, kind), districts in GOYANG.items():
        for district, (dong, cases) in districts.items():
            numbers = [f"{first}/{district}/{at}" for at in range(dong)]
            held += [
                (number, kind, (first, last)[at % 2], district, f"{district} {at}동")
                for at, number in enumerate(numbers)
            ]
            raised += [(f"건의 {district}", last, "추진중", numbers[at % dong]) for at in range(cases)]
    await goyang.takes("meetings", as_csv((*MEETING_HEAD[:3], "구", "동"), held, "cp949"))
    await goyang.takes("cases", as_csv(("제목", "접수일", "처리상황", "행사"), raised, "cp949"))

    totals = {}
    for (first, last, kind), districts in GOYANG.items():
        period = Period(date.fromisoformat(first), date.fromisoformat(last))
        page = await meetings(goyang, period, kind=kind)
        found = {line.name: (line.places, line.cases) for line in page.by_district}
        names = {goyang.city.directory.place_name(one, "", "ko"): counts for one, counts in found.items()}
        assert names == districts
        totals[first] = (page.whole.places, page.whole.cases)
    assert totals == {
        "2020-08-01": (13, 86),
        "2019-08-01": (39, 323),
        "2021-01-01": (21, 156),
        "2021-07-01": (5, 64),
    }


async def test_incheons_direct_complaints(reception: Opens) -> None:
    incheon = reception("incheon")
    rows = counted("17", {"완료": 319, "불가": 121, "검토": 27}, day="2017.3.2.", kind="직소민원")
    beside = [(*row, "O" if at < 27 else "", 1 if at < 91 else "") for at, row in enumerate(rows)]
    before = counted("16", {"완료": 433}, day="16.5.9", kind="직소민원")
    head = (*HEAD, "면담", "현장방문")
    await incheon.takes(
        "cases",
        as_csv(head, [*beside, *((*row, "", "1회" if at < 65 else "-") for at, row in enumerate(before))]),
    )

    period = Period(date(2017, 1, 1), date(2017, 11, 30))
    summary = await figures(incheon, period, "direct", "kind:complaint")
    assert parts(summary) == {"done": 319, "cannot": 121, "review": 27}
    assert summary.total == 467
    assert (summary.measures.interviews, summary.measures.site_visits) == (27, 91)
    earlier = await figures(incheon, Period(date(2016, 1, 1), date(2016, 12, 31)), "direct", "kind:complaint")
    assert (earlier.total, earlier.measures.site_visits) == (433, 65)


FIELDS = {
    "행정/재정": (4, 9),
    "지역경제/일자리": (6, 4),
    "복지/여성/보건의료": (17, 8),
    "도시계획/환경": (12, 35),
    "문화/교육": (18, 3),
}


async def test_incheons_policy_tasks_by_field(reception: Opens) -> None:
    incheon = reception("incheon")
    rows: list[tuple[str, ...]] = []
    for field, (kept, new) in FIELDS.items():
        rows += [
            ("정책과제", f"{field} 과제", "2013-01-02", state, field)
            for state in ["유지"] * kept + ["신규"] * new
        ]
    rows += [
        ("정책과제", "끝난 과제", "2013-01-02", state, "") for state in ["종결"] * 24 + ["대체·통합"] * 7
    ]
    await incheon.takes("cases", as_csv(("유형", "과제명", "일자", "상태", "분야"), rows))

    summary = await figures(incheon, Period(date(2013, 1, 1), date(2013, 12, 31)), "task", "kind:policy_task")
    names = [part.name for part in summary.chosen.parts]
    assert names == ["kept", "ended", "replaced", "new"]
    by_field = {line.value: line.parts for line in summary.tables["field"].lines}
    assert by_field == {field: (kept, 0, 0, new) for field, (kept, new) in FIELDS.items()}
    assert {line.value: line.total for line in summary.tables["field"].lines} == {
        "행정/재정": 13,
        "지역경제/일자리": 10,
        "복지/여성/보건의료": 25,
        "도시계획/환경": 47,
        "문화/교육": 21,
    }
    assert summary.tables["field"].parts == (57, 0, 0, 59)
    assert summary.tables["field"].total == 116
    assert summary.parts[:3] == (57, 24, 7)
    assert sum(summary.parts[:3]) == 88


async def test_incheons_days_of_communication_and_the_councils_findings_2019(reception: Opens) -> None:
    incheon = reception("incheon")
    days = [(f"S-{at}", "시민정책 소통의 날", f"2019-0{at + 2}-11", "시청") for at in range(1, 8)]
    await incheon.takes("meetings", as_csv(MEETING_HEAD, days))
    raised = [(f"소통 건의 {at}", "2019-10-01", "완료", f"S-{at % 7 + 1}") for at in range(75)]
    await incheon.takes("cases", as_csv(("제목", "접수일", "처리상황", "행사"), raised))
    found = [
        (f"19-{at}", "처리요구" if at <= 8 else "건의", f"지적 {at}", "2019.11.20.", "진행", "행정사무감사")
        for at in range(1, 14)
    ]
    await incheon.takes("cases", as_csv((*HEAD, "분야"), found))

    period = Period(date(2019, 1, 1), date(2019, 12, 31))
    page = await meetings(incheon, period, kind="시민정책 소통의 날")
    assert (page.whole.meetings, page.whole.cases) == (7, 75)
    findings = await figures(incheon, period, "finding", "field:행정사무감사")
    assert parts(findings) == {"going_on": 13}
    assert {line.value: line.parts for line in findings.tables["kind"].lines} == {
        "finding_act": (0, 8, 0),
        "suggestion": (0, 5, 0),
    }
