from datetime import UTC, datetime

import pytest

from parvis.accounts import queries
from parvis.organisations.models import Site
from tests.accounts.factories import AgentFactory, ines, rozenn
from tests.organisations.factories import DeskFactory, SiteFactory

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 11, 24, 8, tzinfo=UTC)


def test_the_usual_hall_comes_first_among_the_desks():
    hall: Site = SiteFactory(slug="mairie", name="Mairie")
    annexe = SiteFactory(slug="annexe", name="Annexe", authority=hall.authority)
    DeskFactory(site=hall)
    DeskFactory(site=annexe)

    halls = queries.places_by_site(hall.authority, now=NINE, usual=hall)

    assert [site for site, _places in halls] == [hall, annexe]


def test_colleagues_are_those_of_the_authority_who_still_work_there():
    here = ines()
    AgentFactory(username="gone", authority=here.authority, entry=None, is_active=False)
    rozenn()

    assert list(queries.colleagues_of(here.authority)) == [here]
