"""What was typed for an act that the case does not allow any more: kept until it can be sent.

It never goes into the form of another act: what was meant for the person would become a note.
"""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from parvis.accounts.http import AgentRequest
from parvis.cases.forms import ActForm
from parvis.cases.models import Case
from parvis.cases.views.acting import ACTS

KEY = "case_words"  # in the session


@dataclass(frozen=True)
class Kept:
    """The words of one form that could not be sent, field by field."""

    reference: str
    act: str
    words: dict[str, str]

    @property
    def label(self) -> str:
        return str(ACTS[self.act].label)

    @property
    def shown(self) -> list[tuple[str, str]]:
        """Every field that was filled in, with its name."""
        fields = ACTS[self.act].form.base_fields
        return [(str(fields[name].label), text) for name, text in self.words.items()]


def keep(request: AgentRequest, case: Case, act: str, form: ActForm) -> None:
    """Remember what was typed for this act of this case."""
    typed = {name: request.POST.get(name, "").strip() for name in form.fields}
    words = {name: text for name, text in typed.items() if text}
    if words:
        request.session[KEY] = asdict(Kept(case.reference, act, words))


def of(request: AgentRequest, case: Case) -> Kept | None:
    """What waits to be sent in this case."""
    kept = request.session.get(KEY)
    return Kept(**kept) if kept and kept["reference"] == case.reference else None


def forget(request: AgentRequest, case: Case, act: str) -> None:
    """It was sent."""
    kept = of(request, case)
    if kept is not None and kept.act == act:
        del request.session[KEY]


def put_back(
    request: AgentRequest, context: dict[str, Any], acts: Collection[str], *, typed: bool
) -> None:
    """Fill the form for which the words were meant; while there is none, only show them."""
    kept = of(request, context["case"])
    if kept is None or typed:
        return
    if kept.act not in acts:
        context["kept"] = kept
    elif kept.act == context["act"] and context["act_form"] is not None:
        context["act_form"].initial = kept.words
