"""What went wrong, in the words of people and of colleagues."""

from parvis.feedback import actions
from tests.accounts.factories import ines
from tests.cases.factories import NOON, windows
from tests.support.canaries import Aviary


def complaints(aviary: Aviary) -> None:
    case = windows().case
    actions.complain(
        case,
        now=NOON,
        words=aviary.word("complaint"),
        wanted=aviary.word("complaint, what would put it right"),
    )
    actions.report_incident(
        agent=ines(), now=NOON, kind="words", severity=1, words=aviary.word("incident"), case=case
    )


PLANTED = [complaints]
