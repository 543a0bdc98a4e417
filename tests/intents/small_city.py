"""바다시, a city that does not exist: two districts, a former one that became both, few offices."""

from intents.city import Authority, City, Deadlines, Department, District, Level, Place, PlaceKind


def small_city() -> City:
    """Every kind of name that makes trouble, once."""
    return City(
        id="bada",
        name="바다광역시",
        name_en="Bada",
        zone="Asia/Seoul",
        districts=(
            District("north", "북해구", "North", former=("서구",)),
            District("south", "남해구", "South", former=("서구", "동구")),
        ),
        departments=(
            Department(
                "parking", "교통행정과", "Parking", Level.DISTRICT, ("주정차 단속",), ("불법주차", "주차장")
            ),
            Department(
                "roads",
                "도로과",
                "Roads",
                Level.DISTRICT,
                ("도로 유지보수",),
                ("가로등", "포트홀", "보도블록"),
            ),
            Department("bus", "버스정책과", "Bus", Level.CITY, ("시내버스 노선 조정",), ("버스", "배차간격")),
            Department(
                "parks", "공원녹지과", "Parks", Level.DISTRICT, ("공원 관리",), ("공원", "놀이터", "가로수")
            ),
        ),
        authorities=(Authority("kepco", "한국전력공사", "KEPCO", ("전봇대", "정전")),),
        places=(
            Place("솔밭1동", PlaceKind.ADMIN_DONG, ("north",), 37.40, 126.60),
            Place("솔밭2동", PlaceKind.ADMIN_DONG, ("north",), 37.41, 126.61),
            Place("솔밭", PlaceKind.NICKNAME, ("north",), also=("솔밭신도시",)),
            Place("경동", PlaceKind.LEGAL_DONG, ("south",)),
            Place("쌍둥동", PlaceKind.LEGAL_DONG, ("north", "south")),
            Place("갈매동", PlaceKind.ADMIN_DONG, ("south",), 37.45, 126.65),
            Place("등대공원", PlaceKind.LANDMARK, ("south",)),
            Place("무의도", PlaceKind.LANDMARK, ("south",)),
        ),
        deadlines=Deadlines({"suggestion": (14, "days")}),
    )
