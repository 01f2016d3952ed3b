"""What is typed about a message, and about the addresses of the house."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from parvis.accounts.models import Agent
from parvis.cases.models import Case
from parvis.common import codes
from parvis.common.forms import ActorForm, ActorModelForm
from parvis.mail.models import Mailbox
from parvis.organisations.models import Topic


class AttachForm(ActorForm):
    """To which case a message belongs."""

    reference = forms.CharField(label=_("Reference of the case"), max_length=20)

    def clean_reference(self) -> Case:
        plain = codes.parse_reference(self.cleaned_data["reference"])
        found = Case.objects.visible_to(self.actor).filter(reference=plain).first()
        if plain is None or found is None:
            raise forms.ValidationError(
                _("There is no case with this reference that you may read.")
            )
        return found


class OpenForm(ActorForm):
    """What a message asks for."""

    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.select_related("service").order_by("name")
    )
    title = forms.CharField(label=_("Title of the case"), max_length=160, required=False)


class AnswerForm(ActorForm):
    """An answer at once."""

    topic = forms.ModelChoiceField(
        label=_("Topic"), queryset=Topic.objects.select_related("service").order_by("name")
    )
    text = forms.CharField(
        label=_("Your answer"), max_length=5000, widget=forms.Textarea(attrs={"rows": 6})
    )


class AsideForm(forms.Form):
    """Why nothing is done with a message."""

    words = forms.CharField(label=_("Reason"), max_length=300)


class BoxForm(ActorModelForm[Mailbox]):
    """An address of the house."""

    class Meta:
        model = Mailbox
        fields = ("address", "service", "keeper", "is_active")
        help_texts = {
            "keeper": _("Their name stands under the message that says “we received it”."),
            "service": _("Whoever writes here is told the name and telephone of this service."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        keeper = self.fields["keeper"]
        assert isinstance(keeper, forms.ModelChoiceField)  # noqa: S101
        keeper.queryset = (
            Agent.objects.filter(
                authority_id=self.actor.authority_id, is_active=True, entry__isnull=False
            )
            .select_related("entry")
            .order_by("entry__last_name", "pk")
        )
