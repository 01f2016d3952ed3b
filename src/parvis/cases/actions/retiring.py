"""A service with open cases stays in use."""

from django.utils.translation import ngettext

from parvis.cases import rules
from parvis.cases.models import Case
from parvis.common.errors import Refused


def check_no_case_is_open(service_id: int) -> None:
    """Refuse to take a service from the people whose cases it still follows."""
    count = Case.objects.filter(service_id=service_id, state__in=rules.RUNNING).count()
    if count:
        sentence = ngettext(
            "This service still follows %(count)s case: close it or pass it on first.",
            "This service still follows %(count)s cases: close them or pass them on first.",
            count,
        )
        raise Refused(sentence % {"count": count})
