import pytest
import time_machine
from django.urls import reverse

from parvis.common.models import JournalEntry
from parvis.organisations.models import (
    Authority,
    Closure,
    Desk,
    DirectoryEntry,
    HoursException,
    Season,
    Service,
    Site,
    Topic,
)
from tests.accounts.factories import AgentFactory, marc
from tests.organisations.factories import (
    AuthorityFactory,
    ClosureFactory,
    DeskFactory,
    DirectoryEntryFactory,
    HoursExceptionFactory,
    LegalEntityFactory,
    SeasonFactory,
    ServiceFactory,
    SiteFactory,
    TopicFactory,
    TopicFamilyFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    agent = AgentFactory.create(username="anne.admin", entry=None, roles=["ADM"])
    client.force_login(agent)
    return agent


def elsewhere(factory, **kwargs):
    return factory(authority=AuthorityFactory(slug="tremalon", name="Trémalon"), **kwargs)


def send(client, name, data, **kwargs):
    return client.post(reverse(f"organisations:{name}", kwargs=kwargs), data)


def test_a_service_is_added_once_however_often_it_is_sent(client, admin):
    entity = LegalEntityFactory()
    data = {"name": "Voirie", "legal_entity": entity.pk, "form_key": "one"}

    first = send(client, "services-new", data)
    send(client, "services-new", data)

    assert first.url == reverse("organisations:services")
    assert Service.objects.get(name="Voirie").slug == "voirie"
    assert JournalEntry.objects.filter(verb="organisations.service_added").count() == 1


def test_what_was_typed_is_kept_beside_the_error(client, admin):
    answer = send(client, "services-new", {"name": "", "phone": "02 61 91 00 99"})

    assert "name" in answer.context["form"].errors
    assert "02 61 91 00 99" in answer.content.decode()


def test_a_name_that_is_taken_is_a_sentence_and_not_a_crash(client, admin):
    LegalEntityFactory(name="Ville")

    answer = send(client, "entities-new", {"name": "Ville"})

    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_a_row_of_another_authority_is_no_choice(client, admin):
    foreign = elsewhere(LegalEntityFactory)

    answer = send(client, "services-new", {"name": "Voirie", "legal_entity": foreign.pk})

    assert "legal_entity" in answer.context["form"].errors


def test_topics_of_another_authority_cannot_be_slipped_into_a_desk(client, admin):
    site = SiteFactory()
    foreign = elsewhere(TopicFactory)
    data = {"site": site.pk, "name": "Guichet 9", "position": 1, "topics": [foreign.pk]}

    answer = send(client, "desks-new", data)

    assert "topics" in answer.context["form"].errors
    assert not Desk.objects.exists()


def test_the_topics_of_a_desk_are_kept(client, admin):
    site, topic = SiteFactory(), TopicFactory()
    data = {"site": site.pk, "name": "Guichet 9", "position": 1, "topics": [topic.pk]}

    send(client, "desks-new", data)

    assert list(Desk.objects.get().topics.all()) == [topic]


def test_the_address_of_a_site_never_changes(client, admin):
    site = SiteFactory(slug="mairie")
    data = {
        "name": "Mairie annexe",
        "slug": "autre",
        "timezone": "Europe/Paris",
        "fairness_minutes": 20,
        "wait_target_minutes": 10,
    }

    send(client, "sites-change", data, pk=site.pk)

    site.refresh_from_db()
    assert (site.name, site.slug) == ("Mairie annexe", "mairie")


def test_a_short_name_that_another_town_uses_is_refused(client, admin):
    SiteFactory(slug="mairie", authority=AuthorityFactory(slug="tremalon", name="Trémalon"))
    data = {
        "name": "Mairie",
        "slug": "mairie",
        "timezone": "Europe/Paris",
        "fairness_minutes": 20,
        "wait_target_minutes": 10,
    }

    answer = send(client, "sites-new", data)
    send(client, "sites-new", {**data, "slug": ""})

    assert "slug" in answer.context["form"].errors
    assert Site.objects.get(authority=admin.authority).slug == "mairie-2"


def undo_of(client, answer):
    """The way back that the message on the next page offers."""
    [message] = client.get(answer.url).context["messages"]
    return message.extra_tags.removeprefix("undo:")


def test_a_topic_is_taken_out_of_use_and_back(client, admin):
    topic = TopicFactory()

    send(client, "topics-retire", {"wanted": "out"}, pk=topic.pk)
    assert not Topic.objects.get().is_active

    send(client, "topics-retire", {"wanted": "in"}, pk=topic.pk)
    assert Topic.objects.get().is_active


def test_taken_out_of_use_in_two_windows_is_out_of_use(client, admin):
    topic = TopicFactory()
    page = client.get(reverse("organisations:topics")).content.decode()

    send(client, "topics-retire", {"wanted": "out", "form_key": "one"}, pk=topic.pk)
    send(client, "topics-retire", {"wanted": "out", "form_key": "two"}, pk=topic.pk)

    assert 'name="wanted" value="out"' in page
    assert not Topic.objects.get().is_active
    assert JournalEntry.objects.filter(verb="organisations.topic_retired").count() == 1


def test_out_of_use_has_a_way_back(client, admin):
    topic = TopicFactory()

    client.post(undo_of(client, send(client, "topics-retire", {"wanted": "out"}, pk=topic.pk)))

    assert Topic.objects.get().is_active


def test_a_season_that_was_removed_comes_back_with_its_week(client, admin):
    season = SeasonFactory()
    week = list(season.slots.values_list("weekday", "opens"))

    way_back = undo_of(client, send(client, "seasons-retire", {}, pk=season.pk))
    assert not Season.objects.exists()
    client.post(way_back)
    client.post(way_back)

    assert list(Season.objects.get().slots.values_list("weekday", "opens")) == week != []


def test_an_exception_does_not_come_back_over_what_was_said_since(client, admin):
    row = HoursExceptionFactory(opens="09:00", closes="10:00")

    way_back = undo_of(client, send(client, "exceptions-retire", {}, pk=row.pk))
    HoursExceptionFactory(site=row.site, date=row.date, opens="14:00", closes="15:00")
    client.post(way_back)

    assert [row.opens.hour for row in HoursException.objects.all()] == [14]


def test_what_is_removed_already_is_said_so(client, admin):
    closure = ClosureFactory()

    send(client, "closures-retire", {}, pk=closure.pk)
    client.get(reverse("organisations:closures"))
    again = send(client, "closures-retire", {}, pk=closure.pk)
    page = client.get(reverse("organisations:closures-change", args=[closure.pk]), follow=True)

    assert again.url == reverse("organisations:closures")
    assert [message.level_tag for message in page.context["messages"]] == ["warning"] * 2
    assert send(client, "closures-retire", {}, pk=closure.pk + 1).status_code == 404


def test_the_same_exceptional_day_is_changed_in_two_windows(client, admin):
    row = HoursExceptionFactory(opens="09:00", closes="10:00")
    data = {
        "site": row.site_id,
        "date": row.date,
        "channel": "desk",
        "hours": "9-10, 11-12",
        "reason": "Veille de Noël",
    }

    send(client, "exceptions-change", data, pk=row.pk)
    second = send(client, "exceptions-change", {**data, "hours": "14-15"}, pk=row.pk)

    assert second.status_code == 302
    assert [row.opens.hour for row in HoursException.objects.all()] == [14]


def test_a_family_with_topics_is_not_removed(client, admin):
    family = TopicFactory().family

    answer = client.post(reverse("organisations:families-retire", args=[family.pk]), follow=True)

    family.refresh_from_db()
    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


def test_a_whole_week_is_edited_in_one_form(client, admin):
    site = SiteFactory()
    data = {
        "site": site.pk,
        "name": "Été",
        "valid_from": "2026-07-01",
        "valid_through": "2026-08-31",
        "desk-0": "8h30-12h30 / 13h30-17h",
        "phone-5": "9-12",
    }

    send(client, "seasons-new", data)

    season = Season.objects.get()
    assert season.slots.count() == 3
    page = client.get(reverse("organisations:seasons-change", args=[season.pk])).content.decode()
    assert "08:30-12:30, 13:30-17:00" in page


@pytest.mark.parametrize(
    ("more", "field"),
    [({"desk-0": "le matin"}, "desk-0"), ({"valid_through": "2026-06-30"}, "valid_through")],
)
def test_a_week_that_cannot_be_is_explained(client, admin, more, field):
    data = {
        "site": SiteFactory().pk,
        "name": "Été",
        "valid_from": "2026-07-01",
        "valid_through": "2026-08-31",
        **more,
    }

    answer = send(client, "seasons-new", data)

    assert field in answer.context["form"].errors
    assert not Season.objects.exists()


def test_an_exceptional_day_is_one_line_with_all_its_hours(client, admin):
    data = {
        "site": SiteFactory().pk,
        "date": "2026-12-24",
        "channel": "desk",
        "hours": "9-10, 11-12",
        "reason": "Veille de Noël",
    }

    send(client, "exceptions-new", data)
    page = client.get(reverse("organisations:exceptions"))

    assert HoursException.objects.count() == 2
    assert len(page.context["table"]) == 1
    assert "09:00-10:00, 11:00-12:00" in page.content.decode()


def test_an_exception_is_removed_with_all_its_hours(client, admin):
    row = HoursExceptionFactory(opens="09:00", closes="10:00")
    HoursExceptionFactory(site=row.site, opens="11:00", closes="12:00")

    send(client, "exceptions-retire", {}, pk=row.pk)

    assert not HoursException.objects.exists()


@pytest.mark.parametrize("name", ["name_policy_reason", "name_policy_until"])
def test_a_protected_name_needs_its_reason_and_its_end(client, admin, name):
    entry = DirectoryEntryFactory()
    data = {
        "first_name": "Inès",
        "last_name": "Rollin",
        "function": "Agente",
        "service": entry.service_id,
        "name_policy": "service",
        "name_policy_reason": "Menaces",
        "name_policy_until": "2099-12-31",
    }

    wrong = send(client, "directory-entries-change", {**data, name: ""}, pk=entry.pk)
    send(client, "directory-entries-change", data, pk=entry.pk)

    assert name in wrong.context["form"].errors
    entry.refresh_from_db()
    assert (entry.name_policy, entry.name_policy_author) == ("service", "anne.admin")


def test_the_head_of_reception_keeps_the_directory_but_not_the_settings(client):
    client.force_login(marc())

    assert client.get(reverse("organisations:directory-entries")).status_code == 200
    assert client.get(reverse("organisations:services")).status_code == 403
    home = client.get(reverse("organisations:home")).content.decode()
    assert reverse("organisations:services") not in home


def authority_data(**more):
    return {
        "name": "Sainte-Orvanne",
        "territory": "metropolis",
        "action_colour": "#0b5c6b",
        "deep_colour": "#0a3a43",
        "name_policy": "full",
        "lock_minutes": 30,
        **more,
    }


def test_a_colour_that_cannot_be_read_is_refused_with_one_that_can(client, admin):
    answer = send(client, "authority", authority_data(action_colour="#ffcc00"))

    [error] = answer.context["form"].errors["action_colour"]
    assert "#" in error
    assert Authority.objects.get().action_colour == "#0b5c6b"


def test_the_authority_is_changed(client, admin):
    send(client, "authority", authority_data(name="Orvanne", second_factor_for_admins="on"))

    authority = Authority.objects.get()
    assert (authority.name, authority.second_factor_for_admins) == ("Orvanne", True)


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("services", lambda n: ServiceFactory(slug=f"s{n}", name=f"S {n}")),
        ("desks", lambda n: DeskFactory(name=f"Guichet {n}")),
        ("topics", lambda n: TopicFactory(slug=f"t{n}", name=f"T {n}")),
        ("seasons", lambda n: SeasonFactory(name=f"Saison {n}")),
        ("exceptions", lambda n: HoursExceptionFactory(date=f"2026-01-{n + 1:02}")),
        ("directory-entries", lambda n: DirectoryEntryFactory(last_name=f"Rollin {n}")),
    ],
)
def test_lists_cost_the_same_however_long(
    client, admin, rows, name, make, django_assert_max_num_queries
):
    for n in range(rows):
        make(n)
    address = reverse(f"organisations:{name}")
    client.get(address)

    with django_assert_max_num_queries(7):
        assert client.get(address).status_code == 200


