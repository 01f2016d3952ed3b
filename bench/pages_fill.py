"""``python -m bench.pages_fill``: one sheet with every part, for the measurement of its page."""

import os

SHEET = "/fiches/BENCH-1/"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parvis.settings")
    import django

    django.setup()
    from django.utils import timezone

    from parvis.knowledge import actions
    from parvis.knowledge.actions import NewSheet
    from parvis.knowledge.rules import Block
    from parvis.organisations.models import Authority, Topic

    def block(kind: str, html: str) -> Block:
        return Block(kind=kind, title="", level="public", html=html)

    items = "".join(f"<li>Une pièce à apporter, numéro {number}</li>" for number in range(8))
    kinds = ("for_whom", "cost", "delay", "explanation", "where", "online", "legal")
    blocks = [block(kind, "<p>Un paragraphe comme dans une fiche de tous les jours.</p>" * 3)
              for kind in kinds]  # fmt: skip
    blocks += [block("documents", f"<ul>{items}</ul>"), block("steps", f"<ol>{items}</ol>")]
    authority = Authority.objects.order_by("pk")[0]
    topics = list(Topic.objects.filter(authority=authority)[:1])
    new = NewSheet("BENCH-1", "Une fiche", "Une réponse courte.", blocks, topics=topics)
    actions.create_local_sheet(authority, new, now=timezone.now(), author="")


if __name__ == "__main__":
    main()
