"""Known questions are asked again, so that the curve shows the sheets of today."""

from datetime import datetime

from django.db import transaction

from parvis.assistant.models import Measured
from parvis.assistant.queries import deciding, measured

MOST = 1000


def measure_known(authority_id: int, *, now: datetime) -> int:
    """Ask every known question of an authority as its public would; gives back how many."""
    questions = measured.questions_known(authority_id)[:MOST]
    rows = [measured.as_row(one) for one in deciding.examples(questions, authority_id=authority_id)]
    with transaction.atomic():  # the searches are over: nobody waits for them
        Measured.objects.update_or_create(
            authority_id=authority_id, defaults={"made_at": now, "examples": rows}
        )
    return len(rows)