def test_what_a_colleague_changed_meanwhile_is_not_undone_in_silence(client, admin):
    service = ServiceFactory(phone="")
    address = reverse("organisations:services-change", args=[service.pk])
    data = {"name": service.name, "legal_entity": service.legal_entity_id}
    opened = client.get(address).context["form"].opened()

    client.post(address, {**data, "phone": "02 61 91 00 99", "opened": opened})
    mine = {**data, "phone": "", "email": "voirie@ville.example"}
    told = client.post(address, {**mine, "opened": opened})

    [error] = told.context["form"].non_field_errors()
    assert "anne.admin" in error
    assert "02 61 91 00 99" in error
    assert "voirie@ville.example" in told.content.decode()

    client.post(address, {**mine, "opened": told.context["form"].opened()})
    service.refresh_from_db()
    assert (service.phone, service.email) == ("", "voirie@ville.example")


@pytest.mark.parametrize("key", ["sites", "desks", "seasons", "exceptions", "families", "topics"])
def test_a_page_that_nobody_else_touched_is_kept_at_once(client, admin, key):
    made = {
        "sites": SiteFactory, "desks": DeskFactory, "seasons": SeasonFactory,
        "exceptions": HoursExceptionFactory, "families": TopicFamilyFactory, "topics": TopicFactory,
    }  # fmt: skip
    address = reverse(f"organisations:{key}-change", args=[made[key]().pk])

    opened = client.get(address).context["form"].opened()
    answer = client.post(address, {"opened": opened})

    assert not answer.context["form"].non_field_errors()


