"""Questions of real conversations of which somebody said whether the answer was right.

Kept apart from the rest: it is the only place that reads conversations to learn from them. The
words were masked before they were kept.
"""

from collections.abc import Iterator

from django.db.models import Q

from parvis.assistant.models import Conversation, Turn
from parvis.knowledge.search.evaluation import Question

MOST = 2000  # the latest conversations
QUOTING = {Turn.Kind.ANSWER, Turn.Kind.ASKS_BACK}  # turns that quote a sheet


def confirmed_questions(authority_id: int) -> list[Question]:
    """What people confirmed or a reviewer judged, with the sheets that answered."""
    right = Q(verdict=Conversation.Verdict.RIGHT) | Q(verdict="", helped=True)
    judged = Conversation.objects.filter(
        right | Q(verdict=Conversation.Verdict.WRONG), authority_id=authority_id
    )
    found = []
    for conversation in judged.order_by("-last_at")[:MOST]:
        found += list(_last_answer(conversation))
    return found


def _last_answer(conversation: Conversation) -> Iterator[Question]:
    """The last answer and its question: what "it helped" and a verdict speak of."""
    turns = list(conversation.said.order_by("number"))
    answers = [turn for turn in turns if turn.kind in QUOTING]
    if not answers:
        return
    asked = [t for t in turns if t.kind == Turn.Kind.QUESTION and t.number < answers[-1].number]
    if not asked or not asked[-1].text:
        return
    refs = frozenset(_refs(answers[-1]))
    if conversation.verdict == Conversation.Verdict.WRONG:
        yield Question(asked[-1].text, frozenset(), "no_sheet")
    elif refs:
        yield Question(asked[-1].text, refs, "confirmed")


def _refs(turn: Turn) -> Iterator[str]:
    for passage in turn.data.get("passages", []):
        if isinstance(passage, dict) and passage.get("ref"):
            yield str(passage["ref"])
