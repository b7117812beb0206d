"""What happens in many places on one day is told in two languages as two events."""

from functools import cache

import numpy as np
import pytest

from ingester.stories import similarity
from ingester.stories.frequencies import Frequencies
from ingester.stories.placing import day_of, place_of
from ingester.stories.signature import Signer
from ingester.stories.signs import concept_signs
from ingester.stories.sums import Traits, with_article
from ingester.stories.weights import weighed
from monitor.lexicons.packed import packed_news
from rules.languages.everyday import everyday_words
from rules.languages.phonemes import han_sounds
from rules.lexicons.news_source import number_of
from rules.lexicons.story_words import commonplaces
from rules.lexicons.whole_words import is_misread
from rules.text.folding import fold
from tests.quality.stories.test_stories import article, of_other

Told = tuple[str, str, str]
"""Language, title, text."""

GDYNIA = (
    "pl",
    "Strajk w porcie w Gdyni zawieszony",
    "Strajk w porcie w Gdyni został zawieszony w nocy. Dokerzy wracają do pracy rano. "
    "Rozmowy o płacach trwają.",
)
MARSEILLE = (
    "fr",
    "Grève au port de Marseille, les ferries à quai",
    "La grève au port de Marseille est suivie par neuf dockers sur dix. Les ferries pour la "
    "Corse restent à quai. Le préfet propose une médiation.",
)
FERRY = (
    "sv",
    "Färja och lastfartyg i kollision utanför Helsingborg",
    "En färja och ett lastfartyg var med om en kollision i dimman utanför Helsingborg. "
    "Ingen skadades, men färjan fick hål i fören.",
)
FERRY_ELSEWHERE = (
    "es",
    "Un transbordador choca con un pesquero en Ceuta",
    "La colisión entre el transbordador y un pesquero dejó tres heridos leves en Ceuta. "
    "La niebla era espesa. Las autoridades abrieron una investigación.",
)
FINANCES = (
    "pl",
    "Ministerstwo Finansów chce podatku od cukru",
    "Ministerstwo Finansów chce podatku od cukru od lipca. Producenci napojów ostrzegają przed "
    "cenami. Lekarze chwalą pomysł.",
)
FINANCES_ELSEWHERE = (
    "ru",
    "Минфин предложил повысить налог",
    "Министерство финансов предложило повысить налог на прибыль. Министр выступил в парламенте "
    "во вторник. Решение примут осенью.",
)
MARSEILLE_IN_GERMAN = (
    "de",
    "Hafenstreik in Marseille: Fähren bleiben liegen",
    "Am Streik im Hafen von Marseille nehmen neun von zehn Dockern teil. Die Fähren nach "
    "Korsika bleiben am Kai. Der Präfekt schlägt eine Vermittlung vor.",
)


