import pytest
from django.core.management import CommandError, call_command

from parvis.accounts.models import Agent


@pytest.mark.django_db
def test_an_empty_installation_gets_its_first_administrator(capsys: pytest.CaptureFixture[str]):
    call_command("found", "Sainte-Orvanne", "Maelle.Kervern")

    agent = Agent.objects.get(username="maelle.kervern")
    password = capsys.readouterr().out.split()[-1]
    assert agent.check_password(password)
    assert agent.password_is_temporary
    assert agent.may("settings.manage")
    assert agent.authority.slug == "sainte-orvanne"


@pytest.mark.django_db
def test_nothing_is_founded_twice():
    call_command("found", "Sainte-Orvanne", "maelle.kervern")

    with pytest.raises(CommandError, match="exists already"):
        call_command("found", "Sainte-Orvanne", "somebody.else")

    assert Agent.objects.count() == 1