def test_a_day_with_exceptional_hours_is_not_replaced_in_silence(client, admin):
    row = HoursExceptionFactory(opens="09:00", closes="10:00")
    data = {"site": row.site_id, "date": row.date, "channel": row.channel, "reason": "Pont"}

    answer = send(client, "exceptions-new", data)

    assert "date" in answer.context["form"].errors
    assert HoursException.objects.get().opens.hour == 9


SITE = {"timezone": "Europe/Paris", "fairness_minutes": 20, "wait_target_minutes": 10}


@pytest.mark.parametrize("more", [{"name": "mairie, hall"}, {"wait_target_minutes": 0}])
def test_a_site_has_a_name_of_its_own_and_a_goal(client, admin, more):
    SiteFactory()

    answer = send(client, "sites-new", {"name": "Annexe", **SITE, **more})

    assert list(answer.context["form"].errors) == [*more]
    assert Site.objects.count() == 1


@pytest.mark.parametrize("name", ["http://x y", "accueil.ville.fr/", "a b.fr"])
def test_a_front_door_has_the_name_of_a_domain(client, admin, name):
    wrong = send(client, "authority", authority_data(hostname=name))
    send(client, "authority", authority_data(hostname="Accueil.Ville.fr"))

    assert "hostname" in wrong.context["form"].errors
    assert Authority.objects.get().hostname == "accueil.ville.fr"


