"""What every action of a question needs: the row held, the trail written, the news told."""

from datetime import datetime

from parvis.accounts.models import Agent
from parvis.common import journal
from parvis.common.events import emit
from parvis.departments.events import QuestionMoved
from parvis.departments.models import Question, QuestionStep
from parvis.organisations.models import Service


def locked(question_id: int) -> Question | None:
    """The question as it is now, held until the end of the transaction."""
    rows = Question.objects.select_for_update(of=("self",))
    return rows.select_related("service", "authority", "site").filter(pk=question_id).first()


def write(
    question: Question,
    verb: QuestionStep.Verb,
    *,
    now: datetime,
    agent: Agent | None = None,
    to_id: int | None = None,
    step: str = "",
    words: str = "",
    service: Service | None = None,
) -> None:
    """One line of the trail, the same in the journal, and the news for the screens."""
    QuestionStep.objects.create(
        question=question,
        verb=verb,
        at=now,
        agent=agent,
        to_id=to_id,
        step=step,
        words=words[:300],
        service=service or question.service,
    )
    journal.record(
        agent,
        f"departments.question_{verb}",
        question,
        authority_id=question.authority_id,
        service=(service or question.service).pk,
        **({"to": to_id} if to_id else {}),
        **({"step": step} if step else {}),
    )
    emit(QuestionMoved(question.pk, question.authority_id, str(verb), now))
