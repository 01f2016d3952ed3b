import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from parvis.knowledge import lightmark, markup

INLINE = ["em", "strong", "sup", "sub"]
WORDS = st.text("ab *_#-+>1.!|&<é\u00a0’[]()\\`", max_size=12)


def wrapped(tags: list[str], inner):
    return st.builds(lambda tag, inside: f"<{tag}>{inside}</{tag}>", st.sampled_from(tags), inner)


def escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


LINES = st.lists(
    st.one_of(
        WORDS.map(escaped),
        wrapped(INLINE, WORDS.map(escaped)),
        st.just("<br>"),
        WORDS.map(lambda w: f'<a href="/fiches/F1/">{escaped(w)}</a>'),
        WORDS.map(lambda w: f'<abbr title="{escaped(w)}">x</abbr>'),
    ),
    max_size=4,
).map("".join)
ITEMS = st.lists(LINES.map(lambda line: f"<li>{line}</li>"), max_size=3).map("".join)
PIECES = st.recursive(
    st.one_of(LINES, wrapped(["p", "h3", "h5"], LINES), wrapped(["ul", "ol"], ITEMS)),
    lambda inner: st.one_of(
        inner.map(lambda h: f'<div class="pv-note">{h}</div>'),
        inner.map(lambda h: f"<details><summary>x</summary>{h}</details>"),
        inner.map(lambda h: f"<ul><li>{h}</li></ul>"),
        inner.map(lambda h: f"<table><tbody><tr><td>{h}</td><td>2</td></tr></tbody></table>"),
    ),
    max_leaves=4,
)


@settings(deadline=None)
@given(st.lists(PIECES, max_size=4).map("".join))
def test_no_html_of_a_sheet_is_changed_by_going_through_the_editor(html):
    html = markup.clean(html)

    back = lightmark.to_html(lightmark.to_text(html))

    assert lightmark.same(back, html)


@settings(deadline=None)
@given(st.text(max_size=200))
def test_whatever_is_typed_gives_clean_html_and_is_typed_the_same_again(typed):
    html = lightmark.to_html(typed)

    assert markup.clean(html) == html
    assert lightmark.same(lightmark.to_html(lightmark.to_text(html)), html)


@pytest.mark.parametrize(
    ("html", "typed"),
    [
        ("<p>Gratuit.</p>", "Gratuit."),
        ("<p>Un <strong>seul</strong> <em>mot</em></p>", "Un **seul** *mot*"),
        ("<ul><li>Une pièce</li><li>Un justificatif</li></ul>", "- Une pièce\n- Un justificatif"),
        ("<ol><li>Venir</li><li>Signer</li></ol>", "1. Venir\n2. Signer"),
        ("<p>1. Ceci n’est pas une liste</p>", "1\\. Ceci n’est pas une liste"),
        ("<p>Au guichet<br>ou en ligne</p>", "Au guichet\nou en ligne"),
        ("<h3>Cas particulier</h3>", "### Cas particulier"),
        ('<div class="pv-note"><p>À savoir</p></div>', "> À savoir"),
        ('<div class="pv-note pv-note-attention"><p>Un délai</p></div>', "> ! Un délai"),
        ('<p><a href="/fiches/F1427/">la fiche</a></p>', "[la fiche](/fiches/F1427/)"),
        (
            "<table><thead><tr><th>Qui</th><th>Prix</th></tr></thead>"
            "<tbody><tr><td>Enfant</td><td>2 €</td></tr></tbody></table>",
            "| Qui | Prix |\n| --- | --- |\n| Enfant | 2 € |",
        ),
        ("<dl><dt>a</dt><dd>b</dd></dl>", "<dl><dt>a</dt><dd>b</dd></dl>"),
    ],
)
def test_usual_html_reads_like_a_plain_letter(html, typed):
    assert lightmark.to_text(html) == typed


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("moins de < 5 ans", "<p>moins de &lt; 5 ans</p>"),
        ("a<b et <nom de famille>", "<p>a&lt;b et &lt;nom de famille&gt;</p>"),
        ("<script>alert(1)</script>", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"),
        ("    en retrait", "<p>en retrait</p>"),
        ("# Grand titre", "<h3>Grand titre</h3>"),
        ("[x](javascript:alert)", "<p>[x](javascript:alert)</p>"),
        ("une ligne\n---", "<p>une ligne<br>\n---</p>"),
    ],
)
def test_words_that_look_like_code_stay_words(typed, expected):
    assert lightmark.to_html(typed) == expected
