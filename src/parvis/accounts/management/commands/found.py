"""``parvis found``: the first authority of an empty installation, and who administers it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.text import slugify

from parvis.accounts.actions import create_agent
from parvis.accounts.models import Agent
from parvis.organisations import actions as organisations
from parvis.organisations.models import Authority, LegalEntity, Service


class Command(BaseCommand):
    help = "Make an authority with its first service and administrator; prints the password once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", help="the authority, such as Sainte-Orvanne")
        parser.add_argument("username", help="the administrator, such as maelle.kervern")

    def handle(self, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        name, username = options["name"].strip(), options["username"].strip().lower()
        if Agent.objects.filter(username__iexact=username).exists():
            raise CommandError(f"There is an account {username} already. Choose another name.")
        if not slugify(name):
            raise CommandError("The name of the authority needs letters or digits.")
        if Authority.objects.filter(slug=slugify(name)[:50]).exists():
            raise CommandError(f"{name} exists already. Its administrators manage it on screen.")
        password = found(name, username)
        self.stdout.write(f"{name}: {username} signs in at /connexion/ with {password}")


@transaction.atomic
def found(name: str, username: str) -> str:
    """Make the rows; returns the temporary password, which is kept nowhere."""
    authority = organisations.keep(Authority(slug=slugify(name)[:50], name=name), actor=None)
    entity = organisations.keep(LegalEntity(authority=authority, name=name), actor=None)
    service = Service(authority=authority, legal_entity=entity, slug="accueil", name="Accueil")
    service.name_en = "Reception"
    organisations.keep(service, actor=None)
    created = create_agent(
        authority,
        actor=None,
        username=username,
        roles={"ADM": None, "MGR": None},
        service=service,
    )
    return created.password
