"""Who does what to what: words of a rule may all be there and say something else."""

import pytest

from monitor.lexicons.packed import packed_news
from rules.languages.verbs import verbs_among
from rules.lexicons.news import NewsLexicon
from rules.matcher import RuleMatcher
from tests.builders import a_rule, a_source, an_article, with_variants


def _finds(rule: str, text: str, language: str = "en") -> bool:
    matcher = RuleMatcher(
        [with_variants(a_rule(rule, written_in=("en",)), NewsLexicon(packed_news))]
    )
    return bool(matcher.matches(an_article("", text=text, language=language), a_source()))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("privatise mines", {0}),
        ("ban plastic", {0}),
        ("voters approve treaty", {1}),
        ("pirates board tanker", {1}),
        ("prices rise", {1}),
        ("troops leave", {1}),
        ("breaks record", {0}),
        ("court jails activist", {1}),
        ("calls off strike", {0}),
        ("well closes", {1}),
        ("boarding school", set()),
        ("strike ballots", set()),
        ("trade deals", set()),
        ("arms trade", set()),
        ("power cuts", set()),
        ("police raid", set()),
        ("wheat exports ban", {2}),
        ("sanctions rise", set()),
    ],
)
def test_which_words_of_a_rule_are_verbs(rule: str, expected: set[int]) -> None:
    assert verbs_among(tuple(rule.split()), "en") == expected


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        ("voters approve treaty", "Voters in two cantons approved the new treaty.", "en"),
        ("voters approve treaty", "The treaty with the union was approved by voters.", "en"),
        ("ban plastic", "The island banned single-use plastic.", "en"),
        ("ban plastic", "Die Insel hat am Montag Plastik verboten.", "de"),
        ("dismisses staff", "The bank has dismissed some of its staff.", "en"),
        ("lays off staff", "Ngân hàng sa thải hàng trăm nhân viên.", "vi"),
        ("mayor steps down", "Le maire de la ville a démissionné.", "fr"),
        ("ship runs aground", "Το φορτηγό πλοίο με τη σόγια από τη Βραζιλία προσάραξε.", "el"),
        ("minister resigns", "The minister for disabled people resigned.", "en"),
        ("minister resigns", "The minister's abrupt resignation came late.", "en"),
        ("minister resigns", "El ministro de la provincia vecina que dimitió calla.", "es"),
        ("minister resigns", "大臣は昨年の選挙の資金問題で辞任した。", "ja"),
        ("cancels festival", "The festival in Cork was cancelled by organisers.", "en"),
        ("arrested farmer", "Un agricultor fue detenido el martes.", "es"),
        ("arrested farmer", "Bonden är gripen.", "sv"),
        ("farmer arrested", "농부가 체포됐다.", "ko"),
        (
            "army frees hostages",
            "Die Armee hat in der Nacht eine Gruppe von Geiseln befreit.",
            "de",
        ),
        ("refuses to resign", "He refuses to resign.", "en"),
        ("closes mine", "It was not. They close the old coal mine.", "en"),
        ("postpones election", "La elección del sábado se aplazó.", "es"),
        ("closes school", "The school in Cork was searched and closed.", "en"),
        ("arrested farmer", "農家は容疑を否認したが逮捕された。", "ja"),
        ("arrested farmer", "농부가 뇌물을 받은 혐의로 체포됐다.", "ko"),
        ("minister resigns", "El ministro de Sanidad anunció su dimisión.", "es"),
        ("rejects budget", "议会否决了明年的预算案。", "zh"),
        ("suspended referee", "裁判因受贿被停职。", "zh"),
        ("arrested farmer", "三名农民被捕。", "zh"),
        ("village sues bank", "마을 은행을 고소했다.", "ko"),
        ("minister resigns", "大臣はきのうの夜になってからようやくのことで辞任した。", "ja"),
        ("signs treaty", "المعاهدة وقع عليها الوزير.", "ar"),
        ("closes school", "学校は来月に閉鎖した。", "ja"),
        ("bans plastic", "Le plastique est enfin interdit.", "fr"),
        ("arrested farmer", "Bonden har gripits.", "sv"),
        ("ban plastic", "Le plastique est en grande partie et pour une fois interdit.", "fr"),
        ("closes bridge", "El consejo cerrará el puente.", "es"),
        ("suspends licence", "Агентство призупинило ліцензію.", "uk"),
        ("shoots down drone", "Soldaterna sköt i går kväll ner en drönare.", "sv"),
    ],
)
def test_what_is_done_is_found(rule: str, text: str, language: str) -> None:
    assert _finds(rule, text, language)


@pytest.mark.parametrize(
    ("rule", "text", "language"),
    [
        pytest.param("minister resigns", "The minister's aide resigned.", "en", id="whose"),
        pytest.param(
            "minister resigns", "The minister left when the mayor resigned.", "en", id="when"
        ),
        pytest.param("bans plastic", "They allow plastic but they ban glass.", "en", id="but"),
        pytest.param(
            "bans plastic", "They ban glass in shops while plastic stays.", "en", id="opposed"
        ),
        pytest.param("bans plastic", "De tillåter plast men förbjuder glas.", "sv", id="but there"),
        pytest.param(
            "closes mine", "Abrió la mina de oro del norte y cierre", "es", id="joined far off"
        ),
        pytest.param("closes mine", "Abrió la mina de oro y cerró un acuerdo.", "es", id="joined"),
        pytest.param("closes mine", "El cierre y la mina preocupan.", "es", id="beside it"),
        pytest.param("closes school", "زار المدرسة وأغلق الطريق.", "ar", id="written onto it"),
        pytest.param(
            "cancels festival", "They cancelled talks said a festival.", "en", id="a verb"
        ),
        pytest.param(
            "arrested farmer", "Un agricultor denunció al ladrón detenido.", "es", id="another"
        ),
        pytest.param("suspended judge", "The judge suspended the trial.", "en", id="its object"),
        pytest.param("suspends judge", "The judge suspends trials.", "en", id="in the present"),
        pytest.param("suspended judge", "The judge has suspended him.", "en", id="has done"),
        pytest.param("suspended judge", "El juez suspendió el juicio.", "es", id="an ending"),
        pytest.param("suspended judge", "審判は雨で試合を中断した。", "ja", id="marked"),
        pytest.param(
            "arrested farmer", "농부가 도둑을 체포한 경찰을 도왔다.", "ko", id="marked inside"
        ),
        pytest.param(
            "bishop apologises", "El alcalde se disculpó con el obispo.", "es", id="given"
        ),
        pytest.param("bishop apologises", "市長が司教に謝罪した。", "ja", id="given by a mark"),
        pytest.param("bishop apologises", "اعتذر العمدة للأسقف.", "ar", id="given by a prefix"),
        pytest.param("farmer sues bank", "The bank sued a farmer.", "en", id="turned"),
        pytest.param("farmer sues bank", "Ngân hàng kiện nông dân.", "vi", id="turned there"),
        pytest.param("farmer sues bank", "銀行が農家を訴えた。", "ja", id="turned by marks"),
        pytest.param("closes mine", "The state refused to close the mine.", "en", id="refused"),
        pytest.param("closes mine", "政府は鉱山の閉鎖を見送った。", "ja", id="refused behind"),
    ],
)
def test_what_is_said_of_something_else_is_not(rule: str, text: str, language: str) -> None:
    assert not _finds(rule, text, language)
