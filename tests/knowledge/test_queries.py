import pytest

from parvis.knowledge import queries
from parvis.knowledge.models import Sheet
from tests.accounts.factories import ines, rozenn
from tests.knowledge.factories import local_sheet, national_sheet
from tests.organisations.factories import AuthorityFactory

pytestmark = pytest.mark.django_db


def test_an_own_sheet_takes_the_place_of_the_national_one_with_its_reference():
    national = national_sheet("F1427")
    own = local_sheet(ref="F1427", title="Acte de naissance à Sainte-Orvanne")
    neighbour = AuthorityFactory.create(slug="tremalon", name="Trémalon")

    assert queries.public_sheet(own.authority, "F1427") == own
    assert queries.public_sheet(neighbour, "F1427") == national
    assert queries.sheet_for(ines(), "F1427") == own
    assert queries.sheet_for(rozenn(), "F1427") == national


@pytest.mark.parametrize("change", [{"is_public": False}, {"state": Sheet.State.ARCHIVED}])
def test_the_public_never_opens_what_is_inside_or_put_away(change):
    sheet = local_sheet()
    Sheet.objects.filter(pk=sheet.pk).update(**change)

    assert queries.public_sheet(sheet.authority, sheet.ref) is None
    assert queries.sheet_for(ines(), sheet.ref) == sheet


def test_sheets_are_named_by_reference_or_id_and_only_those_one_may_read():
    own, national = local_sheet(), national_sheet("F1")
    foreign = local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")

    found = queries.sheets_by_ref(
        ines(), ["F1", str(own.pk), "TR-1", str(foreign.pk), "F404", "F1", "²"]
    )

    assert found == [national, own]


def test_the_words_inside_are_those_that_are_not_public():
    words = queries.inside_words(local_sheet().current.blocks)

    assert "filigrane" in words
    assert "Imprimante" in words
    assert "Gratuit" not in words


def test_own_sheets_for_the_public_leave_out_the_neighbours_and_the_nation():
    own = local_sheet()
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1")
    national_sheet()

    assert list(queries.own_public_sheets(own.authority)) == [own]
    assert list(queries.own_sheets(ines())) == [own]
