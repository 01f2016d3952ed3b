"""The mail of the town: an address for each kind of letter, and messages in every state."""

from datetime import datetime, timedelta
from email.message import EmailMessage

from django_tasks_db.models import DBTaskResult

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases.models import Case
from parvis.demo.content.loader import Content
from parvis.mail import actions, addresses
from parvis.mail.models import OutgoingMail, ReceivedMail
from parvis.mail.reading import runner
from parvis.organisations.models import Authority, Topic

DOMAIN = "sainte-orvanne.example"
BOXES = (("accueil", "accueil", "ines.rollin"), ("urbanisme", "urbanisme", "nadia.amrani"))
ODETTE = "Odette Vasselin <odette.vasselin@example.org>"
_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def create(content: Content, *, now: datetime) -> int:
    """Name the addresses, let a week of messages come, sort most of them."""
    post = _Post(content, now)
    post.name_boxes()
    case = post.become_a_case()
    post.go_on(case)
    post.arrive()
    post.see_to()
    post.settle()
    return ReceivedMail.objects.filter(authority=post.town).count()


class _Post:
    """Brings messages in, as a mail server does, and sorts them as the reception does."""

    def __init__(self, content: Content, now: datetime) -> None:
        self.now = now
        self.town = Authority.objects.get(slug=content.town.slug)
        self.box = ""
        self.count = 0

    def agent(self, username: str) -> Agent:
        agent: Agent = Agent.objects.with_rights().get(username=username)
        return agent

    def name_boxes(self) -> None:
        """Two addresses that somebody answers for."""
        services = {one.slug: one for one in self.town.services.all()}
        for local, slug, keeper in BOXES:
            actions.keep_box(
                self.town, agent=None, address=f"{local}@{DOMAIN}", service=services[slug],
                keeper=self.agent(keeper),
            )  # fmt: skip
        self.box = f"{BOXES[0][0]}@{DOMAIN}"

    def bring(
        self, sender: str, subject: str, text: str, *, hours: int, **more: str
    ) -> ReceivedMail:
        """One message comes in and is read."""
        self.count += 1
        letter = EmailMessage()
        letter["From"], letter["To"] = sender, more.pop("to", self.box)
        letter["Subject"], letter["Message-ID"] = subject, f"<{self.count}.demo@example.org>"
        file = more.pop("file", "")
        envelope = more.pop("envelope", sender.rpartition("<")[2].strip(">"))
        for name, value in more.items():
            letter[name.replace("_", "-")] = value
        letter.set_content(text)
        if file:
            letter.add_attachment(_PDF, maintype="application", subtype="pdf", filename=file)
            letter.set_boundary(f"demo-{self.count}")
        at = self.now - timedelta(hours=hours)
        kept = actions.keep(
            letter.as_bytes(), way="lmtp", now=at, envelope_from=envelope,
            envelope_to=str(letter["To"]),
        )  # fmt: skip
        actions.read_one(
            kept.mail.pk, now=at, reader=lambda path: runner.read_here(path.read_bytes())
        )
        return ReceivedMail.objects.select_related("authority", "claimed").get(pk=kept.mail.pk)

    def become_a_case(self) -> Case:
        """A request by mail that was opened as a case, and answered by Nadia."""
        mail = self.bring(
            ODETTE, "Abri de jardin",
            "Bonjour,\n\nje voudrais poser un abri de jardin de 12 m² au fond de mon terrain, "
            "3, rue des Glycines. Que dois-je déposer ?\n\nOdette Vasselin\n",
            hours=98,
        )  # fmt: skip
        topic = Topic.objects.select_related("service", "authority", "family").get(
            authority=self.town, slug="declaration-prealable"
        )
        return actions.open_case_from(
            mail, topic=topic, agent=self.agent("ines.rollin"),
            now=self.now - timedelta(hours=97),
        )  # fmt: skip

    def go_on(self, case: Case) -> None:
        """The exchange about it: an answer, a stranger, an absence."""
        case = Case.objects.select_related("service", "authority", "person").get(pk=case.pk)
        if case.referent is not None:
            follower = self.agent(case.referent.username)
            cases.write_to_person(
                case, agent=follower, now=self.now - timedelta(hours=72),
                text="Bonjour, un plan de situation et une photo du terrain suffisent.",
            )  # fmt: skip
        last = OutgoingMail.objects.filter(case=case).latest("pk")
        there = addresses.reply_address(last.sender, case.reference)
        answers = {"In_Reply_To": last.message_id}
        self.bring(
            ODETTE, f"Re: {last.subject}",
            "Voici le plan. Merci de votre aide.\n\nLe lun. 16 nov. 2026, la mairie a écrit :\n"
            "> Bonjour, un plan de situation et une photo du terrain suffisent.\n",
            hours=30, to=there, file="plan-de-situation.pdf", **answers,
        )  # fmt: skip
        self.bring(
            "Hervé Vasselin <herve.v@example.net>", "Abri de ma mère",
            "Bonjour, je réponds pour ma mère : voici sa nouvelle adresse.\n", hours=20, **answers,
        )  # fmt: skip
        self.bring(
            ODETTE, "Absence", "Je suis absente jusqu’au 30.\n", hours=71,
            Auto_Submitted="auto-replied", **answers,
        )  # fmt: skip

    def arrive(self) -> None:
        """What waits for the reception this morning, and what machines wrote."""
        self.bring(
            "Malo Kerdraon <malo.kerdraon@example.org>", "Acte de naissance",
            "Bonjour,\n\nil me faut une copie d’acte de naissance pour le notaire. Je suis né à "
            "Sainte-Orvanne en 1984. Pouvez-vous me l’envoyer ?\n\nCordialement,\nMalo Kerdraon\n",
            hours=26,
        )  # fmt: skip
        self.bring(
            "Maëlys Tournier <maelys.t@example.org>", "",
            "bonsoir, le lampadaire devant le 8 rue du Four ne marche plus depuis samedi\n",
            hours=13, file="photo.pdf",
        )  # fmt: skip
        self.bring(
            "Association des Deux Rives <contact@deux-rives.example>", "Salle des fêtes en juin",
            "Bonjour, la salle est-elle libre le samedi 12 juin ? Nous serions 80.\n", hours=3,
        )  # fmt: skip
        self.bring(
            "La lettre des marchés <lettre@example.com>", "Les marchés publics de la semaine",
            "Dans ce numéro…\n", hours=7, List_Unsubscribe="<https://example.com/stop>",
        )  # fmt: skip

    def see_to(self) -> None:
        """One was answered at once, one set aside with its reason."""
        asked = self.bring(
            "Lise Cormier <lise.cormier@example.org>", "Horaires de samedi",
            "Bonjour, êtes-vous ouverts samedi matin ?\n", hours=50,
        )  # fmt: skip
        topic = Topic.objects.filter(authority=self.town, level=1, is_active=True).order_by("pk")
        actions.answer(
            asked, topic=topic[0], agent=self.agent("ines.rollin"), now=self.now,
            text="Bonjour,\n\noui, de 9 h à 12 h.",
        )  # fmt: skip
        offer = self.bring(
            "Toitures Rapides <offre@example.com>", "Votre toiture", "Profitez !\n", hours=44
        )
        actions.set_aside(offer, words="Publicité", agent=self.agent("ines.rollin"), now=self.now)

    def settle(self) -> None:
        """What a demo owes goes nowhere: it counts as sent, and nothing waits for the jobs."""
        waiting = OutgoingMail.objects.filter(authority=self.town, state="waiting")
        waiting.exclude(kind="answer").update(text="")
        waiting.update(state="sent", ended_at=self.now)
        DBTaskResult.objects.filter(task_path__startswith="parvis.mail.").delete()
        self._come_back()

    def _come_back(self) -> None:
        """A mail server says that one address takes nothing any more."""
        sent = OutgoingMail.objects.filter(authority=self.town, kind="answer").first()
        if sent is None:
            return
        letter = (
            f"From: MAILER-DAEMON@mx.example.org\nTo: {self.box}\nSubject: Undelivered Mail\n"
            "Message-ID: <bounce.demo@mx.example.org>\nMIME-Version: 1.0\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
            "--b\nContent-Type: text/plain\n\nThe message was not delivered.\n"
            "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n"
            f"Final-Recipient: rfc822; {sent.to}\nAction: failed\nStatus: 5.2.2\n"
            "Diagnostic-Code: smtp; 552 5.2.2 mailbox full\n"
            f"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: {sent.message_id}\n--b--\n"
        )
        at = self.now - timedelta(hours=1)
        kept = actions.keep(
            letter.encode(), way="lmtp", now=at, envelope_from="", envelope_to=self.box
        )
        actions.read_one(
            kept.mail.pk, now=at, reader=lambda path: runner.read_here(path.read_bytes())
        )
        DBTaskResult.objects.filter(task_path__startswith="parvis.mail.").delete()
