"""A few people whom several pages tell about, written through the actions of the rooms."""

from base64 import b64decode
from datetime import date, datetime, time, timedelta
from random import Random

from parvis.accounts.models import Agent
from parvis.cases import actions as cases
from parvis.cases import queries, rules
from parvis.cases.models import Case
from parvis.common import clock, codes
from parvis.contacts import actions as contacts
from parvis.contacts.models import Contact, Person
from parvis.demo import seeds
from parvis.demo.references import References
from parvis.demo.town import Body, next_working_day
from parvis.feedback import actions as feedback
from parvis.organisations.models import Authority, Desk, Topic
from parvis.queue import actions as queue
from parvis.queue.models import Ticket

_HALL = "mairie"
# One grey point: enough of a photograph for a town that does not exist.
PHOTO = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGOoBwAAgQCAv3mL6wAAAABJRU5ErkJggg=="
)


class Storyteller:
    """Tells the stories of the town, ending today."""

    def __init__(self, body: Body, seed: int, now: datetime) -> None:
        self.body = body
        self.seed = seed
        self.now = now
        self.zone = body.places[_HALL].zone
        self.authority = Authority.objects.get(pk=body.id)

    def tell(self) -> str:
        """The six windows with Nadia, the wall with Bruno before them, the grave with Karim, the
        hall that nobody answered for.

        Gives back the secret of the tracking page that the demo shows.
        """
        yann = self._person("Yann", "Piquemalle", "0639980142")
        self._wall(yann)
        tracking = self._windows(yann)
        self._grave(self._person("Jeanne", "Tessandier", "0261910187"))
        self._hall_for_a_wedding(self._person("Solène", "Guirec", "0639980177"))
        return tracking

    def agent(self, username: str) -> Agent:
        """A colleague, with the rights that actions ask for."""
        agent: Agent = Agent.objects.with_rights().get(username=username)
        return agent

    def topic(self, slug: str) -> Topic:
        """A topic of the town."""
        return Topic.objects.select_related("authority", "service", "family").get(
            authority=self.authority, slug=slug
        )

    def _person(self, first: str, last: str, phone: str) -> Person:
        # Without an e-mail address: a demo puts no receipt into the outbox.
        person, _linking = contacts.identify_person(
            self.authority,
            now=self._at(self._day(46), 9, 10),
            first_name=first,
            last_name=last,
            phone=phone,
        )
        return person

    def _windows(self, person: Person) -> str:
        """A declaration of works, brought to the desk: a plan is missing."""
        ines, nadia = self.agent("ines.rollin"), self.agent("nadia.amrani")
        topic, day = self.topic("declaration-prealable"), self._day(15)
        brought = self._at(day, 10, 12)
        contact = self._visit(ines, person, topic, brought)
        opened = cases.open_case(
            topic=topic,
            channel="desk",
            description="Je change six fenêtres côté rue, du bois pour du bois, même couleur. "
            "14, rue des Lavandières.",
            now=brought,
            agent=ines,
            person=person,
            title="Remplacer six fenêtres, 14 rue des Lavandières",
            contact=contact,
            received_on=day,
            due_on=day + timedelta(days=60),
            referent=nadia,
            deputy=self.agent("bruno.delcourt"),
        )
        asked = self._at(next_working_day(day, 7), 11, 20)
        cases.ask_for_items(
            opened.case,
            agent=nadia,
            now=asked,
            wanted=[
                cases.Wanted("Le plan des façades, avant et après"),
                cases.Wanted("Une photo de la rue", is_indispensable=False),
            ],
            until=next_working_day(asked.date(), 45),
            text="Bonjour, il manque le plan des façades, avant et après. Une photo du plan "
            "suffit ; vous pouvez aussi le déposer au guichet, nous le numérisons. Dès "
            "réception, le délai d’un mois commence.",
        )
        cases.add_note(
            opened.case,
            agent=nadia,
            now=asked + timedelta(minutes=6),
            text="Avis oral de l’architecte-conseil : favorable si la division des carreaux "
            "est gardée.",
            reason="Avis d’un autre service, non définitif",
        )
        self._from_the_page(opened.case, asked)
        return self._keep(opened.case, "windows")

    def _from_the_page(self, case: Case, asked: datetime) -> None:
        """What the person did there: a photo that does not do, a question, a call wanted."""
        photo = case.items.get(is_indispensable=False)
        sent = self._at(next_working_day(asked.date(), 1), 19, 42)
        cases.send_item(photo, documents=[cases.Document("rue.png", PHOTO)], now=sent)
        looked = self._at(next_working_day(sent.date(), 1), 9, 15)
        case.refresh_from_db()
        cases.refuse_item(
            photo,
            agent=self.agent("nadia.amrani"),
            now=looked,
            reason="On ne voit pas les fenêtres voisines : reculez-vous d’une dizaine de mètres.",
        )
        case.refresh_from_db()
        cases.write_as_person(
            case,
            now=min(looked + timedelta(hours=9), self.now),
            text="Bonjour, mon artisan m’envoie le plan en fin de semaine. Puis-je passer au "
            "guichet avec l’original ?",
        )
        moment = queries.moments_to_call(case, self.now)[-1]
        cases.ask_call(
            case, now=self.now, day=moment.day, part=moment.part, words="Le plan des façades"
        )
        # Only now: the demo puts no mail into the outbox, and the page may ask for a code.
        reached = Person.objects.filter(cases=case)
        reached.update(email="yann.piquemalle@example.org")

    def _visit(self, ines: Agent, person: Person, topic: Topic, began: datetime) -> Contact:
        """Yann at desk 3: a ticket, a call, a contact."""
        place = self.body.places[_HALL]
        desk = Desk.objects.select_related("site__authority").get(pk=place.desks[3])
        issued = queue.issue_ticket(
            desk.site,
            self.topic("depot-dossier"),
            now=began - timedelta(minutes=9),
            source="agent",
            actor=ines,
        )
        seal(issued.ticket.pk, self.seed, "windows")
        queue.call_next(desk, agent=ines, now=began - timedelta(minutes=4))
        queue.start(issued.ticket, agent=ines, now=began - timedelta(minutes=4))
        finished = queue.finish(
            issued.ticket,
            agent=ines,
            now=began,
            outcome="case_opened",
            topic=topic,
            person=person,
        )
        return finished.contact

    def _wall(self, person: Person) -> None:
        """The request before: settled by Bruno."""
        bruno, day = self.agent("bruno.delcourt"), self._day(45)
        opened = cases.open_case(
            topic=self.topic("cloture-mur"),
            channel="phone",
            description="Quelle hauteur pour une clôture côté rue ?",
            now=self._at(day, 14, 20),
            agent=bruno,
            person=person,
            title="Hauteur d’une clôture",
            received_on=day,
            referent=bruno,
            deputy=self.agent("nadia.amrani"),
        )
        cases.close(
            opened.case,
            agent=bruno,
            now=self._at(next_working_day(day, 11), 16, 5),
            text="Un mètre quatre-vingts au plus côté rue, dans votre secteur. Aucune "
            "déclaration n’est à faire en dessous.",
        )
        said = self._at(next_working_day(day, 13), 10, 30)
        complaint = feedback.complain(
            opened.case,
            now=said,
            words="J’ai attendu trois semaines pour une réponse de deux lignes, et personne ne "
            "m’a rappelé malgré deux appels.",
            wanted="Que l’on rappelle quand on le promet.",
        )
        feedback.answer_complaint(
            complaint,
            agent=self._head(),
            now=self._at(next_working_day(said.date(), 5), 15, 20),
            answer="Vous avez raison : vos deux appels étaient notés et personne ne les a repris. "
            "Depuis, chaque rappel promis a son heure et se voit de tout le service.",
            verdict="yes",
        )
        self._keep(opened.case, "wall")

    def _head(self) -> Agent:
        """Who directs the reception."""
        heads = Agent.objects.with_rights().filter(authority=self.authority, grants__role="MGR")
        head: Agent = heads.order_by("pk")[0]
        return head

    def _grave(self, person: Person) -> None:
        """A concession to renew: who comes for a certificate has this open case too."""
        karim, day = self.agent("karim.belloc"), self._day(20)
        opened = cases.open_case(
            topic=self.topic("concession-renouvellement"),
            channel="post",
            description="Je souhaite renouveler pour quinze ans la concession de mes parents.",
            now=self._at(day, 11, 5),
            agent=karim,
            person=person,
            title="Renouveler une concession de quinze ans",
            received_on=day,
            posted_on=day - timedelta(days=2),
            referent=karim,
            deputy=self.agent("fabrice.drouard"),
        )
        self._keep(opened.case, "grave")

    def _hall_for_a_wedding(self, person: Person) -> None:
        """A request that nobody answered: in three days, silence refuses it."""
        today = self.now.astimezone(self.zone).date()
        wanted = today + timedelta(days=3)
        ago = (today - timedelta(days=days) for days in range(50, 66))
        day = max(one for one in ago if rules.add_months(one, 2) <= wanted)
        opened = cases.open_case(
            topic=self.topic("location-salle"),
            channel="post",
            description="Nous voudrions louer la grande salle pour notre mariage, le premier "
            "samedi de juin.",
            now=self._at(day, 10, 40),
            person=person,
            title="Louer la grande salle pour un mariage",
            received_on=day,
            posted_on=day - timedelta(days=3),
        )
        feedback.complain(
            opened.case,
            now=self._at(self._day(4), 11, 5),
            words="Cela fait deux mois que nous attendons, et le mariage approche.",
            channel="phone",
            agent=self.agent("ines.rollin"),
        )
        self._keep(opened.case, "wedding")

    def _keep(self, case: Case, name: str) -> str:
        """Give the case a link and a reference from the seed: the same demo twice."""
        secret = seeds.secret(self.seed, "tracking", name)
        Case.objects.filter(pk=case.pk).update(
            secret_hash=codes.hash_secret(secret),
            reference=References(Case, "reference").draw(self._chance(name)),
        )
        return secret

    def _chance(self, name: str) -> Random:
        return seeds.rng(self.seed, "reference", name)

    def _day(self, days_ago: int) -> date:
        """A working day about so many days ago."""
        today = self.now.astimezone(self.zone).date()
        return next_working_day(today - timedelta(days=days_ago))

    def _at(self, day: date, hour: int, minute: int) -> datetime:
        return clock.instant_of(day, time(hour, minute), self.zone)


def seal(ticket_id: int, seed: int, *name: object) -> str:
    """Give a ticket its page secret from the seed; gives it back."""
    from_seed = seeds.secret(seed, "ticket", *name)
    Ticket.objects.filter(pk=ticket_id).update(secret_hash=codes.hash_secret(from_seed))
    return from_seed
