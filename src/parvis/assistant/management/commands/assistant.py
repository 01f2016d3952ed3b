"""``assistant``: learn, from questions that are known, when to answer and when not to."""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parvis.assistant.actions import training as actions
from parvis.assistant.queries import confirmed, deciding, measured
from parvis.assistant.rules import training
from parvis.assistant.rules.deciding import Point, curve
from parvis.assistant.rules.training import Example, Quality
from parvis.common.errors import Refused
from parvis.knowledge.rules.confidence import Weights, standard
from parvis.knowledge.search import evaluation
from parvis.knowledge.search.evaluation import Question
from parvis.organisations.models import Authority

NATIONAL = 0  # asks as nobody's public: the national sheets alone


class Command(BaseCommand):
    help = "Learn from questions that are known when to answer and when to say that we do not know."

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True)
        train = verbs.add_parser("train", help="fit the weights, keep them if they are better")
        train.add_argument("--authority", default="", help="short name of the authority that asks")
        train.add_argument(
            "--questions", type=Path, action="append", default=[],
            help="JSON lines: question, expected_ids; may be repeated",
        )  # fmt: skip
        train.add_argument("--afresh", action="store_true", help="not near the present weights")
        train.add_argument("--dry-run", action="store_true", help="say it and keep nothing")
        train.add_argument("--write", type=Path, help="write the weights to this file instead")
        train.add_argument(
            "--write-measured", type=Path, help="write the half held out, as it was measured"
        )
        forget = verbs.add_parser("forget", help="decide with the weights of the program again")
        forget.add_argument("--authority", required=True, help="short name of the authority")

    def handle(self, *, verb: str, **options: Any) -> None:
        try:
            if verb == "train":
                self._train(**options)
            else:
                count = actions.forget_weights(_authority(options["authority"]))
                self.stdout.write(_("%d calibrations forgotten.") % count)
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal

    def _train(
        self,
        *,
        authority: str,
        questions: Sequence[Path],
        afresh: bool,
        dry_run: bool,
        write: Path | None,
        **others: Any,
    ) -> None:
        asking = _authority(authority) if authority else None
        known = deciding.once(
            [*_known(asking), *(q for path in questions for q in evaluation.read(path))]
        )
        pk = asking.pk if asking else NATIONAL
        halves = {
            half: deciding.examples(
                [q for q in known if deciding.half_of(q) == half], authority_id=pk
            )
            for half in (deciding.TUNING, deciding.HELD_OUT)
        }
        learnt, held_out = halves[deciding.TUNING], halves[deciding.HELD_OUT]
        if not training.is_enough(learnt):
            raise Refused(
                _("Learning needs %(some)d questions with a sheet and %(others)d without.")
                % {"some": training.LEAST_WITH, "others": training.LEAST_WITHOUT}
            )
        old = deciding.weights_of(pk) if asking else standard()
        new = training.fit(learnt, near=None if afresh else old)
        before, after = training.quality(held_out, old), training.quality(held_out, new)
        self._tell(len(learnt), held_out, before, after)
        self._curve(held_out, new)
        _write_measured(others["write_measured"], held_out)
        if write is not None:
            write.write_text(json.dumps(new.as_data(), indent=2) + "\n", encoding="utf-8")
            self.stdout.write(_("Written to %s.") % write)
        elif dry_run or asking is None:
            self.stdout.write(_("Nothing was kept."))
        elif not training.is_better(before, after):
            self.stdout.write(_("Not better on the half held out: nothing was kept."))
        else:
            actions.keep_weights(
                asking, new, questions=len(known), before=before, after=after, now=timezone.now()
            )
            self.stdout.write(_("Better on the half held out: in force from now on."))

    def _tell(
        self, learnt: int, held_out: Sequence[Example], before: Quality, after: Quality
    ) -> None:
        told = {"learnt": learnt, "held": len(held_out)}
        self.stdout.write(_("Learnt from %(learnt)d questions, held out %(held)d.") % told)
        self.stdout.write(_("With nine of ten questions answered that have a sheet:"))
        rows = [
            (pgettext("training", "loss"), before.loss, after.loss),
            (
                pgettext("training", "short, about something else"),
                before.short_off_topic,
                after.short_off_topic,
            ),
            (
                pgettext("training", "long, about something else"),
                before.long_off_topic,
                after.long_off_topic,
            ),
            (
                pgettext("training", "of our field, without a sheet"),
                before.no_sheet,
                after.no_sheet,
            ),
            (pgettext("training", "right sheet among the first three"), before.right, after.right),
        ]
        self.stdout.write(f"  {'':<36}{_('before'):>8}{_('after'):>8}")
        for name, was, now in rows:
            self.stdout.write(f"  {name:<36}{_shown(was):>8}{_shown(now):>8}")

    def _curve(self, held_out: Sequence[Example], using: Weights) -> None:
        heads = (
            pgettext("training", "threshold"),
            pgettext("training", "answered"),
            pgettext("training", "wrong"),
            pgettext("training", "off-topic"),
            pgettext("training", "no sheet"),
        )
        self.stdout.write("  " + "".join(f"{head:>15}" for head in heads))
        for one in curve(training.cases(held_out, using), steps=9):
            self.stdout.write("  " + "".join(f"{_shown(value):>15}" for value in _row(one)))


def _write_measured(path: Path | None, held_out: Sequence[Example]) -> None:
    if path is None:
        return
    rows = [json.dumps(measured.as_row(one)) for one in held_out]
    path.write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")


def _row(one: Point) -> tuple[float | None, ...]:
    return one.threshold, one.answered, one.wrong, one.off_topic, one.no_sheet


def _shown(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _known(asking: Authority | None) -> list[Question]:
    """The authority's own saved questions, and what its conversations confirmed."""
    if asking is None:
        return []
    return [*deciding.saved_questions(asking.pk), *confirmed.confirmed_questions(asking.pk)]


def _authority(slug: str) -> Authority:
    found = Authority.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(Authority.objects.order_by("slug").values_list("slug", flat=True))
        raise CommandError(_("Name the authority with --authority: %s.") % known)
    return found
