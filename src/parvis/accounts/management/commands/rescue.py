"""``parvis rescue``: let somebody in again when no administrator can do it on screen."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from parvis.accounts import actions
from parvis.accounts.models import Agent


class Command(BaseCommand):
    help = (
        "Give somebody a temporary password and forget their second factors, for when no "
        "administrator can sign in; prints the password once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="the administrator, such as maelle.kervern")

    def handle(self, **options: Any) -> None:
        name = options["username"].strip()
        agent = Agent.objects.at_work().filter(username__iexact=name).first()
        if agent is None:
            raise CommandError(f"Nobody signs in as {name}.")
        password = actions.rescue(agent).password
        self.stdout.write(f"{agent.username} signs in at /connexion/ with {password}")
