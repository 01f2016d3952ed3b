"""Quoted lines are said once more by the model that the authority chose, if it chose one.

Sent are the lines themselves, which everybody may read, and nothing that anybody typed. The call
waits until nothing is locked: right away outside of a transaction, else after it has held. What
comes of it is kept beside the turn, which only names it.
"""

import hashlib
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parvis.accounts.models import Agent
from parvis.assistant import asking_model
from parvis.assistant.asking_model import VERSION, Endpoint, Failed
from parvis.assistant.models import Conversation, LanguageModel, Rewording
from parvis.assistant.queries import Reply
from parvis.assistant.queries import rewording as queries
from parvis.assistant.rules import rewording as rules
from parvis.common import codes, journal
from parvis.common.errors import Refused
from parvis.knowledge.search.words import stem

LANGUAGE = "fr"  # of the sheets: what is said in another cannot be checked against them
LEAST_TIME = 0.2  # seconds left for a call to be of any use
Passages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class _Wanted:
    key: str
    passages: Passages
    is_trial: bool = False


def rephrased(
    conversation: Conversation, replies: Sequence[Reply], *, now: datetime
) -> list[Reply]:
    """The replies, each naming the rewording of its quoted lines where there is to be one."""
    chosen = queries.model_of(conversation.authority)
    if chosen is None or conversation.language != LANGUAGE:
        return list(replies)
    given, wanted = [], []
    for one in replies:
        passages = _sendable(one)
        if passages:
            key = _key(chosen, passages)
            wanted.append(_Wanted(key, passages))
            one = replace(one, data={**one.data, "rewording": key})
        given.append(one)
    if wanted:
        # Robust: the answer stands, whatever becomes of its rewording.
        transaction.on_commit(lambda: _reword(chosen, wanted, now), robust=True)
    return given


def _sendable(one: Reply) -> Passages:
    passages: list[dict[str, Any]] = one.data.get("passages", [])
    if one.data.get("documents") or not passages:
        return []  # a list of documents is read as it is
    if not all(rules.may_be_sent(passage["quote"]) for passage in passages):
        return []
    return [{name: one[name] for name in ("ref", "title", "quote")} for one in passages]


def _key(chosen: LanguageModel, passages: Passages) -> str:
    quotes = [passage["quote"] for passage in passages]
    told = "\0".join([VERSION, chosen.endpoint, chosen.name, *quotes])
    return hashlib.sha256(told.encode()).hexdigest()


def _reword(chosen: LanguageModel, wanted: Sequence[_Wanted], now: datetime) -> None:
    """Ask for what is not there yet; all of one message within the time of one call."""
    end = time.monotonic() + chosen.seconds
    for one in wanted:
        left = end - time.monotonic()
        if left < LEAST_TIME or queries.is_known(chosen.authority_id, one.key):
            continue
        if not one.is_trial and queries.is_paused(chosen, now):
            return
        _ask(chosen, one, left, now)


def _ask(chosen: LanguageModel, one: _Wanted, seconds: float, now: datetime) -> Rewording:
    key = asking_model.key_for(chosen.authority.slug, chosen.endpoint)
    endpoint = Endpoint(chosen.endpoint, chosen.name, key)
    quotes = [passage["quote"] for passage in one.passages]
    start, result = time.monotonic(), rules.Checked((), ())
    try:
        reply = asking_model.ask(endpoint, quotes, seconds=seconds)
        result = rules.checked(reply, quotes, stem)
        outcome = Rewording.Outcome.KEPT if result.is_useful else Rewording.Outcome.NOTHING
    except Failed as failed:
        outcome = Rewording.Outcome(failed.why)
    return Rewording.objects.create(
        authority_id=chosen.authority_id,
        key=one.key,
        at=now,
        outcome=outcome,
        is_trial=one.is_trial,
        host=queries.host_of(chosen),
        model=chosen.name,
        milliseconds=int(1000 * (time.monotonic() - start)),
        passages=list(one.passages),
        lines=[asdict(line) for line in result.lines],
        dropped=[asdict(line) for line in result.dropped],
    )


@transaction.atomic
def try_out(agent: Agent, ref: str, *, now: datetime) -> str:
    """Have the short answer of a sheet reworded, to look at; gives back the key of the trial."""
    chosen = LanguageModel.objects.filter(authority_id=agent.authority_id).first()
    if chosen is None or not chosen.endpoint or not chosen.name:
        raise Refused(_("Name the address and the model first."))
    passage = queries.sample(agent.authority, ref, now=now)
    if passage is None:
        raise Refused(_("There is no public sheet with this reference and a short answer."))
    if not rules.may_be_sent(passage["quote"]):
        raise Refused(_("These lines speak to a machine: they are not sent."))
    wanted = _Wanted(codes.hash_secret(codes.new_secret()), [passage], is_trial=True)
    transaction.on_commit(lambda: _reword(chosen, [wanted], now), robust=True)
    return wanted.key


@transaction.atomic
def choose_model(
    agent: Agent, *, is_on: bool, endpoint: str, name: str, seconds: int
) -> LanguageModel:
    """Keep which model rewords for the authority, or that none does."""
    if is_on and not (endpoint and name):
        raise Refused(_("Name the address and the model first."))
    if endpoint and not asking_model.is_acceptable(endpoint):
        raise Refused(_("This address is not accepted."))
    given: dict[str, Any] = {"is_on": is_on, "endpoint": endpoint, "name": name, "seconds": seconds}
    kept, _made = LanguageModel.objects.update_or_create(
        authority_id=agent.authority_id, defaults=given
    )
    journal.record(agent, "assistant.model_chosen", kept, **given)
    return kept
