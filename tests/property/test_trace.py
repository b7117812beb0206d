"""A trace and the matcher agree, whatever the rule and the article."""

from hypothesis import given
from hypothesis import strategies as st

from rules.explain.trace import Clause, trace
from rules.matcher import RuleMatcher
from rules.query.tree import Query
from storage.model import Variant, VariantState
from tests.builders import a_rule, a_source, an_article
from tests.property.test_rules import small_queries, texts

variants = st.lists(
    st.builds(
        Variant,
        language=st.sampled_from(["", "sv"]),
        text=st.sampled_from(["Осло", "bus", "data bases", "公约"]),
        of=st.sampled_from(["", "rail", "Convention", "Hanoi"]),
        state=st.sampled_from(list(VariantState)),
    ),
    max_size=3,
    unique_by=lambda variant: variant.key,
).map(tuple)


def everything(clause: Clause) -> list[Clause]:
    return [clause, *(clause_ for part in clause.parts for clause_ in everything(part))]


@given(
    small_queries,
    st.sampled_from(["exact", "forms", "all", "broad"]),
    variants,
    texts,
    texts,
    st.sampled_from(["", "en", "sv", "ru", "zh"]),
)
def test_a_trace_says_what_the_matcher_says_and_its_clauses_add_up(
    query: Query,
    strictness: str,
    variants: tuple[Variant, ...],
    title: str,
    text: str,
    language: str,
) -> None:
    rule = a_rule(str(query), name="x", strictness=strictness, variants=variants)
    article = an_article(title or "x", text=text, language=language)
    matches = RuleMatcher([rule]).matches(article, a_source())
    traced = trace(rule, article, a_source())
    assert traced.holds == bool(matches)
    assert traced.score == (matches[0].score if matches else 0.0)
    for clause in everything(traced):
        truths = [part.holds for part in clause.parts]
        match clause.kind:
            case "all":
                assert clause.holds == all(truths)
            case "any":
                losses = [
                    part for part in clause.parts if part.kind == "weight" and "^-" in part.text
                ]
                gaining = [part.holds for part in clause.parts if part not in losses]
                assert clause.holds == any(gaining)
            case "not":
                assert truths == [not clause.holds]
            case _:
                pass
        assert not (clause.holds and clause.miss)
        for proof in clause.proofs:
            evidence = proof.evidence
            field = article.title if evidence.field == "title" else article.text
            assert field[evidence.start : evidence.end] == evidence.text
        for words in clause.miss.texts if clause.miss else ():
            assert words in article.title or words in article.text