def test_a_letter_that_is_none_is_said_in_words(client, admin):
    answer = send(client, "families-new", {"name": "Rue", "series": "7", "position": 0})

    assert answer.context["form"].errors["series"] == ["Une ou deux majuscules, sans accent."]
    assert "Nom en arabe" in answer.content.decode()


def test_the_home_of_the_settings_lists_what_its_side_menu_lists(client, admin):
    page = client.get(reverse("organisations:home")).content.decode()

    assert page.count(f'href="{reverse("accounts:tokens")}"') == 2
    assert page.count(f'href="{reverse("organisations:authority")}"') == 2


def test_a_season_over_another_is_said_and_kept_when_it_is_meant(client, admin):
    year = SeasonFactory(name="Année")
    data = {
        "site": year.site_id,
        "name": "Été",
        "valid_from": "2026-07-01",
        "valid_through": "2026-08-31",
        "desk-0": "9-12",
    }

    told = send(client, "seasons-new", data)
    same = send(client, "seasons-new", {**data, "valid_from": "2026-01-01"})
    assert "Année" in str(told.context["form"].non_field_errors())
    assert "valid_from" in same.context["form"].errors
    assert Season.objects.count() == 1

    send(client, "seasons-new", {**data, "over": told.context["form"].over})
    assert Season.objects.count() == 2


