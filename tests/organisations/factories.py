"""Two towns that know nothing of each other: fixed, readable defaults."""

from datetime import date, time
from typing import Any

import factory
from factory.django import DjangoModelFactory

from parvis.organisations import models


class AuthorityFactory(DjangoModelFactory):
    class Meta:
        model = models.Authority
        django_get_or_create = ("slug",)

    slug = "orvanne"
    name = "Sainte-Orvanne"
    phone = "02 61 91 00 10"
    second_factor_for_admins = False


class LegalEntityFactory(DjangoModelFactory):
    class Meta:
        model = models.LegalEntity
        django_get_or_create = ("authority", "name")

    authority = factory.SubFactory(AuthorityFactory)
    name = "Ville"


class ServiceFactory(DjangoModelFactory):
    class Meta:
        model = models.Service
        django_get_or_create = ("authority", "slug")

    authority = factory.SubFactory(AuthorityFactory)
    legal_entity = factory.SubFactory(
        LegalEntityFactory, authority=factory.SelfAttribute("..authority")
    )
    slug = "etat-civil"
    name = "État civil"
    name_en = "Civil status"
    phone = "02 61 91 00 20"
    email = "etat-civil@sainte-orvanne.example"


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = models.Site
        django_get_or_create = ("slug",)

    authority = factory.SubFactory(AuthorityFactory)
    slug = factory.LazyAttribute(lambda site: f"{site.authority.slug}-mairie")
    name = "Mairie, hall"
    name_en = "Town hall"


class TopicFamilyFactory(DjangoModelFactory):
    class Meta:
        model = models.TopicFamily
        django_get_or_create = ("authority", "slug")

    authority = factory.SubFactory(AuthorityFactory)
    slug = "etat-civil"
    name = "État civil"
    series = "E"


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = models.Topic
        django_get_or_create = ("authority", "slug")

    authority = factory.SubFactory(AuthorityFactory)
    family = factory.SubFactory(TopicFamilyFactory, authority=factory.SelfAttribute("..authority"))
    service = factory.SubFactory(ServiceFactory, authority=factory.SelfAttribute("..authority"))
    slug = "acte-naissance"
    name = "Acte de naissance"
    name_en = "Birth certificate"


class DeskFactory(DjangoModelFactory):
    class Meta:
        model = models.Desk
        django_get_or_create = ("site", "name")
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    name = "Guichet 1"
    name_en = "Desk 1"

    @factory.post_generation
    def topics(self, create: bool, topics: Any, **kwargs: Any) -> None:
        if create and topics:
            self.topics.add(*topics)  # type: ignore[attr-defined]


class DirectoryEntryFactory(DjangoModelFactory):
    class Meta:
        model = models.DirectoryEntry
        django_get_or_create = ("authority", "first_name", "last_name")

    authority = factory.SubFactory(AuthorityFactory)
    service = factory.SubFactory(ServiceFactory, authority=factory.SelfAttribute("..authority"))
    first_name = "Inès"
    last_name = "Rollin"
    function = "Agente d’accueil"
    function_en = "Receptionist"


class SeasonFactory(DjangoModelFactory):
    """All of 2026; ``week`` gives (day, opens, closes) at the desk, Monday to Friday by default."""

    class Meta:
        model = models.Season
        skip_postgeneration_save = True

    site = factory.SubFactory(SiteFactory)
    name = "Année 2026"
    valid_from = date(2026, 1, 1)
    valid_through = date(2026, 12, 31)

    @factory.post_generation
    def week(self, create: bool, week: Any, **kwargs: Any) -> None:
        office = [(day, time(8, 30), time(17, 30)) for day in range(5)]
        for weekday, opens, closes in (office if week is None else week) if create else []:
            models.OpeningHours.objects.create(
                season=self, weekday=weekday, opens=opens, closes=closes
            )


class HoursExceptionFactory(DjangoModelFactory):
    class Meta:
        model = models.HoursException

    site = factory.SubFactory(SiteFactory)
    date = date(2026, 11, 24)
    reason = "Formation des équipes"


class ClosureFactory(DjangoModelFactory):
    class Meta:
        model = models.Closure

    site = factory.SubFactory(SiteFactory)
    first_day = date(2026, 12, 24)
    last_day = date(2026, 12, 31)
    reason = "Fêtes de fin d’année"
