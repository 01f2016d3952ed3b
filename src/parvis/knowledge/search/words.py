"""From words to stems: French stemming, no accents, and the small words that say nothing."""

import re
from functools import cache, lru_cache
from importlib.resources import files

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

# Stemmed before accents go, because the French rules need them.
_ANALYZER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.remove_long(60))
    .filter(Filter.lowercase())
    .filter(Filter.stemmer("french"))
    .filter(Filter.ascii_fold())
    .build()
)
_FOLDER = (
    TextAnalyzerBuilder(Tokenizer.simple())
    .filter(Filter.lowercase())
    .filter(Filter.ascii_fold())
    .build()
)
# Without its accent, "né" would be the small word "ne"; registers are full of it.
_BORN = re.compile(r"\bnée?s?\b", re.IGNORECASE)
WORD = re.compile(r"[^\W_]+")
_SMALL = """
à a ai aie ait alors après as au aucun aussi autre aux avant avec avoir avez avons bien bonjour
bonsoir c ça car ce ceci cela celle celles celui ces cet cette ceux chez ci comme comment
cordialement d dans de des deux depuis dois doit donc dont du duquel elle elles en encore entre
est et étais était étant êtes être eu eux fais faire fait faut ferai il ils j jai je l la le les
leur leurs lui m ma mais me même merci mes mieux moi moins mon n ne ni non nos notre nous on ont
ou où par parce pas peu peut peuvent peux plus pour pourquoi pourrait pourriez pouvez pouvoir
pris qu quand quel quelle quelles quels que qui quoi s sa sans se sera ses si sinon soit sommes
son sont suis sur svp t ta te tes toi ton tous tout toute toutes très tu un une va vais veut
veux voudrais vos votre vous vraiment y madame monsieur please the of is my how what do i
"""


def stems(text: str) -> list[str]:
    """Every word of a text as its stem, in order."""
    return list(_ANALYZER.analyze(_BORN.sub("naissance", text)))


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """One word as its stem."""
    return " ".join(stems(word))


@lru_cache(maxsize=4096)
def folded(word: str) -> str:
    """One word in small letters without accents, not stemmed: what a prefix is compared with."""
    return " ".join(_FOLDER.analyze(word))


SMALL_STEMS = frozenset(stem(word) for word in _SMALL.split()) - {""}


@cache
def everyday_stems() -> frozenset[str]:
    """The words with which a letter tells its story, whatever it is about."""
    table = files(__package__).joinpath("everyday.txt").read_text(encoding="utf-8")
    rows = (line for line in table.splitlines() if not line.startswith("#"))
    return frozenset(s for row in rows for s in stems(row)) - SMALL_STEMS


def telling_stems(text: str) -> list[str]:
    """The stems of a text without the small words, in order."""
    return [s for s in stems(text) if s not in SMALL_STEMS and (s[1:] or s.isdigit())]


def name_of(text: str) -> str:
    """The telling stems of a few words as one term."""
    return "_".join(telling_stems(text))


def names_of(title: str, keywords: str) -> list[str]:
    """What a sheet is called: its title, the head of its title, and each of its keywords."""
    called = [title, re.split(r"\s*:", title)[0], *keywords.split(",")]
    return [name for name in dict.fromkeys(map(name_of, called)) if name]


def question_stems(question: str) -> list[str]:
    """The telling stems of a question, each once; all of them when it has only small words."""
    telling = telling_stems(question)
    return list(dict.fromkeys(telling or [s for s in stems(question) if len(s) > 1]))
