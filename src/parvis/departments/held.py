"""What the room keeps about people: nothing by design; its forms ask for no names."""

from django.utils.translation import gettext_lazy as _

from parvis.common import personal
from parvis.common.personal import Activity

personal.declare(
    Activity(
        "departments.questions",
        name=_("Questions of desks to departments"),
        purpose=_("Answering people on the spot, and keeping the answer for the next ones."),
        people=_("Agents"),
        categories=_("Who asked, who answered, the question; the form asks for no names"),
        recipients=_("Reception and the department"),
        kept=_("As know-how, without term."),
        basis=_("Public task (GDPR, art. 6-1-e)"),
    ),
)
personal.nobody(
    "departments.AnswerTime", "departments.Question", "departments.QuestionStep",
    "departments.Round", "departments.RoundTopic",
)  # fmt: skip
