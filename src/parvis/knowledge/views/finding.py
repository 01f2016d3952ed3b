"""What makes sheets found: words and pins, tried on saved questions before they are in force."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from parvis.accounts.http import AgentRequest
from parvis.common import journal
from parvis.common.errors import Refused
from parvis.common.http import once, refuse, requires
from parvis.common.text import one_line
from parvis.knowledge import actions, queries
from parvis.knowledge.models import Pin, QuestionSet, Synonym, Vote
from parvis.knowledge.rules import finding as rules
from parvis.knowledge.search import evaluation, trial
from parvis.organisations.models import Service

TRIED_ON = 400  # questions, at most, while somebody waits
SHOWN = 60
LARGEST = 2_000_000


@requires("knowledge.write")
@require_safe
def overview(request: AgentRequest) -> HttpResponse:
    context = {
        "synonyms": Synonym.objects.visible_to(request.user),
        "pins": Pin.objects.visible_to(request.user).select_related("sheet"),
        "sets": queries.question_sets(request.user),
        "gaps": len(queries.gaps(request.user, today=timezone.localdate())),
        "votes": queries.open_votes(request.user).count(),
    }
    return render(request, "knowledge/finding.html", context)


@requires("knowledge.write")
@require_safe
def try_out(request: AgentRequest) -> HttpResponse:
    """What the change would do to the saved questions; nothing is changed by looking."""
    asked = _asked(request, request.GET)
    chosen = set_to_try(request)
    result = trial.tried(chosen, asked["change"]) if chosen and asked["change"] else None
    sheet = asked["sheet"]
    is_own = sheet is not None and queries.rights(request.user, sheet).propose
    context = {**asked, "chosen": chosen, "result": result, "shown": SHOWN, "is_own": is_own}
    return render(request, "knowledge/finding_trial.html", context)


@requires("knowledge.write")
@require_POST
@once
def publish(request: AgentRequest) -> HttpResponse:
    now = timezone.now()
    asked = _asked(request, request.POST)
    author = request.user.display_name
    try:
        if asked["sheet"] is not None:
            actions.keep_pin(
                request.user, words=asked["said"], sheet=asked["sheet"], author=author, now=now
            )
        else:
            actions.keep_synonym(
                request.user, said=asked["said"], written=asked["written"], author=author, now=now
            )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:finding")
    messages.success(request, _("In force from now on: “%s”.") % asked["said"])
    return redirect("knowledge:finding")


@requires("knowledge.write")
@require_POST
@once
def add_asked(request: AgentRequest) -> HttpResponse:
    """What somebody asked goes into the text of the sheet, which is published as any other."""
    asked = _asked(request, request.POST)
    if asked["sheet"] is None or not asked["said"]:
        raise Http404
    try:
        draft = actions.add_asked(
            asked["sheet"], asked["said"], agent=request.user, now=timezone.now()
        )
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:finding")
    messages.success(request, _("Written into the text. Once it is published, it finds the sheet."))
    return redirect("knowledge:draft", draft.pk)


@requires("knowledge.write")
@require_POST
@once
def drop_synonym(request: AgentRequest, pk: int) -> HttpResponse:
    synonym = Synonym.objects.visible_to(request.user).filter(pk=pk).first()
    if synonym is None:
        return _removed_already(request, Synonym, pk)
    actions.drop_synonym(request.user, synonym)
    messages.success(request, _("“%s” finds only itself again.") % synonym.said)
    return redirect("knowledge:finding")


@requires("knowledge.write")
@require_POST
@once
def drop_pin(request: AgentRequest, pk: int) -> HttpResponse:
    pin = Pin.objects.visible_to(request.user).filter(pk=pk).first()
    if pin is None:
        return _removed_already(request, Pin, pk)
    actions.drop_pin(request.user, pin)
    messages.success(request, _("“%s” has no sheet set first any more.") % pin.words)
    return redirect("knowledge:finding")


def _removed_already(request: AgentRequest, kind: type[Synonym | Pin], pk: int) -> HttpResponse:
    """From a second tab, or by a colleague: the journal knows it; of others it says nothing."""
    if not journal.of_key(kind, pk).filter(authority_id=request.user.authority_id).exists():
        raise Http404
    messages.info(request, _("It is removed already."))
    return redirect("knowledge:finding")


def _asked(request: AgentRequest, given: Any) -> dict[str, Any]:
    """The change that is asked about: words for words, or words for a sheet."""
    said = one_line(given.get("said", ""))[:200]
    written = one_line(given.get("written", ""))[:300]
    ref = given.get("ref", "").strip()[:20]
    sheet = queries.sheet_for(request.user, ref) if ref else None
    if ref and sheet is None:
        raise Http404
    change = None
    if said and (written or sheet):
        change = trial.Change(said, written, sheet.pk if sheet else None)
    return {"said": said, "written": written, "sheet": sheet, "change": change}


def set_to_try(request: AgentRequest) -> QuestionSet | None:
    """The set named, or the largest; one that would keep somebody waiting is not tried."""
    name = request.GET.get("jeu", "")
    sets = list(queries.question_sets(request.user))
    if name:
        sets = [one for one in sets if str(one.pk) == name]
    short = [one for one in sets if 0 < queries.size_of(one) <= TRIED_ON]
    return max(short, key=queries.size_of, default=None)


@requires("knowledge.write")
@require_POST
@once
def import_questions(request: AgentRequest) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None or (file.size or 0) > LARGEST:
        refuse(request, Refused(_("Choose a file of JSON lines, at most 2 MB.")))
        return redirect("knowledge:finding")
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse(request, Refused(_("The file is not written in UTF-8.")))
        return redirect("knowledge:finding")
    try:
        lines = rules.read_lines(text)
        name = request.POST.get("name", "") or str(file.name)
        kept = actions.keep_questions(request.user, name, lines, now=timezone.now())
    except ValueError as wrong:
        refuse(request, Refused(_("Line %s is not a question with its expected_ids.") % wrong))
        return redirect("knowledge:finding")
    except Refused as refusal:
        refuse(request, refusal)
        return redirect("knowledge:finding")
    return redirect("knowledge:question-set", pk=kept.pk)


@requires("knowledge.write")
@require_safe
def question_set(request: AgentRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(queries.question_sets(request.user), pk=pk)
    measures = list(kept.measures.all())[-24:]
    context = {
        "set": kept,
        "measures": measures,
        "points": _points([measure.hit3 for measure in measures]),
        "questions": kept.questions.all()[:500],
        "may_measure": queries.size_of(kept) <= TRIED_ON,
    }
    return render(request, "knowledge/question_set.html", context)


def _points(values: list[float]) -> list[dict[str, str]]:
    """Places of dots in a drawing of 600 by 120."""
    step = 560 / max(1, len(values) - 1)
    return [
        {"x": f"{20 + step * n:.0f}", "y": f"{110 - 100 * value:.0f}"}
        for n, value in enumerate(values)
    ]


@requires("knowledge.write")
@require_POST
@once
def measure(request: AgentRequest, pk: int) -> HttpResponse:
    kept = get_object_or_404(queries.question_sets(request.user), pk=pk)
    if queries.size_of(kept) > TRIED_ON:
        raise Http404
    asked = trial.questions_of(kept)
    result = evaluation.measure(asked, authority_id=request.user.authority_id)[""]
    figures = trial.figures(result, queries.collection_number())
    actions.note_measure(kept, figures, now=timezone.now())
    messages.success(request, _("Measured: hit@3 is %.2f.") % figures.hit3)
    return redirect("knowledge:question-set", pk=pk)


@requires("knowledge.write")
@require_safe
def gaps(request: AgentRequest) -> HttpResponse:
    rows = queries.gaps(request.user, today=timezone.localdate())
    context = {
        "rows": rows[:SHOWN],
        "services": Service.objects.filter(authority_id=request.user.authority_id),
        "votes": queries.open_votes(request.user)[:SHOWN],
    }
    return render(request, "knowledge/gaps.html", context)


@requires("knowledge.write")
@require_POST
@once
def decide_gap(request: AgentRequest) -> HttpResponse:
    """Who writes it and by when; or: the sheet is written; or: not ours."""
    today = timezone.localdate()
    wanted = request.POST.get("stems", "")
    rows = queries.gaps(request.user, today=today)
    lack = next((row.lack for row in rows if row.lack.stems == wanted), None)
    if lack is None:
        raise Http404
    ref = request.POST.get("ref", "").strip()
    if request.POST.get("do") == "dismiss":
        actions.close_gap(request.user, lack, sheet=None, today=today)
    elif ref:
        sheet = queries.sheet_for(request.user, ref)
        if sheet is None:
            refuse(request, Refused(_("There is no sheet “%s”.") % ref))
            return redirect("knowledge:gaps")
        actions.close_gap(request.user, lack, sheet=sheet, today=today)
    else:
        services = Service.objects.filter(authority_id=request.user.authority_id)
        owner = services.filter(pk=_number(request.POST.get("owner", ""))).first()
        due_on = _day(request.POST.get("due_on", ""))
        actions.take_gap(request.user, lack, owner=owner, due_on=due_on)
    messages.success(request, _("Noted."))
    return redirect("knowledge:gaps")


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@requires("knowledge.write")
@require_POST
@once
def settle_vote(request: AgentRequest, pk: int) -> HttpResponse:
    given = get_object_or_404(Vote.objects.visible_to(request.user), pk=pk)
    actions.settle_vote(
        request.user, given, by=request.user.display_name, today=timezone.localdate()
    )
    return redirect("knowledge:gaps")
