"""A loader looks after what the house looks after for real: no two references are alike."""

import itertools
from collections.abc import Iterator
from random import Random

import pytest

from parvis.cases.models import Case
from parvis.common import codes
from parvis.demo import seeds
from parvis.demo.books import Books
from parvis.demo.references import References
from tests.cases.factories import windows

pytestmark = pytest.mark.django_db


def test_what_was_drawn_or_stands_already_is_drawn_again():
    first, second, third = itertools.islice(_draws(7), 3)
    case = windows().case
    Case.objects.filter(pk=case.pk).update(reference=first)
    references = References(Case, "reference")

    assert references.draw(seeds.rng(7)) == second
    assert references.draw(seeds.rng(7)) == third


def test_a_town_of_many_cases_has_no_two_alike(monkeypatch):
    few = [codes.new_reference(Random(n).getrandbits) for n in range(300)]
    monkeypatch.setattr(codes, "new_reference", lambda randbits: few[randbits(20) % len(few)])
    references, chance = Books().references, seeds.rng(1)

    drawn = [references.draw(chance) for _ in few]

    assert sorted(drawn) == sorted(set(few))


def _draws(seed: int) -> Iterator[str]:
    chance = seeds.rng(seed)
    while True:
        yield codes.new_reference(chance.getrandbits)
