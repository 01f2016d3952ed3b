"""What the authority says of its procedures: written, checked against the source, used."""

from collections.abc import Collection, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.cases.models import Procedure, ProcedureTopic
from parvis.common import journal
from parvis.common.access import Actor
from parvis.common.errors import Refused
from parvis.organisations.models import Topic


@transaction.atomic
def keep_procedure(
    procedure: Procedure, *, actor: Actor, topics: Collection[Topic], changed: Iterable[str] = ()
) -> Procedure:
    """Write a procedure and the topics whose cases follow it from now on."""
    if any(topic.authority_id != procedure.authority_id for topic in topics):
        raise Refused(_("This belongs to another authority."), code="foreign")
    is_new = procedure.pk is None
    others = ProcedureTopic.objects.filter(topic__in=topics).exclude(procedure_id=procedure.pk)
    taken = others.select_related("topic", "procedure").first()
    if taken is not None:
        raise Refused(
            _("“%(topic)s” follows another procedure already: %(procedure)s.")
            % {"topic": taken.topic.label, "procedure": taken.procedure.label},
            code="taken",
        )
    procedure.save()
    procedure.links.exclude(topic__in=topics).delete()
    held = set(procedure.links.values_list("topic_id", flat=True))
    ProcedureTopic.objects.bulk_create(
        ProcedureTopic(procedure=procedure, topic=topic) for topic in topics if topic.pk not in held
    )
    verb = "cases.procedure_added" if is_new else "cases.procedure_changed"
    journal.record(
        actor, verb, procedure, authority_id=procedure.authority_id, changed=sorted(changed)
    )
    return procedure
