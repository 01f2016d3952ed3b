"""``parvis demo``: make the demo town, say how to look at it, serve it."""

import argparse
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from parvis.common.network import place_to_listen
from parvis.demo import building, report, seeds, wiping
from parvis.demo.content import loader
from parvis.demo.progress import Bar

_SEED = 1
_USUAL_MOMENT = timedelta(hours=10, minutes=42)


class Command(BaseCommand):
    help = "Create the demo town, print its address and accounts, and serve it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--scale", type=_share, help="how many of the days: 0.05 is one in twenty"
        )
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--no-serve", action="store_true", help="make it and stop")
        parser.add_argument("--reset", action="store_true", help="throw the demo away first")
        parser.add_argument("--seed", type=int, help="another town of the same kind")
        parser.add_argument(
            "--null-effects",
            action="store_true",
            help="waits have no effect on satisfaction: an analysis must find none",
        )
        parser.add_argument("--today", type=_moment, help="a day or moment to take for now")

    def handle(self, **options: Any) -> None:
        base_url = f"http://127.0.0.1:{options['port']}"
        if not options["no_serve"]:
            place_to_listen("127.0.0.1", options["port"])  # not after minutes of making
        # The server's own processes read it again: links must lead to this port.
        os.environ["PARVIS_BASE_URL"] = settings.BASE_URL = base_url
        with _alone():
            described = self._have(base_url, options)
        self._tell(described)
        if not options["no_serve"]:
            call_command("serve", port=options["port"])

    def _have(self, base_url: str, options: dict[str, Any]) -> dict[str, Any]:
        """The town of before, or a new one."""
        content = loader.load()
        call_command("migrate", verbosity=0)
        held = wiping.holds(content)
        if held == "others":
            raise CommandError(
                _("This database holds real authorities: the demo does not touch it. Choose "
                  "another folder with PARVIS_HOME, or another PARVIS_DATABASE_URL.")
            )  # fmt: skip
        if held == "demo" and options["reset"]:
            wiping.wipe()
            call_command("migrate", verbosity=0)
            held = "nothing"
        make = self._find if held == "demo" else self._make
        return make(base_url, options)

    def _make(self, base_url: str, options: dict[str, Any]) -> dict[str, Any]:
        seed = _SEED if options["seed"] is None else options["seed"]
        wish = building.Wish(
            now=options["today"] or timezone.now(),
            seed=seed,
            scale=options["scale"] or 1.0,
            waits_matter=not options["null_effects"],
        )
        began, bar = time.monotonic(), Bar(_("Making the demo town"))
        made = building.build(wish, bar)
        bar.close()
        seconds = time.monotonic() - began
        counts = _(
            "%(contacts)s contacts, %(tickets)s tickets and %(cases)s cases in %(seconds)s s"
        )
        self.stdout.write(
            counts
            % {
                "contacts": f"{made.rows['Contact']:_}".replace("_", "\u202f"),
                "tickets": f"{made.rows['Ticket']:_}".replace("_", "\u202f"),
                "cases": f"{made.rows['Case']:_}".replace("_", "\u202f"),
                "seconds": round(seconds),
            }
        )
        secrets = {"ticket": made.ticket, "tracking": made.tracking}
        return self._describe(seed, wish.scale, base_url, secrets)

    def _find(self, base_url: str, options: dict[str, Any]) -> dict[str, Any]:
        """The town is there already: open its halls for today, keep its past as it is."""
        before = report.read()
        seed = int(before.get("seed", _SEED))
        ticket = building.refresh(seed=seed, now=options["today"] or timezone.now())
        if ticket:
            self.stdout.write(
                _("The halls were opened for today; the history ends on the day on which the "
                  "town was made. A fresh one: parvis demo --reset")
            )  # fmt: skip
        else:
            self.stdout.write(_("The demo town of today is there already."))
        scale = float(before.get("scale", 1.0))
        if options["seed"] not in {None, seed} or options["scale"] not in {None, scale}:
            self.stdout.write(_("Another seed or scale needs --reset."))
        shown = before.get("shown", {})
        secrets = {
            "ticket": ticket or shown.get("ticket_url", "").rstrip("/").rpartition("/")[2],
            "tracking": seeds.secret(seed, "tracking", "windows"),
        }
        return self._describe(seed, scale, base_url, secrets)

    def _describe(
        self, seed: int, scale: float, base_url: str, secrets: dict[str, str]
    ) -> dict[str, Any]:
        shown = {
            "ticket_url": f"{base_url}/ticket/{secrets['ticket']}/",
            "tracking_url": f"{base_url}/suivi/{secrets['tracking']}/",
            "kiosk_url": f"{base_url}/borne/mairie/",
            "display_url": f"{base_url}/ecran/mairie/",
            "workstation_url": f"{base_url}/agent/poste/",
        }
        described = report.describe(loader.load(), seed=seed, base_url=base_url, shown=shown)
        described["scale"] = scale
        report.write(described)
        return described

    def _tell(self, described: dict[str, Any]) -> None:
        shown = described["shown"]
        password = described["authorities"][0]["accounts"][0]["password"]
        pairs = [
            (_("Front door"), described["base_url"] + "/"),
            *((one["name"], one["url"]) for one in described["authorities"][1:]),
            (_("Workstation"), shown["workstation_url"]),
            (_("Kiosk"), shown["kiosk_url"]),
            (_("Screen of the hall"), shown["display_url"]),
            (_("A ticket"), shown["ticket_url"]),
            (_("A case"), shown["tracking_url"]),
            (_("For programs"), str(report.path())),
        ]
        head = (_("Role"), _("Account"), _("Name"), _("Authority"))
        everything = [
            "",
            *report.lines(pairs),
            "",
            _("Password of every account: %s") % password,
            "",
            *report.accounts_table(described, head),
            "",
        ]
        self.stdout.write("\n".join(everything))


@contextmanager
def _alone() -> Iterator[None]:
    """Only one at a time makes the town of a folder; the system ends this with the process."""
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR / "demo.lock").open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CommandError(
                _("Another parvis demo is making the town in this folder. Wait until it is done.")
            ) from error
        yield


def _share(text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = 0
    if not 0 < share <= 1:
        raise argparse.ArgumentTypeError(_("a number above 0, up to 1"))
    return share


def _moment(text: str) -> datetime:
    """A day, or a moment of the town's clocks: what tests take for now."""
    zone = ZoneInfo(settings.TIME_ZONE)
    if len(text) == len("2026-11-24"):
        midnight = datetime.combine(date.fromisoformat(text), datetime.min.time(), tzinfo=zone)
        return midnight + _USUAL_MOMENT
    return datetime.fromisoformat(text).replace(tzinfo=zone)