QUARTER = (
    "ko",
    "한빛전자 3분기 영업이익 12조원",
    "한빛전자가 3분기 영업이익 12조1천억원을 기록했다고 30일 밝혔다. 반도체 부문이 7조원을 벌었다.",
)
QUARTER_AGAIN = (
    "ko",
    "반도체가 살렸다…한빛전자 영업이익 12조1천억",
    "한빛전자는 3분기 영업이익이 12조1천억원으로 지난해보다 32% 늘었다고 공시했다. "
    "메모리 반도체의 실적이 좋았다.",
)
QUARTER_OF_ANOTHER = (
    "ko",
    "두리전자 3분기 영업이익 6천889억원",
    "두리전자가 3분기 영업이익 6천889억원을 기록했다고 31일 밝혔다. "
    "가전 부문이 3천659억원을 벌었다.",
)
PORT = (
    "he",
    "שביתה בנמל אשדוד",
    "עובדי נמל אשדוד פתחו ביום שלישי בשביתה בעקבות המחלוקת על ההפרטה. 18 אוניות ממתינות מול החוף.",
)
PORT_AGAIN = (
    "he",
    "נמל אשדוד הושבת בשל ההפרטה",
    "העובדים בנמל אשדוד השביתו את העבודה ביום שלישי במחאה על ההפרטה, ו-18 אוניות ממתינות בים.",
)
ANOTHER_PORT = (
    "he",
    "שביתה בנמל חיפה הסתיימה",
    "עובדי נמל חיפה סיימו ביום שלישי את השביתה אחרי שהושג הסכם שכר לשלוש שנים.",
)
UTILITY_SUED = (
    "en",
    "Larkfield Energy faces lawsuit over burst dam",
    "Families sued; the lawsuit says Larkfield Energy knew of the cracks.",
)
UTILITY_SUED_IN_SWEDISH = (
    "sv",
    "Larkfield Energy stäms efter dammbrott",
    "Familjer har lämnat in en stämning: Larkfield Energy kände till sprickorna i dammen.",
)
UTILITY_EXPLODES = (
    "fr",
    "Explosion dans une centrale de Larkfield Energy",
    "Une explosion dans une centrale de Larkfield Energy a fait trois blessés.",
)
MINISTER_PROMISES = (
    "pl",
    "Radziszewski: będą nowe szpitale",
    "Minister zdrowia Tomasz Radziszewski zapowiedział budowę pięciu szpitali.",
)
MINISTER_TRAVELS = (
    "lt",
    "Radziszewskis lankosi Rygoje",
    "Sveikatos ministras Tomaszas Radziszewskis susitiko su gydytojais.",
)
GANG_HITS_TILES = (
    "en",
    "Okami ransomware hits tile maker",
    "The Okami ransomware group says it stole contracts from the tile maker.",
)
GANG_HITS_SCHOOL = (
    "de",
    "Ransomware Okami legt Schule lahm",
    "Die Ransomware Okami hat die Rechner einer Schule verschlüsselt.",
)
GANG_HITS_TILES_IN_FRENCH = (
    "fr",
    "Le rançongiciel Okami frappe un fabricant de carrelage",
    "Le groupe derrière le rançongiciel Okami affirme avoir volé des contrats.",
)
RATES_OF_CANADA = (
    "en",
    "Canada raises interest rates by a quarter point",
    "The central bank raised its interest rate to 3 percent and said that inflation is too high.",
)
RATES_OF_BRAZIL = (
    "en",
    "Brazil raises interest rates again",
    "The central bank of Brazil raised its interest rate for the third time, as inflation is high.",
)
RATES_OF_BRAZIL_IN_GERMAN = (
    "de",
    "Brasilien erhöht die Zinsen",
    "Die Zentralbank hat den Leitzins zum dritten Mal erhöht, weil die Inflation in Brasilien zu "
    "hoch ist.",
)
FLOOD = (
    "en",
    "Flood in Venice closes museums and schools",
    "Museums and schools in Venice closed in the flood; mayor Grzegorz Lisowski spoke at Rialto.",
)
FLOOD_IN_SWEDISH = (
    "sv",
    "Översvämning i Venedig stänger museer och skolor",
    "Museer och skolor i Venedig stängde i översvämningen; Lindqvist talade vid Karlov.",
)


@cache
def signer() -> Signer:
    return Signer(
        fold, packed_news().by_words, everyday_words, *commonplaces(), is_misread, han_sounds()
    )


def is_joined(one: Told, other: Told) -> bool:
    first = article([*one[1:]], one[0])
    second = of_other(article([*other[1:]], other[0]))
    known = Frequencies()
    signatures = [signer().signature(each) for each in (first, second)]
    known.learn(known.lesson(signatures))
    before, after = (weighed(each, known) for each in signatures)
    story = with_article(Traits(), before, day_of(first))
    return place_of(after, day_of(second), [story]) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (GDYNIA, MARSEILLE),
        (GDYNIA, MARSEILLE_IN_GERMAN),
        (FERRY, FERRY_ELSEWHERE),
        (FINANCES, FINANCES_ELSEWHERE),
    ],
)
def test_two_of_a_kind_in_two_places_are_two_stories(one: Told, other: Told) -> None:
    assert not is_joined(one, other)


@pytest.mark.parametrize("short", [similarity.SHORT, 0])
def test_a_place_that_each_language_calls_otherwise_is_a_name_that_both_have(
    short: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity, "SHORT", short)  # to 0: these texts are long ones then
    assert is_joined(FLOOD, FLOOD_IN_SWEDISH)


def test_what_two_countries_decide_is_two_stories() -> None:
    assert not is_joined(RATES_OF_CANADA, RATES_OF_BRAZIL_IN_GERMAN)
    assert is_joined(RATES_OF_BRAZIL, RATES_OF_BRAZIL_IN_GERMAN)


