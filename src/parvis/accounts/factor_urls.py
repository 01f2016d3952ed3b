"""Second factors: views of the sign-in library at our addresses, drawn by our templates.

The names are the library's own, because its views look one another up by them.
"""

from allauth.account.views import reauthenticate as password_again
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, URLResolver, include, path

from parvis.accounts.views.sign_in import sign_in

_security: list[URLPattern | URLResolver] = [
    path("", base.index, name="mfa_index"),
    path("verifier/", password_again, name="account_reauthenticate"),
    path("verifier/code/", base.reauthenticate, name="mfa_reauthenticate"),
    path("verifier/cle/", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("application/", totp.activate_totp, name="mfa_activate_totp"),
    path("application/retirer/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("codes/nouveaux/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("codes/fichier/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("cles/", keys.list_webauthn, name="mfa_list_webauthn"),
    path("cles/nouvelle/", keys.add_webauthn, name="mfa_add_webauthn"),
    path("cles/<int:pk>/", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("cles/<int:pk>/retirer/", keys.remove_webauthn, name="mfa_remove_webauthn"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", sign_in, name="account_login"),
    path("connexion/code/", base.authenticate, name="mfa_authenticate"),
    path("connexion/cle/", keys.login_webauthn, name="mfa_login_webauthn"),
    path("agent/compte/securite/", include(_security)),
]
