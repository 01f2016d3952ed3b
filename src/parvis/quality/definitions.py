"""The wording of every indicator: what is counted, out of what, and what is left out.

A change of computation raises the version of the indicator in the rules, and breaks its curve.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from parvis.common.marking import gettext_noop
from parvis.quality.rules import (
    answers,
    memory,
    promises,
    resolution,
    satisfaction,
    service,
    sheets,
    waiting,
)
from parvis.quality.rules.measures import Indicator, Unit


@dataclass(frozen=True, slots=True)
class Definition:
    """The name and the exact meaning of one indicator, as msgids."""

    indicator: Indicator
    name: str
    text: str

    @property
    def code(self) -> str:
        """The code by which pages, exports and the API name it."""
        return self.indicator.code

    @property
    def version(self) -> int:
        """The version of its computation."""
        return self.indicator.version

    @property
    def unit(self) -> Unit:
        """What its values are counted in."""
        return self.indicator.unit


_PROMISES = (
    Definition(
        promises.KEPT,
        gettext_noop("Announced wait that was right"),
        gettext_noop(
            "People whose wait until the first call lay within the range announced when they took "
            "their ticket, out of those who were told one and of whom it is known. Who left after "
            "more than was announced counts as called later; left out and counted are those who "
            "left before, were told nothing, came by appointment or let others pass."
        ),
    ),
    Definition(
        promises.KEPT_LONG,
        gettext_noop("Announced wait that was right, beyond five minutes"),
        gettext_noop(
            "The same among those who were told more than “less than five minutes”: the easy "
            "announcements are left out, so that quiet hours do not make up for busy ones."
        ),
    ),
)
_WAITING = (
    Definition(
        waiting.ON_TARGET,
        gettext_noop("Attended within the target"),
        gettext_noop(
            "People whose wait, from taking the ticket to the start of service, stayed within the "
            "target, out of those who were attended, who gave up, or who are still waiting beyond "
            "the target. Each day is held to the target that its site had that day. Transfers and "
            "appointments are counted apart."
        ),
    ),
    Definition(
        waiting.MEDIAN_WAIT,
        gettext_noop("Median wait"),
        gettext_noop(
            "Half of the people attended waited less than this, from taking the ticket to the "
            "start of service. Who gave up is left out here; the corrected median (Kaplan-Meier) "
            "takes their wait into account."
        ),
    ),
    Definition(
        waiting.LONG_WAIT,
        gettext_noop("Wait of nine people in ten"),
        gettext_noop(
            "Nine people in ten of those attended waited less than this, from taking the ticket to "
            "the start of service (percentile interpolated linearly)."
        ),
    ),
    Definition(
        waiting.CALL_WAIT,
        gettext_noop("Wait until the call"),
        gettext_noop("Median time from taking the ticket to the first call."),
    ),
    Definition(
        waiting.WALKING,
        gettext_noop("Way to the desk"),
        gettext_noop("Median time from the first call to the start of service."),
    ),
    Definition(
        waiting.TRANSFER_WAIT,
        gettext_noop("Wait after a transfer"),
        gettext_noop(
            "Median time from a transfer to the start of service at the next desk, each transfer "
            "counted by itself."
        ),
    ),
    Definition(
        waiting.APPOINTMENT_WAIT,
        gettext_noop("Wait at an appointment, due to us"),
        gettext_noop(
            "Median time from the appointment, or from the arrival when the person came later, to "
            "the start of service."
        ),
    ),
    Definition(
        waiting.APPOINTMENT_EARLY,
        gettext_noop("Early arrival at an appointment"),
        gettext_noop("Median time from an early arrival to the hour of the appointment."),
    ),
    Definition(
        waiting.APPOINTMENT_LATE,
        gettext_noop("Late arrival at an appointment"),
        gettext_noop("Median time from the hour of the appointment to a late arrival."),
    ),
    Definition(
        waiting.IN_BUILDING,
        gettext_noop("Time in the building"),
        gettext_noop(
            "Median time from taking the ticket to the end of the last service, transfers included."
        ),
    ),
    Definition(
        waiting.ABANDONMENT,
        gettext_noop("People who gave up"),
        gettext_noop(
            "Tickets whose holder left, or was called at least twice without coming, out of all "
            "tickets taken."
        ),
    ),
    Definition(
        service.SERVICE_TIME,
        gettext_noop("Time at the desk"),
        gettext_noop(
            "Median time from the start to the end of service. Entries under 15 seconds, or beyond "
            "the 99.5th percentile of their topic, are put aside to be checked."
        ),
    ),
)

_RESOLUTION = (
    Definition(
        resolution.NET,
        gettext_noop("Solved at first contact, net"),
        gettext_noop(
            "First contacts that were closed as solved and whose person did not come back about "
            "the same family of topics within the window (14 calendar days unless the topic says "
            "otherwise), on any channel, out of first contacts. Left out and counted: contacts "
            "that cannot be linked to a person, those too recent to know, and those that cannot be "
            "solved by nature, such as mere drop-offs."
        ),
    ),
    Definition(
        resolution.DECLARED,
        gettext_noop("Solved at first contact, declared"),
        gettext_noop(
            "Contacts that the agent closed as solved now, out of all contacts with an agent."
        ),
    ),
    Definition(
        resolution.CONFIRMED,
        gettext_noop("Solved at first contact, confirmed"),
        gettext_noop(
            "Contacts that the person says were solved, out of those who answered the question. "
            "Contacts known to be repeats are left out and counted."
        ),
    ),
    Definition(
        resolution.NOT_REPEATED,
        gettext_noop("First contacts without repeat"),
        gettext_noop(
            "First contacts whose person did not come back about the same family of topics within "
            "the window, out of first contacts. An upper bound when few contacts can be linked."
        ),
    ),
    Definition(
        resolution.GAP,
        gettext_noop("Gap between declared and net"),
        gettext_noop(
            "Declared minus net resolution, as a difference of shares: how much is called solved "
            "that does not stay so."
        ),
    ),
    Definition(
        resolution.LINK_RATE,
        gettext_noop("Contacts linked to a person"),
        gettext_noop(
            "Contacts that can be linked to a person, by case, account, telephone, e-mail or the "
            "agent, out of all contacts. Repeats can only be seen among these."
        ),
    ),
    Definition(
        resolution.REPEAT_RATE,
        gettext_noop("Repeat contacts"),
        gettext_noop(
            "Contacts that follow an earlier one of the same person about the same family of "
            "topics within the window, out of contacts linked to a person."
        ),
    ),
)

_SATISFACTION = (
    Definition(
        satisfaction.SATISFIED,
        gettext_noop("Satisfaction"),
        gettext_noop(
            "Answers of 4 or 5 on a scale of 1 to 5, out of all answers with a score, with "
            "Wilson's interval (95 in 100)."
        ),
    ),
    Definition(
        satisfaction.RESPONSE_RATE,
        gettext_noop("Response rate"),
        gettext_noop("Completed answers out of invitations delivered; bounces are left out."),
    ),
    Definition(
        satisfaction.COVERAGE,
        gettext_noop("Coverage of the survey"),
        gettext_noop("Invitations sent out of all contacts."),
    ),
)

_ANSWERS = (
    Definition(
        answers.WITH_VISITOR,
        gettext_noop("Answer of a department, visitor at the desk"),
        gettext_noop(
            "Median time from the question of a desk to the answer of the department, asked with "
            "the visitor there. Questions without answer are left out here and counted below."
        ),
    ),
    Definition(
        answers.WITHOUT,
        gettext_noop("Answer of a department, no visitor"),
        gettext_noop(
            "Median time from the question of a desk to the answer of the department, nights and "
            "closed days included, asked without a visitor."
        ),
    ),
    Definition(
        answers.KEPT,
        gettext_noop("Answers of departments within the time promised"),
        gettext_noop(
            "Questions answered by the time promised when they were asked (minutes with a "
            "visitor, else open hours), out of those answered, closed without answer, or still "
            "open beyond that time. Left out and counted: those taken back, answered from an "
            "earlier answer, or not yet due."
        ),
    ),
    Definition(
        answers.UNANSWERED,
        gettext_noop("Questions that no department answered"),
        gettext_noop(
            "Questions closed without answer or still open beyond the time promised, out of the "
            "same questions."
        ),
    ),
    Definition(
        answers.ESCALATED,
        gettext_noop("Questions that went on to somebody else"),
        gettext_noop(
            "Questions for which more than one person was asked, because the first did not answer "
            "in time, was out or gave it to another service, out of the same questions."
        ),
    ),
)

_MEMORY = (
    Definition(
        memory.SINGLE_HOLDER,
        gettext_noop("Cases held by one colleague alone"),
        gettext_noop(
            "Open cases that exactly one colleague has read or acted on in the last 30 days, out "
            "of all cases open at the end of the period. Calendar days, closed ones included. A "
            "case that was put into another one counts with it; what programs do does not count. "
            "A case that was closed and reopened since is taken for open."
        ),
    ),
    Definition(
        memory.TAKEOVER,
        gettext_noop("Time until a case is taken over"),
        gettext_noop(
            "Median time from a hand-over to a colleague or service to the first act of the "
            "receiver, who accepts it or acts; nights and closed days included. An offer counts "
            "once it is accepted. Left out and counted: those on which the receiver has not acted "
            "yet, and those passed on again before."
        ),
    ),
    Definition(
        memory.COMPLETE,
        gettext_noop("Gestures with author, time and reason"),
        gettext_noop(
            "Hand-overs, transfers, answers, reopenings, merges and internal notes that bear an "
            "author and a reason in words (time is always there), out of all of them. Left out "
            "and counted: what the house does by itself when somebody leaves."
        ),
    ),
    Definition(
        memory.RECEIVED,
        gettext_noop("Transmissions that were received"),
        gettext_noop(
            "Hand-overs and transfers whose receiver opened the case, that day or later, or acted "
            "on it, out of all of them. Left out and counted: those of less than two days that "
            "nobody opened yet."
        ),
    ),
    Definition(
        memory.SHOWN,
        gettext_noop("Transmissions that the person can read"),
        gettext_noop(
            "Hand-overs and transfers that stand on the page of the person, out of all of them."
        ),
    ),
)

# Beside those that are measured for a period: the sheets have a page of their own.
SHEETS: Final = {
    one.code: one
    for one in (
        Definition(
            sheets.COVERAGE,
            gettext_noop("Contacts on a topic that has a sheet"),
            gettext_noop(
                "Contacts of the period whose topic has at least one published sheet, of the house "
                "or national, out of all contacts: topics weigh as much as people come for them."
            ),
        ),
        Definition(
            sheets.USED,
            gettext_noop("Contacts in which a sheet helped"),
            gettext_noop(
                "Contacts of the period with which a sheet was noted as one that helped, out of "
                "all contacts. What was read and not noted does not count."
            ),
        ),
        Definition(
            sheets.FRESHNESS,
            gettext_noop("Sheets within their date"),
            gettext_noop(
                "Published sheets of the house whose next check is not past today, urgent "
                "corrections included, out of all published ones."
            ),
        ),
        Definition(
            sheets.KEEPER,
            gettext_noop("Sheets with a keeper"),
            gettext_noop(
                "Published sheets of the house with a colleague who keeps them and still works "
                "here, out of all published ones."
            ),
        ),
        Definition(
            sheets.TOPICS,
            gettext_noop("Topics with a sheet"),
            gettext_noop(
                "Topics in use that have at least one published sheet, of the house or national, "
                "out of all topics in use."
            ),
        ),
    )
}

DEFINITIONS: Final[Mapping[str, Definition]] = {
    definition.code: definition
    for definition in (*_WAITING, *_PROMISES, *_RESOLUTION, *_SATISFACTION, *_ANSWERS, *_MEMORY)
}
