"""A service that is taken out of use in the settings while it follows cases."""

import pytest

from parvis.cases.models import Case
from parvis.common.errors import Refused
from parvis.organisations import actions as settings
from tests.cases.factories import NOON, nadia, windows

pytestmark = pytest.mark.django_db


def test_a_service_with_open_cases_stays_in_use():
    case = windows().case
    agent, service = nadia(), case.service

    with pytest.raises(Refused, match="1 dossier"):
        settings.set_in_use(service, False, actor=agent, now=NOON)
    Case.objects.update(state=Case.State.CLOSED, closed_at=NOON)

    assert not settings.set_in_use(service, False, actor=agent, now=NOON).is_active
