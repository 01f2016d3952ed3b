"""Which lines each hall has, how many people come to them, and which desks call from them."""

from dataclasses import dataclass
from typing import Final

RELIEF_MONTH: Final = 9  # the head of reception opens second desks: family and social action
PEAK: Final = (10 * 3600, 12 * 3600)


@dataclass(frozen=True, slots=True)
class Line:
    """One queue: people of an average day, minutes at the desk (mean, variation), its desks."""

    name: str
    volume: float
    minutes: float
    cv: float
    families: tuple[str, ...]
    base: tuple[int, ...]
    peak: tuple[int, ...] = ()  # besides, from 10 to 12
    relief: tuple[int, ...] = ()  # all day, from the month of relief on
    topics: tuple[str, ...] = ()  # only these of the families
    slot_minutes: int = 0  # by appointment
    beyond: float = 0.18  # how often level 2 is asked for, compared with its share


_GENERAL = (
    "orientation", "cadre-de-vie", "evenements-salles", "paiements", "reclamations",
    "autres-organismes", "elections",
)  # fmt: skip
_EVERYTHING = (*_GENERAL, "etat-civil", "ecole", "petite-enfance", "urbanisme", "social-logement",
               "cimetieres", "identite")  # fmt: skip
_TITLES = ("cni-demande", "passeport-demande", "titre-mineur")

LINES: Final[dict[str, tuple[Line, ...]]] = {
    "mairie": (
        Line("general", 95, 3.5, 0.8, _GENERAL, base=(1,), peak=(2,), beyond=0.05),
        Line("civil", 70, 8, 0.7, ("etat-civil",), base=(3, 4), peak=(5,), beyond=0.12),
        Line("family", 38, 10, 0.8, ("ecole", "petite-enfance"), base=(6,), relief=(7,)),
        Line(
            "collection", 30, 6, 0.5, ("identite",), base=(8,),
            topics=("retrait-titre", "titre-documents", "titre-perte-vol", "titre-rendez-vous"),
        ),
        Line(
            "titles", 44, 17, 0.3, ("identite",), base=(9, 10), topics=_TITLES,
            slot_minutes=20, beyond=1.0,
        ),
        Line("cemeteries", 3, 13, 0.6, ("cimetieres",), base=(13,), beyond=1.0),
    ),
    "ccas": (
        Line(
            "social", 32, 14, 0.9, ("social-logement",), base=(1,), peak=(2,), relief=(2,),
            beyond=0.2,
        ),
    ),
    "urbanisme": (Line("planning", 14, 9, 0.7, ("urbanisme",), base=(1,), beyond=0.8),),
    "annexe-nord": (
        Line("north", 18, 6, 0.8, (*_GENERAL, "etat-civil", "ecole"), base=(1,)),
    ),
    "annexe-est": (Line("east", 11, 6, 0.8, (*_GENERAL, "etat-civil", "ecole"), base=(1,)),),
    "tremalon-mairie": (Line("all", 20, 6.5, 0.8, _EVERYTHING, base=(1,), peak=(2,)),),
    "cote-brevale-maison": (Line("all", 22, 7, 0.8, _EVERYTHING, base=(2,), peak=(1,)),),
    "agglo-accueil": (Line("all", 26, 5, 0.8, _EVERYTHING, base=(1,), peak=(2,)),),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Remote:
    """A channel without a hall: contacts of an average day, minutes (mean, variation)."""

    channel: str
    volume: float  # in the town; elsewhere by population
    minutes: float
    cv: float
    returns: float  # the share of those contacts that are people coming back


REMOTE: Final = (
    Remote("phone", 270, 4.0, 0.9, 0.19),
    Remote("email", 70, 7.0, 1.0, 0.30),
    Remote("post", 45, 12.0, 0.8, 0.0),
    Remote("web", 60, 6.0, 0.8, 0.0),
)
POPULATION_OF_TOWN: Final = 60_240
