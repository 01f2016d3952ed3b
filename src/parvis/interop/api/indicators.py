"""The three indicators over HTTP, with everything needed to check them."""

from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query

from parvis.interop.api.auth import ApiRequest, fetch, need
from parvis.interop.api.queue import find_site
from parvis.interop.api.retries import ApiRouter
from parvis.interop.api.schemas import (
    ChannelName,
    IndicatorOut,
)
from parvis.interop.api.values import Day, Misfit
from parvis.organisations.models import Service, Topic
from parvis.quality import queries

From = Annotated[Day | None, Query(alias="from")]
To = Annotated[Day | None, Query(alias="to")]

router = ApiRouter(tags=["indicators"])


@router.get("indicators", response=list[IndicatorOut], summary="Wait, resolution, satisfaction")
def indicators(
    request: ApiRequest,
    first: From = None,
    last: To = None,
    site: str | None = None,
    service: str | None = None,
    topic: str | None = None,
    channel: ChannelName | None = None,
) -> Any:
    agent = need(request, "quality.read")
    today = timezone.localdate()
    last = last or today
    first = first or last.replace(day=1)
    if last < first:
        raise Misfit("to", _("The period ends before it begins: exchange “from” and “to”."))
    perimeter = queries.Perimeter(
        authority=agent.authority,
        first=first,
        last=last,
        site=find_site(request, site) if site else None,
        service=fetch(Service.objects.visible_to(agent), service) if service else None,
        topic=fetch(Topic.objects.visible_to(agent), topic) if topic else None,
        channel=channel or "",
    )
    return [measure_out(measure) for measure in queries.measures(perimeter, now=timezone.now())]


def measure_out(measure: Any) -> dict[str, Any]:
    """An indicator as the contract writes it; a hidden one keeps its numbers to itself."""
    definition = queries.definition(measure.code)
    shown = not measure.hidden
    return {
        "code": measure.code,
        "name": str(definition.name),
        "definition": str(definition.text),
        "version": measure.version,
        "unit": measure.unit,
        "value": measure.value if shown else None,
        "numerator": measure.numerator if shown else None,
        "denominator": measure.denominator if shown else None,
        "interval": [measure.interval.low, measure.interval.high]
        if shown and measure.interval
        else None,
        "excluded": dict(measure.excluded),
        "hidden": measure.hidden,
        "few": measure.few,
        "detail": dict(measure.detail) if shown else {},
    }
