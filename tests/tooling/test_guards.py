import pytest

from parvis.organisations.models import Closure
from tests.organisations.factories import ClosureFactory, SiteFactory
from tests.support import guards


@pytest.mark.django_db
@pytest.mark.parametrize("read", [list, lambda rows: list(rows.iterator())])
def test_rows_without_an_order_come_in_any(read):
    site = SiteFactory.create()
    for _number in range(20):
        ClosureFactory.create(site=site)

    assert read(Closure.objects.order_by()) != read(Closure.objects.order_by("pk"))
    assert read(Closure.objects.order_by("pk")) == read(Closure.objects.order_by("pk"))


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ('<p id="a">x</p><p id="b">onclick=1</p>', []),
        ('<p id="a">x</p><b class="x" id="a">y</b>', ["a"]),
        ('<a href="/" onclick="go()">x</a>', ['<a href="/" onclick="go()">']),
        ('<p id="a"></p><template><p id="a"></p></template>', []),
        ('<p data-on="x">one = two</p>', []),
    ],
)
def test_a_page_with_a_fault_is_told(page, told):
    assert guards.faults(page) == told