def test_a_number_that_nobody_means_is_said_in_small_numbers(client, admin):
    answer = send(client, "sites-new", {"name": "Annexe", **SITE, "fairness_minutes": "9" * 30})

    [error] = answer.context["form"].errors["fairness_minutes"]
    assert "9999." in error


IMPOSSIBLE = ["9999-12-31", "0026-12-10", "0001-01-01"]


@pytest.mark.parametrize("day", IMPOSSIBLE)
def test_a_closure_in_a_year_that_nobody_can_mean_is_refused(client, admin, day):
    data = {"site": SiteFactory().pk, "reason": "Travaux"}

    late = send(client, "closures-new", {**data, "first_day": "2026-12-10", "last_day": day})
    early = send(client, "closures-new", {**data, "first_day": day, "last_day": "2026-12-12"})

    assert "2100" in str(late.context["form"].errors["last_day"])
    assert "2000" in str(early.context["form"].errors["first_day"])
    assert not Closure.objects.exists()


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("seasons-new", "valid_through"),
        ("exceptions-new", "date"),
        ("directory-entries-new", "name_policy_until"),
    ],
)
def test_every_form_of_the_settings_looks_at_the_year(client, admin, name, field):
    answer = send(client, name, {field: "9999-12-31"})

    assert "2100" in str(answer.context["form"].errors[field])


@pytest.mark.parametrize("days", [("2026-01-01", "9999-12-31"), ("0001-01-01", "9999-12-31")])
def test_a_closure_for_ever_that_is_kept_already_breaks_no_page(client, days):
    publish()
    ClosureFactory(first_day=days[0], last_day=days[1])

    assert client.get("/annuaire/").status_code == 200
    assert client.get("/").status_code == 200


# The public directory


def publish():
    authority = AuthorityFactory()
    Authority.objects.update(directory_is_public=True)
    return authority


def test_the_directory_is_public_only_where_the_authority_says_so(client):
    AuthorityFactory()
    assert client.get("/annuaire/").status_code == 404

    publish()
    assert client.get("/annuaire/").status_code == 200
    assert client.get("/c/orvanne/annuaire/").status_code == 200
    assert client.get("/c/nulle-part/annuaire/").status_code == 404


def test_the_directory_follows_the_name_policy(client):
    publish()
    DirectoryEntryFactory()
    DirectoryEntryFactory(
        first_name="Marc",
        last_name="Abgrall",
        name_policy="service",
        name_policy_reason="Menaces",
        name_policy_author="Direction",
        name_policy_until="2999-12-31",
    )
    DirectoryEntryFactory(first_name="Ali", last_name="Hors-liste", is_listed=False)

    page = client.get("/annuaire/").content.decode()

    assert "Inès Rollin" in page
    assert not any(word in page for word in ("Abgrall", "Marc", "Hors-liste", "Menaces"))


def test_the_directory_says_honestly_whether_a_site_is_open(client):
    publish()
    SeasonFactory()

    with time_machine.travel("2026-11-24T09:42:00Z"):
        during = client.get("/annuaire/").context["sites"][0]["state"]
    with time_machine.travel("2027-11-24T09:42:00Z"):
        after = client.get("/annuaire/").context["sites"][0]["state"]

    assert (during.open, after.confirmed) == (True, False)


def test_another_town_s_directory_entry_is_unknown_here(client, admin):
    foreign = elsewhere(DirectoryEntryFactory)

    answer = client.get(reverse("organisations:directory-entries-change", args=[foreign.pk]))

    assert answer.status_code == 404
    assert DirectoryEntry.objects.count() == 1


def test_a_new_goal_of_the_wait_leaves_the_days_before_as_they_were(client, admin):
    site = SiteFactory(wait_target_minutes=10)

    send(client, "sites-change", {"name": "Hall", **SITE, "wait_target_minutes": 8}, pk=site.pk)

    site.refresh_from_db()
    assert site.wait_target_minutes == 8
    assert [one.minutes for one in site.earlier_wait_targets.all()] == [10]


def test_a_short_name_that_is_none_is_said_in_words(client, admin):
    answer = send(client, "sites-new", {"name": "Annexe", **SITE, "slug": "annexe d’été"})

    assert "mairie-nord" in answer.context["form"].errors["slug"][0]
    assert not Site.objects.exists()
