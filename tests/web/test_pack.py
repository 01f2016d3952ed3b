"""A day without network: one file, everything in it, nothing outside of it."""

import re
from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from parvis.contacts.models import ContactSheet
from parvis.knowledge.models import Sheet
from parvis.organisations import queries, rules
from parvis.web import pack
from parvis.web.tasks import pack_sheets
from tests.accounts.factories import ines, rozenn
from tests.contacts.factories import ContactFactory
from tests.knowledge.factories import block, local_sheet
from tests.knowledge.federation import adopted, federation, laid
from tests.organisations.factories import (
    AuthorityFactory,
    DeskFactory,
    SeasonFactory,
    SiteFactory,
    TopicFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _drawer(settings: Any, tmp_path: Any) -> None:
    settings.VAR = tmp_path


def used(sheet: Sheet, times: int = 1, by: Any = None) -> Sheet:
    now = timezone.now()
    for _ in range(times):
        contact = ContactFactory.create(
            authority=by or sheet.authority,
            started_at=now - timedelta(minutes=9),
            ended_at=now - timedelta(minutes=2),
            recorded_at=now,
        )
        ContactSheet.objects.create(contact=contact, version=sheet.current)
    return sheet


def a_town() -> Sheet:
    sheet = used(local_sheet())
    local_sheet(ref="SO-050", title="Jamais utilisée")
    local_sheet(
        ref="PA-1", title="Accueillir", nature=Sheet.Nature.PROTOCOL, is_public=False,
        blocks=[{**block("<p>Saluer</p>", kind="step", level="internal"), "role": "Accueil"}],
    )  # fmt: skip
    local_sheet(AuthorityFactory.create(slug="tremalon", name="Trémalon"), ref="TR-1", title="Là")
    return sheet


def made(authority: Any) -> str:
    return pack.page(authority, now=timezone.now())


def test_the_pack_holds_what_is_used_the_protocols_the_numbers_and_its_hour():
    sheet = a_town()

    html = made(sheet.authority)

    for words in ("Copie d’acte de naissance", "Accueillir", "Saluer", "(Accueil)", "État civil",
                  "02 61 91 00 20", "<strong>112</strong>", "filigrane", "Imprimante"):  # fmt: skip
        assert words in html
    assert "Jamais utilisée" not in html
    assert "Là" not in re.findall(r"<h3>(.*?) <", html)
    assert timezone.localtime().strftime("%Y") in html


def test_the_sheets_of_topics_received_today_are_in_it():
    site, topic = SiteFactory.create(), TopicFactory.create()
    DeskFactory.create(site=site, topics=[topic])
    today = timezone.localdate()
    SeasonFactory.create(
        site=site, valid_from=today, valid_through=today + timedelta(9),
        week=[(day, "08:30", "17:30") for day in range(7)],
    )  # fmt: skip
    sheet = local_sheet(topics=[topic])

    html = made(sheet.authority)

    assert ("Copie d’acte de naissance" in html) or _is_holiday(site)


def _is_holiday(site: Any) -> bool:
    plan = rules.day_plan(queries.schedule_of(site), rules.HoursChannel.DESK, timezone.localdate())
    return not plan.intervals


def test_what_waits_for_its_day_is_not_on_paper():
    far = (timezone.localdate() + timedelta(30)).isoformat()
    sheet = local_sheet(blocks=[block("<p>Bientôt</p>", level="embargo", until=far)])

    assert "Bientôt" not in made(used(sheet).authority)


class Outside(HTMLParser):
    """Everything that a browser would fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"src", "srcset", "poster"} or (tag == "link" and name == "href"):
                self.found.append(f"{tag} {value}")
        if tag in {"script", "iframe", "object", "form"}:
            self.found.append(tag)


def test_the_file_needs_nothing_but_itself():
    sheet = used(
        local_sheet(
            blocks=[block('<p><a href="/fiches/PA-1/">a</a><a href="/fiches/X-9/">b</a></p>')]
        )
    )
    local_sheet(ref="PA-1", nature=Sheet.Nature.PROTOCOL, is_public=False)

    html = made(sheet.authority)

    seen = Outside()
    seen.feed(html)
    assert seen.found == []
    assert "@import" not in html
    assert "url(" not in html
    assert '<a href="#PA-1">a</a>b' in html
    targets = set(re.findall(r'href="#([^"]+)"', html))
    assert targets <= set(re.findall(r'id="([^"]+)"', html))


def test_the_most_used_come_first_when_not_all_fit():
    often = used(local_sheet(ref="SO-1", title="Souvent"), 3)
    used(local_sheet(ref="SO-2", title="Rarement"))

    html = pack.page(often.authority, now=timezone.now(), most=1)

    assert "Souvent" in html
    assert "Rarement" not in html


def test_the_night_makes_it_once(tmp_path):
    sheet = a_town()

    assert pack_sheets.call() == 2
    assert pack_sheets.call() == 0
    assert "Accueillir" in pack.path_of(sheet.authority).read_text()


def test_the_command_writes_it_where_one_wants(tmp_path, capsys):
    a_town()
    target = tmp_path / "pack.html"

    call_command("sheets", "pack", str(target), "--authority", "orvanne")

    assert "Accueillir" in target.read_text()
    assert "orvanne" in capsys.readouterr().out
    with pytest.raises(CommandError, match="tremalon"):
        call_command("sheets", "pack", str(target))


def test_at_the_desk_it_is_read_under_a_policy_that_lets_only_its_own_look_in(client):
    a_town()
    client.force_login(ines())

    page = client.get(reverse("web:pack"))
    file = client.get(reverse("web:pack-file"))
    kept = client.get(reverse("web:pack-file") + "?garder")

    assert page.status_code == 200
    assert "unsafe" not in file["Content-Security-Policy"]
    assert "style-src 'sha256-" in file["Content-Security-Policy"]
    assert kept["Content-Disposition"].startswith("attachment")
    assert "Accueillir" in file.content.decode()


def test_another_authority_gets_its_own(client):
    a_town()
    client.force_login(rozenn())

    html = client.get(reverse("web:pack-file")).content.decode()

    assert "Accueillir" not in html
    assert "Trémalon" in html


@pytest.mark.parametrize("count", [1, 12])
def test_it_costs_the_same_however_many_sheets(count, django_assert_max_num_queries):
    for number in range(count):
        sheet = used(local_sheet(ref=f"SO-{number}"))

    with django_assert_max_num_queries(11):
        made(sheet.authority)


def test_a_shared_sheet_is_packed_with_local_words_and_without_the_notes_of_its_house():
    shared = federation()
    adopted(shared)
    laid(shared, "Au guichet bleu.", act="replace", kind="cost")
    here = shared.neighbour.authority
    used(shared.sheet, by=here)

    page = made(here)

    assert "Au guichet bleu" in page
    assert "filigrane" in page
    assert "Imprimante" not in page
    assert "Gratuit." not in page
