"""The library finds a question by name, and refuses a file that breaks its rules."""

from __future__ import annotations

import pytest

from diplograph import questions
from diplograph.errors import LibraryError, UnknownQuestionError
from diplograph.queries.catalogue import question, read_question

GOOD = """\
#+ summary: Who held it?
#+ description: All of them.
#+ tags: [posts]
#+ parameters:
#+   post: {kind: Post, meaning: "the post", example: "Minister of All"}
#+   within: {kind: number, meaning: "how many", example: "30", default: 30}
SELECT ?person ?fact WHERE {
  VALUES (?post ?within) { (<https://example.org/post> 30) }
  ?fact ?post ?person .
}
"""


def test_a_question_is_what_its_file_says() -> None:
    read = read_question("posts", "who.rq", GOOD)
    assert (read.name, read.theme, read.summary, read.description) == ("who", "posts", "Who held it?", "All of them.")
    assert read.tags == ("posts",)
    assert read.sparql == GOOD
    assert [(p.name, p.kind, p.is_entity, p.default) for p in read.parameters] == [
        ("post", "Post", True, None),
        ("within", "number", False, "30"),
    ]
    assert read.example == 'who post="Minister of All" within=30'


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("summary: Who held it?", "summary: Everybody who held it."),
        ("summary: Who held it?", "title: Who held it?"),
        ("tags: [posts]", "tags: [posts"),
        ("#+ ", "# "),
        ("#+   post: {kind: Post,", "#+   holder: {kind: Post,"),
        ("VALUES (?post ?within)", "VALUES (?within ?post)"),
        ("VALUES (?post ?within)", "values (?post ?within)"),
        ("  ?fact ?post", "  VALUES (?post ?within) { (UNDEF 1) }\n  ?fact ?post"),
        (', meaning: "the post"', ""),
        (', example: "Minister of All"', ""),
        ('{kind: Post, meaning: "the post", example: "Minister of All"}', "Post"),
        ('#+   post: {kind: Post, meaning: "the post", example: "Minister of All"}', "#+   [post, within]"),
    ],
)
def test_a_file_that_breaks_the_rules_is_named_with_what_is_wrong(good: str, bad: str) -> None:
    assert good in GOOD
    with pytest.raises(LibraryError, match=r"^posts/who\.rq: "):
        read_question("posts", "who.rq", GOOD.replace(good, bad))


def test_parameters_are_a_mapping() -> None:
    listed = GOOD.partition("#+   post")[0] + "#+   [post, within]\n" + GOOD[GOOD.index("SELECT") :]
    with pytest.raises(LibraryError, match=r"^posts/who\.rq: "):
        read_question("posts", "who.rq", listed)


def test_an_unknown_name_brings_the_names_near_it() -> None:
    with pytest.raises(UnknownQuestionError, match="Did you mean who-held-post") as error:
        question("who-held-pots")
    assert error.value.name == "who-held-pots"
    assert "who-held-post" in error.value.near
    with pytest.raises(UnknownQuestionError, match="`diplograph questions` lists them all"):
        question("zzzzzzzz")


def test_questions_come_by_theme_and_name() -> None:
    found = list(questions().values())
    assert [q.name for q in found] == list(questions())
    assert found == sorted(found, key=lambda q: (q.theme, q.name))
