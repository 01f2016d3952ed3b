"""What became of the lines that a language model was given."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from parvis.assistant import rules
from parvis.assistant.models import LanguageModel, Rewording, Turn
from parvis.assistant.queries.sheets import read
from parvis.knowledge.models import Sheet
from parvis.organisations.models import Authority

Outcome = Rewording.Outcome
PAUSE = timedelta(minutes=5)
FAILURES = 3  # one after another: then nobody is kept waiting for a while
COUNTED = timedelta(days=30)
MOST_SAMPLES = 40
_ANSWERED = (Outcome.KEPT, Outcome.NOTHING)
_FAILED = frozenset(Outcome.values) - {*_ANSWERED, Outcome.BUSY}


def model_of(authority: Authority) -> LanguageModel | None:
    """The model that rewords for this authority; None when none does."""
    rows = LanguageModel.objects.filter(authority=authority, is_on=True)
    return rows.select_related("authority").first()


def host_of(chosen: LanguageModel) -> str:
    """Where the model stands, for people."""
    return urlsplit(chosen.endpoint).hostname or chosen.endpoint


def is_known(authority_id: int, key: str) -> bool:
    """Whether the model was asked for these lines before, and answered."""
    rows = Rewording.objects.filter(authority_id=authority_id, key=key, outcome__in=_ANSWERED)
    return rows.exists()


def is_paused(chosen: LanguageModel, now: datetime) -> bool:
    """Whether the model failed so often that it is left alone for some minutes."""
    rows = Rewording.objects.filter(
        authority_id=chosen.authority_id,
        host=host_of(chosen),
        model=chosen.name,
        is_trial=False,
    )
    last = list(rows.order_by("-at", "-id").values_list("outcome", "at")[:FAILURES])
    failed = [at > now - PAUSE and outcome in _FAILED for outcome, at in last]
    return len(failed) == FAILURES and all(failed)


def texts_of(turns: Iterable[Turn]) -> dict[int, list[dict[str, str]]]:
    """Turn -> what was reworded of its passages: ``ref``, ``title``, ``text``."""
    keys = {turn.pk: str(turn.data["rewording"]) for turn in turns if "rewording" in turn.data}
    if not keys:
        return {}
    rows = Rewording.objects.filter(
        key__in=set(keys.values()), outcome=Outcome.KEPT, is_trial=False
    ).order_by("id")
    authorities = {turn.pk: turn.conversation.authority_id for turn in turns if turn.pk in keys}
    known = {(row.authority_id, row.key): row for row in rows}
    found = {pk: known.get((authorities[pk], key)) for pk, key in keys.items()}
    return {pk: texts(row) for pk, row in found.items() if row is not None}


def texts(row: Rewording) -> list[dict[str, str]]:
    """What is shown of a rewording, one text for each passage of which something changed."""
    given = []
    for number, passage in enumerate(row.passages):
        lines = [line for line in row.lines if line["passage"] == number]
        if any(line["is_reworded"] for line in lines):
            between = "\n" if "\n" in passage["quote"] else " "
            text = between.join(line["text"] for line in lines)
            given.append({"ref": passage["ref"], "title": passage["title"], "text": text})
    return given


def trial(authority: Authority, key: str) -> Rewording | None:
    """One trial of the settings page."""
    rows = Rewording.objects.filter(authority=authority, is_trial=True, key=key)
    return rows.order_by("-id").first()


def samples(authority: Authority) -> list[Sheet]:
    """Sheets of the house with which the model may be tried."""
    rows = Sheet.objects.public(authority.pk).filter(authority=authority, current__isnull=False)
    return list(rows.exclude(current__short_answer="").order_by("title")[:MOST_SAMPLES])


def sample(authority: Authority, ref: str, *, now: datetime) -> dict[str, Any] | None:
    """The short answer of a public sheet, as the assistant would quote it."""
    found = read(authority, ref, today=timezone.localdate(now))
    short = [piece for piece in found.pieces if piece.kind == "short"] if found else []
    if found is None or not short:
        return None
    quote = rules.lead(short[0].text)
    return {"ref": found.ref, "title": found.page.version.title, "quote": quote}


@dataclass(frozen=True)
class Figures:
    """The last thirty days."""

    used: int = 0  # answers whose lines were to be reworded
    reworded: int = 0
    calls: int = 0
    outcomes: Sequence[tuple[str, int]] = ()
    dropped: Sequence[tuple[str, int]] = ()
    sentences: int = 0
    milliseconds: int | None = None  # half of the calls were faster

    @property
    def plain(self) -> int:
        """Answers that stayed as they are."""
        return self.used - self.reworded


@dataclass
class _Count:
    outcomes: Counter[str] = field(default_factory=Counter)
    dropped: Counter[str] = field(default_factory=Counter)
    sentences: int = 0
    times: list[int] = field(default_factory=list)


def figures(authority: Authority, *, now: datetime) -> Figures:
    """How often lines were reworded, how often not, and what was dropped."""
    since = now - COUNTED
    turns = Turn.objects.filter(
        conversation__authority=authority, at__gt=since, data__has_key="rewording"
    )
    keys = [data["rewording"] for data in turns.values_list("data", flat=True)]
    kept = Rewording.objects.filter(authority=authority, outcome=Outcome.KEPT, key__in=set(keys))
    good = set(kept.values_list("key", flat=True))
    count = _Count()
    rows = Rewording.objects.filter(authority=authority, at__gt=since, is_trial=False)
    for outcome, lines, dropped, took in rows.values_list(
        "outcome", "lines", "dropped", "milliseconds"
    ):
        count.outcomes[outcome] += 1
        count.dropped.update(one["why"] for one in dropped)
        count.sentences += len(dropped) + sum(bool(one["is_reworded"]) for one in lines)
        count.times.append(took)
    return Figures(
        used=len(keys),
        reworded=sum(key in good for key in keys),
        calls=count.outcomes.total(),
        outcomes=count.outcomes.most_common(),
        dropped=count.dropped.most_common(),
        sentences=count.sentences,
        milliseconds=sorted(count.times)[len(count.times) // 2] if count.times else None,
    )
