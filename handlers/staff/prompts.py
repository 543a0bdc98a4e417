"""Asking a group for words (답장 요청): the prompt, and what it remembers in its own row."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cases.vocabulary import Action, OfficeId
from handlers.replies import Param, Reply, office, said, term
from handlers.scene import Scene
from handlers.staff.cards import who
from storage.casebook import Case
from storage.prompts import Shown

PROMPTS: Mapping[Action, str] = MappingProxyType(
    {
        Action.ASK: "staff.prompt_ask",
        Action.ANSWER: "staff.prompt_answer",
        Action.PROGRESS: "staff.prompt_progress",
        Action.MOVE: "staff.prompt_move",
        Action.HAND_OVER: "staff.prompt_hand_over",
        Action.LONG_TERM: "staff.prompt_long_term",
        Action.EXTEND: "staff.prompt_extend",
        Action.INFEASIBLE: "staff.prompt_infeasible",
    }
)
"""What a group is asked for before the action can be done."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """What an answer to a message is for: the case, the action, and the card it began on.

    `words` and `offices` are there while one of several offices has to be chosen.
    """

    case_id: int
    action: Action
    card: str = ""
    words: str = ""
    offices: tuple[OfficeId, ...] = ()

    @classmethod
    def of(cls, shown: Shown) -> "Prompt | None":
        """The prompt that a message was, or None when it was none."""
        params = shown.params
        case_id, action, offices = params.get("case"), params.get("action"), params.get("offices", [])
        if not isinstance(case_id, int) or action not in PROMPTS or not isinstance(offices, list):
            return None
        return cls(
            case_id,
            Action(str(action)),
            str(params.get("card", "")),
            str(params.get("reason", "")),
            tuple(OfficeId(str(one)) for one in offices),
        )

    def remembered(self) -> dict[str, Param]:
        """What the message's row keeps, so that nothing is held in memory."""
        return {
            "case": self.case_id,
            "action": self.action.value,
            "card": self.card,
            "reason": self.words,
            "offices": list(self.offices),
        }


def ask(scene: Scene, case: Case, prompt: Prompt, problem: str = "") -> Reply:
    """Ask the member who pressed for what is missing; `problem` words why it is asked again."""
    params: dict[str, Param] = prompt.remembered() | {
        "number": str(case.number),
        "title": case.title,
        "office": office(case.office),
        "who": who(scene),
        "who_id": scene.turn.author.id if scene.turn.author else "",
        "force_reply": 1,
    }
    template = PROMPTS[prompt.action]
    if not problem:
        return Reply(template, params, case_id=case.id)
    again = said(template, **params)
    return Reply("staff.prompt_again", params | {"problem": term(problem), "prompt": again}, case_id=case.id)
