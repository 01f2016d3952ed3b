"""Sign-in is public, one's own account is everybody's, the team is the head's."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.utils import timezone

from parvis.accounts.actions import create_token, name_liaison
from parvis.accounts.models import Absence
from tests.accounts.factories import AgentFactory, ines
from tests.support.routes import SIGNED_IN, Route, only

ADMIN, STAFF = only("ADM"), only("ADM", "MGR")
DIRECTORY = only("REC", "ADV", "REF", "LIA", "MGR", "QUA", "KBE", "HR", "DIR", "FED")
FORM = {"get": 200, "post": 200}
BUTTON = {"post": 302}


def colleague() -> dict[str, Any]:
    return {"pk": ines().pk}


def closed_colleague() -> dict[str, Any]:
    return {"pk": ines(is_active=False).pk}


def an_absence() -> dict[str, Any]:
    agent, today = ines(), timezone.localdate()
    return {"pk": Absence.objects.create(agent=agent, first_day=today, last_day=today).pk}


def a_liaison() -> dict[str, Any]:
    agent = ines()
    since = timezone.localdate()
    made = name_liaison(agent.service, agent, rank="first", since=since, actor=None)
    return {"pk": made.pk}


def token() -> dict[str, Any]:
    made = create_token(ines().authority, actor=None, now=timezone.now(), name="Borne", role="REC")
    return {"pk": made.token.pk}


def key() -> dict[str, Any]:
    owner = AgentFactory.create(username="key.owner", entry=None)
    made = Authenticator.objects.create(user=owner, type="webauthn", data={"name": "Clé"})
    return {"pk": made.pk}


# Before anything about second factors is shown, the password is asked for again.
PROOF_FIRST = {"get": 302, "post": 302}

ROUTES = [
    Route("accounts:sign-in", "public", FORM),
    Route("account_login", "public", FORM),
    Route("accounts:sign-out", "public", BUTTON),
    Route("mfa_authenticate", "public", PROOF_FIRST),
    Route("mfa_login_webauthn", "public", PROOF_FIRST),
    Route("accounts:begin", SIGNED_IN, {"get": 302}),
    Route("accounts:choose-desk", SIGNED_IN, {"post": 302}),
    Route("accounts:lock", SIGNED_IN, {"get": 302, "post": 302}),
    Route("accounts:unlock", SIGNED_IN, BUTTON),
    Route("accounts:profile", SIGNED_IN, FORM),
    Route("accounts:password", SIGNED_IN, FORM),
    Route("accounts:pin", SIGNED_IN, FORM),
    Route("accounts:second-factor-needed", SIGNED_IN),
    Route("accounts:team", STAFF),
    Route("accounts:liaisons", STAFF, {"get": 200, "post": 422}),
    Route("accounts:liaison-end", STAFF, BUTTON, a_liaison),
    Route("accounts:absences", SIGNED_IN, {"get": 200, "post": 422}),
    Route("accounts:absence-end", SIGNED_IN, BUTTON, an_absence, own=True),
    Route("accounts:network", DIRECTORY),
    Route("accounts:presence", DIRECTORY, BUTTON, data={"until": "tomorrow"}),
    Route("accounts:agent-new", STAFF, FORM),
    Route("accounts:agent", STAFF, FORM, ours=colleague),
    Route("accounts:agent-skills", STAFF, BUTTON, ours=colleague),
    Route("accounts:agent-deactivate", STAFF, BUTTON, ours=colleague),
    Route("accounts:agent-reactivate", STAFF, BUTTON, ours=closed_colleague),
    Route("accounts:agent-password", STAFF, BUTTON, ours=colleague),
    Route("accounts:agent-factor", STAFF, BUTTON, ours=colleague),
    Route("accounts:tokens", ADMIN),
    Route("accounts:token-new", ADMIN, FORM),
    Route("accounts:token-revoke", ADMIN, BUTTON, ours=token),
    Route("mfa_index", SIGNED_IN),
    Route("account_reauthenticate", SIGNED_IN, FORM),
    Route("mfa_reauthenticate", SIGNED_IN, PROOF_FIRST),
    Route("mfa_reauthenticate_webauthn", SIGNED_IN, PROOF_FIRST),
    Route("mfa_activate_totp", SIGNED_IN, PROOF_FIRST),
    Route("mfa_deactivate_totp", SIGNED_IN, {"get": 404, "post": 404}),
    Route("mfa_view_recovery_codes", SIGNED_IN, {"get": 404}),
    Route("mfa_generate_recovery_codes", SIGNED_IN, PROOF_FIRST),
    Route("mfa_download_recovery_codes", SIGNED_IN, {"get": 404}),
    Route("mfa_list_webauthn", SIGNED_IN),
    Route("mfa_add_webauthn", SIGNED_IN, PROOF_FIRST),
    Route("mfa_edit_webauthn", SIGNED_IN, PROOF_FIRST, ours=key, foreign=302),
    Route("mfa_remove_webauthn", SIGNED_IN, PROOF_FIRST, ours=key, foreign=302),
]
