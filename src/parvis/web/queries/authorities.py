"""Whose front door this is."""

from django.db.models import Case, IntegerField, When

from parvis.organisations.models import Authority


def authority_of_host(host: str) -> Authority | None:
    """The authority whose front door has this host name; the first one where no name matches."""
    nearest = Case(When(hostname__iexact=host, then=0), default=1, output_field=IntegerField())
    return Authority.objects.order_by(nearest, "pk").first()
