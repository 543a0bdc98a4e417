"""The words offices use in their files (파일의 낱말), and what they are here. Spaces do not matter."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from cases.proposals import Outcome
from cases.vocabulary import Kind, State

_PLAIN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """A word as it is looked up: without spaces and marks, in small letters."""
    return _PLAIN.sub("", text).casefold()


def _table(words: Mapping[str, tuple[str, ...]]) -> Mapping[str, str]:
    return MappingProxyType({plain(word): value for value, some in words.items() for word in (value, *some)})


STATES = _table(
    {
        State.RECEIVED: ("접수", "신규", "미처리", "new"),
        State.REVIEWING: ("검토", "검토중", "under review"),
        State.IN_PROGRESS: (
            "추진중",
            "추진",
            "진행",
            "진행중",
            "처리중",
            "유지",
            "정상추진",
            "going on",
            "kept",
        ),
        State.LONG_TERM: ("중장기추진", "중장기", "장기추진", "장기", "중장기검토", "long term"),
        State.DONE: ("완료", "처리완료", "종결", "답변완료", "해결", "closed", "ended"),
        State.INFEASIBLE: ("추진불가", "불가", "수용불가", "처리불가", "추진곤란", "not feasible"),
        State.HANDED_OVER: ("이송", "이첩", "타기관이송"),
        State.WITHDRAWN: ("취하", "철회"),
        State.MERGED: ("병합", "대체·통합", "대체", "통합", "중복", "replaced"),
    }
)

OUTCOMES = _table(
    {
        Outcome.ADOPTED: ("채택",),
        Outcome.ADOPTED_IN_PART: ("일부채택", "부분채택"),
        Outcome.ADOPTED_AS_AMENDED: ("수정채택",),
        Outcome.NOT_ADOPTED: ("불채택", "미채택"),
        Outcome.SECOND_REVIEW: ("재심사",),
    }
)

STATE_OF_OUTCOME: Mapping[Outcome, State] = MappingProxyType(
    {
        Outcome.ADOPTED: State.DONE,
        Outcome.ADOPTED_IN_PART: State.DONE,
        Outcome.ADOPTED_AS_AMENDED: State.DONE,
        Outcome.NOT_ADOPTED: State.DONE,
        Outcome.SECOND_REVIEW: State.REVIEWING,
    }
)
"""Where a proposal stands whose file says only how it was decided."""

KINDS = _table(
    {
        Kind.SUGGESTION: ("건의", "건의사항", "의견"),
        Kind.COMPLAINT: ("민원", "고충", "고충민원", "직소민원", "진정"),
        Kind.PROPOSAL: ("제안", "국민제안", "시민제안"),
        Kind.QUESTION: ("질의", "질의민원", "문의"),
        Kind.FINDING_CORRECT: ("시정요구", "시정"),
        Kind.FINDING_ACT: ("처리요구",),
        Kind.POLICY_TASK: ("정책과제", "과제"),
    }
)

CHANNELS = _table(
    {
        "visit": ("방문", "내방"),
        "phone": ("전화",),
        "letter": ("서면", "우편", "편지", "서신"),
        "meeting": ("소통행사", "행사", "간담회", "현장"),
        "web": ("온라인", "인터넷", "홈페이지", "누리집", "챗봇"),
    }
)

YES = frozenset({"o", "○", "●", "y", "yes", "v", "✓", "있음", "예", "ㅇ"})
