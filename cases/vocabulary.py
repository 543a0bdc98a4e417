"""The words every other room uses for a case: states, kinds, actions, roles.

Values are stored in the database and appear in files, so they never change; their Korean and
English names live in the locales (`state.received`, `kind.suggestion`, `action.take` …).
"""

from enum import StrEnum
from typing import NewType

OfficeId = NewType("OfficeId", str)
"""Who receives a ticket (담당 부서). `budget` a city department, `yeonsu/parking` a district's one,
`@police` another authority (이송 기관), `desk` the intake desk (접수창구)."""

INTAKE_DESK = OfficeId("desk")


class State(StrEnum):
    """Where a case stands (처리상황)."""

    RECEIVED = "received"  # 접수
    REVIEWING = "reviewing"  # 검토중
    IN_PROGRESS = "in_progress"  # 추진중
    LONG_TERM = "long_term"  # 중장기추진
    DONE = "done"  # 완료
    INFEASIBLE = "infeasible"  # 추진불가
    HANDED_OVER = "handed_over"  # 이송
    WITHDRAWN = "withdrawn"  # 취하
    MERGED = "merged"  # 병합

    @property
    def is_open(self) -> bool:
        """True until the case was closed in one of the five ways."""
        return self in OPEN_STATES


OPEN_STATES = frozenset({State.RECEIVED, State.REVIEWING, State.IN_PROGRESS, State.LONG_TERM})


class Kind(StrEnum):
    """What sort of thing was raised (유형)."""

    SUGGESTION = "suggestion"  # 건의
    COMPLAINT = "complaint"  # 민원 (고충)
    PROPOSAL = "proposal"  # 제안
    QUESTION = "question"  # 질의
    FINDING_CORRECT = "finding_correct"  # 시정요구 (의회 지적사항)
    FINDING_ACT = "finding_act"  # 처리요구 (의회 지적사항)
    POLICY_TASK = "policy_task"  # 정책과제


RESIDENT_KINDS = frozenset({Kind.SUGGESTION, Kind.COMPLAINT, Kind.PROPOSAL, Kind.QUESTION})
"""What residents raise; the other kinds are entered or imported by staff."""


class Role(StrEnum):
    """What a person may do to a case; the first two are residents, the last stands for the program."""

    RAISER = "raiser"  # 건의자
    SUPPORTER = "supporter"  # 공감한 주민
    OFFICER = "officer"  # 담당자
    HEAD = "head"  # 부서장
    DESK = "desk"  # 접수창구
    ADMIN = "admin"  # 관리자
    READER = "reader"  # 열람자 (의회 등)
    SYSTEM = "system"  # 자동


class Action(StrEnum):
    """Everything that can happen to a case, by staff or by the person who raised it."""

    FILE = "file"  # 접수
    TAKE = "take"  # 담당 (검토 시작)
    START = "start"  # 추진 시작
    ASK = "ask"  # 건의자에게 질문
    REPLY = "reply"  # 건의자의 답변
    MOVE = "move"  # 다른 부서로 이관
    LONG_TERM = "long_term"  # 중장기추진으로
    EXTEND = "extend"  # 처리기한 연장
    INFEASIBLE = "infeasible"  # 추진불가로 종결
    HAND_OVER = "hand_over"  # 다른 기관으로 이송
    ANSWER = "answer"  # 답변하고 완료
    NOTE = "note"  # 내부 메모
    PROGRESS = "progress"  # 추진 상황 알림
    ADD = "add"  # 건의자의 내용 추가
    SUPPORT = "support"  # 공감
    WITHDRAW = "withdraw"  # 취하
    RATE = "rate"  # 만족도
    SECOND_LOOK = "second_look"  # 재검토 요청
    MERGE = "merge"  # 병합
    CONFIRM = "confirm"  # 접수창구의 배정 확인
    PHONED = "phoned"  # 전화로 알림
