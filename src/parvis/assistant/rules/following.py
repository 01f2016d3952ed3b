"""What a message asks about, and whether it goes on from the one before."""

import re
from enum import StrEnum

from parvis.assistant.rules.words import folded


class Aspect(StrEnum):
    """What of a subject is asked; each has its own place in a sheet, or in the tables."""

    COST = "cost"
    DOCUMENTS = "documents"
    DELAY = "delay"
    HOURS = "hours"
    PLACE = "place"
    PHONE = "phone"


# Of what was said in small letters without accents; the first that fits counts.
_ASPECTS: tuple[tuple[Aspect, str], ...] = (
    (
        Aspect.DELAY,
        r"combien de temps|combien de jours|combien de semaines|combien de mois|delais?|"
        r"how long|how many (?:days|weeks)",
    ),
    (
        Aspect.COST,
        r"combien (?:ca |cela |est ce que ca )?(?:coute|couter|vaut|je dois|faut il payer)\w*|"
        r"c est combien|ca coute|coute combien|combien coute|quel (?:est le )?(?:prix|tarif|cout)|"
        r"quels (?:sont les )?(?:prix|tarifs)|prix|tarifs?|cout|gratuit|gratuite|payant|payante|"
        r"how much(?: does it cost| is it| is)?|price|cost|costs|fee|fees|free of charge",
    ),
    (
        Aspect.DOCUMENTS,
        r"quel(?:le)?s (?:sont les )?(?:pieces|papiers|documents|justificatifs)|"
        r"pieces (?:a fournir|justificatives|demandees|necessaires)|papiers (?:a fournir|faut)|"
        r"documents (?:a fournir|necessaires|demandes|a apporter)|justificatifs|"
        r"que (?:dois je|faut il) (?:apporter|amener|fournir)|quoi (?:apporter|amener|fournir)|"
        r"(?:what|which) (?:documents|papers)|what (?:do i|should i|to) bring|documents needed",
    ),
    (
        Aspect.HOURS,
        r"horaires?|heures? d ouverture|(?:a )?quelle heure|quelles heures|"
        r"(?:etes vous|est ce|c est|est elle|est il|est|sont) (?:ouverte?s?|fermee?s?)|"
        r"vous (?:ouvrez|fermez)|ouvrez vous|fermez vous|ouverts? (?:le|ce|aujourd|demain|samedi|"
        r"lundi|mardi|mercredi|jeudi|vendredi|dimanche|maintenant|quand)|"
        r"opening (?:hours|times)|office hours|(?:are you|is it|is the \w+(?: \w+)?) "
        r"(?:open|closed)|what time|when (?:do you|does it) (?:open|close)",
    ),
    (
        Aspect.PLACE,
        r"ou (?:est|se trouve|se situe|aller|dois je|faut il|puis je|vous trouvez|s adresser|"
        r"deposer|etes vous|je dois|c est)|c est ou|(?:quelle est )?(?:l |votre )?adresse|"
        r"a quel endroit|where (?:is|are|do|should|can|to)|what is (?:the|your) address|address",
    ),
    (
        Aspect.PHONE,
        r"numero de telephone|numero pour|vous (?:joindre|appeler|telephoner)|telephone|"
        r"phone number|call you|phone",
    ),
)
_PATTERNS = tuple((aspect, re.compile(rf"(?<= )(?:{words})(?= )")) for aspect, words in _ASPECTS)
_SMALL_WORDS = """
a ai alors au aussi aux avec avez avoir bonjour bonsoir c ca ce cela ces cette combien comment d
dans de des dois donc du elle en encore est et etes etre eux fait faire faut hello hi il ils j
je l la le les leur lui m ma mais maintenant me merci mes mon ne nous on ok ou oui par pas pour
puis que quel quelle quelles quels quand qu qui s sa se ses si son sont sur svp t te tres tu un
une vais veux voudrais vos votre vous y please thanks thank you and or the an is are it this
that these those do does i my me your to of for in on at how what which when much there need
want know tell about quoi numero votre savoir dire plait peut pouvez connaitre aujourd hui
demain today tomorrow now lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday
wednesday thursday friday saturday sunday mairie accueil guichet town hall office open opening
ouvert ouverte ferme fermee
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_STARTS = re.compile(
    r"^ (?:et|and|mais|but|ok|d accord|dans ce cas|sinon|what about|how about|meme chose|"
    r"pour (?:mon|ma|mes|un|une|le|la|lui|elle)|for (?:my|a|him|her)|si (?:je|c est|mon|ma)) "
)
_GREETING = re.compile(
    r"^ (?:(?:bonjour|bonsoir|salut|coucou|hello|hi|hey|merci|merci beaucoup|thanks|thank you|"
    r"au revoir|bye|ok|d accord|tres bien|parfait|super|madame|monsieur) )+$"
)
_PERSON = re.compile(
    r" (?:parler|discuter|parle) (?:a|avec) (?:quelqu un|un(?:e)? (?:personne|humain|agent|"
    r"conseiller|conseillere|vrai\w* personne)|un etre humain|une personne)|"
    r" (?:etre|me) (?:rappele|rappelee|rappeler) | vrai(?:e)? (?:personne|humain|agent) |"
    r" (?:speak|talk) (?:to|with) (?:someone|somebody|a (?:person|human|real person)|an agent) |"
    r" (?:un|a) (?:humain|human) | conseiller svp "
)
_REQUEST = r"(?:dossiers?|demandes?|requetes?|case|request|application|file)"
_PROGRESS = re.compile(
    r" (?:ou en (?:est|sont)|avancement|avance|statut|etat|status|progress) "
    rf"(?:\w+ ){{0,4}}{_REQUEST} |"
    rf" {_REQUEST} (?:\w+ ){{0,4}}(?:ou en est|avance|en est ou|status) "
)
_OF_OTHERS = re.compile(
    r" (?:donne\w*|montre\w*|voir|consulter|lire|acceder|show|give|read|see) "
    rf"(?:\w+ ){{0,4}}{_REQUEST} "
    r"(?:de|du|d|of|from) (?:m|mme|mlle|mr|mrs|monsieur|madame|mon|ma|mes|quelqu|somebody|my|"
    r"another|un autre|une autre) |"
    rf" {_REQUEST} (?:de|of) (?:m|mme|mlle|mr|mrs|monsieur|madame) "
)
SHORT = 140  # letters: a longer message tells a story, in which such words mean less
LONGEST_FOLLOWING = 9  # words


def aspect_of(text: str) -> Aspect | None:
    """What of its subject the message asks for, if it says so."""
    said = folded(text)
    return next((aspect for aspect, pattern in _PATTERNS if pattern.search(said)), None)


def subject_of(text: str) -> str:
    """The words that are left of a message without what it asks for and without small words."""
    said = folded(text)
    for _aspect, pattern in _PATTERNS:
        said = pattern.sub(" ", said)
    return " ".join(word for word in said.split() if word not in _SMALL and len(word) > 1)


def is_following(text: str) -> bool:
    """Whether the message goes on from the one before, and says too little without it."""
    said = folded(text)
    if len(said.split()) > LONGEST_FOLLOWING:
        return False
    return bool(_STARTS.match(said)) or (aspect_of(text) is not None and not subject_of(text))


def asks_progress(text: str) -> bool:
    """Whether somebody asks how far their request has got: no sheet knows, nor does a program."""
    return len(text) <= SHORT and bool(_PROGRESS.search(folded(text)))


def besides_progress(text: str) -> str:
    """The questions of such a message that are not about the request itself."""
    asked = re.findall(r"[^?!.\n]+[?!.\n]*", text)
    return " ".join(one.strip() for one in asked if not _PROGRESS.search(folded(one))).strip()


def asks_of_others(text: str) -> bool:
    """Whether somebody asks for the request of somebody else."""
    return bool(_OF_OTHERS.search(folded(text)))


def is_greeting(text: str) -> bool:
    """Whether nothing is asked."""
    said = folded(text)
    return bool(_GREETING.match(said))


def wants_person(text: str) -> bool:
    """Whether the message asks for somebody, rather than about something."""
    return len(text) <= SHORT and bool(_PERSON.search(folded(text)))
