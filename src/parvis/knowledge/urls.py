from django.urls import URLPattern, URLResolver, path

from parvis.knowledge.views import (
    agent,
    citations,
    deciding,
    editing,
    keeping,
    public,
    texts,
    versions,
)
from parvis.organisations.http import at_front_door

app_name = "knowledge"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("fiches/", public.find, name="search"),
    *at_front_door("fiches/<slug:ref>/", public.sheet, name="sheet"),
    *at_front_door("fiches/<slug:ref>/documents/", public.documents, name="documents"),
    path("agent/fiches/loi/", citations.to_check, name="citations"),
    path("agent/fiches/loi/<int:article_id>/", citations.citing, name="citing"),
    path("agent/fiches/loi/tient/<int:citation_id>/", citations.still_holds, name="still-holds"),
    path("agent/fiches/<slug:ref>/loi/", citations.cite, name="cite"),
    path("agent/fiches/<slug:ref>/loi/retire/", citations.uncite, name="uncite"),
    *at_front_door("fiches/<slug:ref>/pieces/<int:pk>/", texts.public_file, name="file"),
    path("agent/fiches/", agent.find, name="agent-search"),
    path("agent/fiches/nouvelle/", editing.new, name="new"),
    path("agent/fiches/a-faire/", keeping.todo, name="todo"),
    path("agent/fiches/revues/", keeping.due_list, name="reviews"),
    path("agent/fiches/revues/<int:pk>/annuler/", keeping.undo_review, name="undo-review"),
    path("agent/fiches/lisibilite/", editing.reading, name="reading"),
    path("agent/fiches/ecriture/<int:pk>/", editing.draft, name="draft"),
    path("agent/fiches/ecriture/<int:pk>/apercu/", editing.preview, name="preview"),
    path("agent/fiches/ecriture/<int:pk>/lecture/", deciding.read, name="read-draft"),
    path("agent/fiches/ecriture/<int:pk>/decision/", deciding.decide, name="decide"),
    path("agent/fiches/ecriture/<int:pk>/reprendre/", deciding.take_up, name="take-up"),
    path("agent/fiches/ecriture/<int:pk>/rattraper/", deciding.catch_up, name="catch-up"),
    path(
        "agent/fiches/ecriture/<int:pk>/deux-textes/<int:copy_pk>/",
        deciding.two_texts,
        name="two-texts",
    ),
    path(
        "agent/fiches/ecriture/<int:pk>/revenir/<int:copy_pk>/",
        editing.take_copy,
        name="take-copy",
    ),
    path("agent/fiches/<slug:ref>/", agent.sheet, name="agent-sheet"),
    path("agent/fiches/<slug:ref>/modifier/", editing.begin, name="begin"),
    path("agent/fiches/<slug:ref>/versions/", versions.listing, name="versions"),
    path("agent/fiches/<slug:ref>/versions/<int:number>/", versions.version, name="version"),
    path(
        "agent/fiches/<slug:ref>/versions/<int:number>/restaurer/",
        versions.restore,
        name="restore",
    ),
    path("agent/fiches/<slug:ref>/inchangee/", keeping.unchanged, name="unchanged"),
    path("agent/fiches/<slug:ref>/archiver/", keeping.archive, name="archive"),
    path("agent/fiches/<slug:ref>/rouvrir/", keeping.bring_back, name="bring-back"),
    path("agent/fiches/<slug:ref>/textes/", texts.listing, name="texts"),
    path("agent/fiches/<slug:ref>/textes/<slug:which>/", texts.text, name="text"),
    path("agent/fiches/<slug:ref>/textes/<slug:which>/decision/", texts.decide, name="text-decide"),
    path("agent/fiches/<slug:ref>/pieces/", texts.attach, name="attach"),
    path("agent/fiches/<slug:ref>/pieces/<int:pk>/", texts.agent_file, name="agent-file"),
    path("agent/fiches/<slug:ref>/pieces/<int:pk>/retirer/", texts.detach, name="detach"),
]
