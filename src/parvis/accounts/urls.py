from django.urls import URLPattern, URLResolver, path

from parvis.accounts.views import absences, account, desks, liaisons, lock, sign_in, team, tokens

app_name = "accounts"

urlpatterns: list[URLPattern | URLResolver] = [
    path("connexion/", sign_in.sign_in, name="sign-in"),
    path("deconnexion/", sign_in.sign_out, name="sign-out"),
    path("agent/", desks.begin, name="begin"),
    path("agent/guichet/", desks.choose_desk, name="choose-desk"),
    path("agent/verrou/", lock.lock, name="lock"),
    path("agent/verrou/ouvrir/", lock.unlock, name="unlock"),
    path("agent/compte/", account.account, name="profile"),
    path("agent/compte/mot-de-passe/", account.password, name="password"),
    path("agent/compte/pin/", account.pin, name="pin"),
    path(
        "agent/compte/second-facteur/",
        account.second_factor_needed,
        name="second-factor-needed",
    ),
    path("agent/equipe/", team.team, name="team"),
    path("agent/equipe/nouveau/", team.add, name="agent-new"),
    path("agent/equipe/liaisons/", liaisons.liaisons, name="liaisons"),
    path("agent/equipe/liaisons/<int:pk>/fin/", liaisons.end, name="liaison-end"),
    path("agent/reseau/", liaisons.network, name="network"),
    path("agent/presence/", liaisons.presence, name="presence"),
    path("agent/absences/", absences.absences, name="absences"),
    path("agent/absences/<int:pk>/fin/", absences.end, name="absence-end"),
    path("agent/equipe/<int:pk>/", team.change, name="agent"),
    path("agent/equipe/<int:pk>/competences/", team.skills, name="agent-skills"),
    path("agent/equipe/<int:pk>/fermer/", team.deactivate, name="agent-deactivate"),
    path("agent/equipe/<int:pk>/rouvrir/", team.reactivate, name="agent-reactivate"),
    path("agent/equipe/<int:pk>/mot-de-passe/", team.reset_password, name="agent-password"),
    path("agent/equipe/<int:pk>/second-facteur/", team.reset_second_factor, name="agent-factor"),
    path("agent/reglages/jetons/", tokens.tokens, name="tokens"),
    path("agent/reglages/jetons/nouveau/", tokens.add, name="token-new"),
    path("agent/reglages/jetons/<int:pk>/revoquer/", tokens.revoke, name="token-revoke"),
]
