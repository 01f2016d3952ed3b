"""Both databases for every load test."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.load.house import House
from tests.support import postgres

MakeHouse = Callable[..., House]
# Longest first: the processes that share the tests then end at nearly the same time.
LONGEST = ("test_replay", "test_race", "test_crash", "test_crowds", "test_postgres_restart")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def rank(item: pytest.Item) -> int:
        return LONGEST.index(item.path.stem) if item.path.stem in LONGEST else len(LONGEST)

    items.sort(key=rank)


@pytest.fixture(params=["sqlite", "postgres"])
def make_house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeHouse]:
    """Build a house on SQLite or on a PostgreSQL that keeps what it acknowledged."""
    built: list[House] = []

    def make(settings: str = "parvis.settings") -> House:
        home = tmp_path / f"house{len(built)}"
        home.mkdir()
        database = "sqlite://"
        if request.param == "postgres":
            name = f"load_{uuid.uuid4().hex[:8]}"
            database = postgres.create_database(name, durable=True)
        house = House(home, database, settings)
        built.append(house)
        return house

    yield make
    for house in built:
        house.stop()