@pytest.mark.parametrize(
    ("told", "again", "other"),
    [(QUARTER, QUARTER_AGAIN, QUARTER_OF_ANOTHER), (PORT, PORT_AGAIN, ANOTHER_PORT)],
)
def test_words_are_the_same_with_what_is_written_onto_them(
    told: Told, again: Told, other: Told
) -> None:
    assert is_joined(told, again)
    assert not is_joined(told, other)


def test_one_strike_is_one_story_in_two_languages() -> None:
    assert is_joined(MARSEILLE, MARSEILLE_IN_GERMAN)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UTILITY_SUED, UTILITY_EXPLODES),
        (MINISTER_PROMISES, MINISTER_TRAVELS),
        (GANG_HITS_TILES, GANG_HITS_SCHOOL),
    ],
)
def test_whom_two_are_about_makes_no_story_of_them(one: Told, other: Told) -> None:
    assert not is_joined(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [(UTILITY_SUED, UTILITY_SUED_IN_SWEDISH), (GANG_HITS_TILES, GANG_HITS_TILES_IN_FRENCH)],
)
def test_whom_two_are_about_and_what_happened_makes_one(one: Told, other: Told) -> None:
    assert is_joined(one, other)


@pytest.mark.parametrize(
    ("language", "word", "place", "name"),
    [
        ("id", "yang", "yangon", "Yangon"),
        ("mk", "само", "samoa", "Самоа"),
        ("ro", "până", "panama", "Panama"),
        ("sv", "finns", "finland", "Finland"),
        ("en", "based", "basel", "Basel"),
        ("id", "beliau", "belize", "Belize"),
        ("lv", "bērni", "bern", "Bernē"),
        ("vi", "nhất", "japan", "Nhật"),
        ("ru", "того", "togo", "Того"),
        ("sv", "finska", "finland", "finska"),
        ("es", "viento", "vienna", "Viena"),
        ("en", "Police", "poland", "Polish"),
        ("en", "Turkey", "turku", "Turku"),
        ("fa", "استان", "astana", "آستانه"),
        ("uk", "російські", "russia", "російські"),
    ],
)
def test_a_word_that_only_begins_as_a_place_is_none(
    language: str, word: str, place: str, name: str
) -> None:
    (sign,) = concept_signs(np.array([number_of(place)])).tolist()
    signed = [signer().signature(article(["-", each], language)).signs for each in (word, name)]
    assert [sign in signs.tolist() for signs in signed] == [word == name, True]


CHLORINE = (
    "de",
    "Chlorwolke über Tsurumi: Leitung war seit Wochen undicht",
    "In einer Chemiefabrik in Tsurumi ist in der Nacht eine Leitung undicht geworden. "
    "Chlor trat aus, neun Arbeiter kamen ins Krankenhaus. Die Feuerwehr räumte eine "
    "Schule und zwei Wohnblocks, Hubschrauber warnten die Anwohner. Die Polizei "
    "ermittelt gegen den Betreiber Okabe Kagaku wegen Fahrlässigkeit. Ein Sprecher des "
    "Konzerns, der Lacke verkauft, nannte den Vorfall bedauerlich; Aktien fielen um vier "
    "Prozent, Lieferungen verzögern sich um Wochen, und zwei Minister sagten Reisen ab.",
)
CHLORINE_IN_JAPANESE = (
    "ja",
    "鶴見で塩素漏れ、配管の劣化が原因か",
    "鶴見の化学工場で未明、配管から塩素が漏れ、作業員9人が病院に運ばれた。消防は近くの学校と"
    "住宅の住民を避難させ、ヘリコプターで注意を呼びかけた。警察は業務上過失の疑いで岡部化学を"
    "捜査している。同社は古く、塗料の原料を国内の自動車会社に納めている。去年の夏にも倉庫の屋"
    "根が台風で壊れ、市の指導を受けていた。",
)


def test_reports_of_two_languages_that_share_many_things_need_no_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert is_joined(CHLORINE, CHLORINE_IN_JAPANESE)
    assert is_joined(CHLORINE_IN_JAPANESE, CHLORINE)
    monkeypatch.setattr(similarity, "MUCH", similarity.MUCH + 3)
    assert not is_joined(CHLORINE, CHLORINE_IN_JAPANESE)
