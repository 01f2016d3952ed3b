from django.urls import URLPattern, URLResolver, path

from parvis.law.views import agent, public
from parvis.organisations.http import at_front_door

app_name = "law"

urlpatterns: list[URLPattern | URLResolver] = [
    *at_front_door("droit/", public.texts, name="public"),
    path("agent/droit/", agent.register, name="register"),
    path("agent/droit/nouveau/", agent.add, name="add"),
    path("agent/droit/<int:text_id>/", agent.text, name="text"),
    path("agent/droit/<int:text_id>/modifier/", agent.edit, name="edit"),
    path("agent/droit/<int:text_id>/article/", agent.add_article, name="add-article"),
    path("agent/droit/article/<int:article_id>/", agent.article, name="article"),
    path("agent/droit/article/<int:article_id>/change/", agent.change, name="change"),
    path("agent/droit/article/<int:article_id>/verifie/", agent.confirm, name="confirm"),
    path("agent/droit/article/<int:article_id>/abroge/", agent.repeal, name="repeal"),
    path("agent/droit/article/<int:article_id>/lecture/", agent.interpret, name="interpret"),
    path("agent/droit/lecture/<int:interpretation_id>/", agent.decide, name="decide"),
]
