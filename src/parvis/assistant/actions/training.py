"""What the authority's own questions taught is put in force, or forgotten."""

from datetime import datetime

from django.db import transaction

from parvis.assistant.models import Calibration
from parvis.assistant.rules.training import Quality
from parvis.common import journal
from parvis.knowledge.rules.confidence import Weights
from parvis.organisations.models import Authority


@transaction.atomic
def keep_weights(
    authority: Authority,
    weights: Weights,
    *,
    questions: int,
    before: Quality,
    after: Quality,
    now: datetime,
) -> Calibration:
    """Decide with these weights from now on."""
    kept = Calibration.objects.create(
        authority=authority,
        made_at=now,
        weights=weights.as_data(),
        questions=questions,
        before=before.as_data(),
        after=after.as_data(),
    )
    journal.record(
        None, "assistant.weights_kept", kept, authority_id=authority.pk, questions=questions
    )
    return kept


@transaction.atomic
def forget_weights(authority: Authority) -> int:
    """Decide with the weights of the program again."""
    kept = Calibration.objects.filter(authority=authority)
    count = kept.count()
    if count:
        journal.record(
            None, "assistant.weights_forgotten", authority, authority_id=authority.pk, count=count
        )
        kept.delete()
    return count
