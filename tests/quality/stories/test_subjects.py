"""Two short reports that share what is said of any such subject are two stories."""

from itertools import combinations

import pytest

from tests.quality.stories.test_kinds import Told, is_joined

SCHOOLS = (
    "sv",
    "Fyra skolor i Ljungvik stängs",
    "Ljungviks kommun stänger fyra skolor till hösten. Beslutet togs på måndagen av "
    "kommunfullmäktige och berör 310 elever. Orsaken är att barnen blir färre.",
)
SCHOOLS_ELSEWHERE = (
    "sv",
    "Två skolor i Almstad läggs ned",
    "Almstads kommun lägger ned två skolor efter jul. Kommunfullmäktige fattade beslutet på "
    "måndagen efter en lång debatt. Föräldrar protesterade utanför.",
)
SCHOOLS_AGAIN = (
    "sv",
    "Ja till att stänga skolor i Ljungvik",
    "Fullmäktige i Ljungvik röstade på måndagen för att stänga fyra skolor, som har 310 elever. "
    "Det föds för få barn.",
)
TRAWLER = (
    "fr",
    "Un chalutier chavire au large de Port-Navel, deux disparus",
    "Un chalutier de 15 mètres a chaviré mardi matin au large de Port-Navel. Deux marins sont "
    "portés disparus et un troisième a été hélitreuillé, a indiqué la préfecture maritime.",
)
TRAWLER_ELSEWHERE = (
    "fr",
    "Naufrage d'un chalutier près de Saint-Brévin : l'équipage sauvé",
    "Les cinq marins d'un chalutier de 12 mètres qui a coulé mardi près de Saint-Brévin ont été "
    "récupérés sains et saufs, a indiqué la préfecture maritime.",
)
TRAWLER_AGAIN = (
    "fr",
    "Deux marins disparus après le naufrage d'un chalutier à Port-Navel",
    "Deux marins sont recherchés depuis mardi matin au large de Port-Navel, où leur chalutier a "
    "chaviré. Un troisième a été hélitreuillé par la marine.",
)
SANCTIONS = (
    "en",
    "EU sanctions smugglers in Belarus",
    "The European Union on Monday imposed sanctions on nine people in Belarus over balloons with "
    "cigarettes that closed airports in Lithuania.",
)
SANCTIONS_ELSEWHERE = (
    "en",
    "EU sanctions judges in Iran",
    "The European Union on Monday imposed sanctions on four judges in Iran over death sentences "
    "for women who had protested.",
)
SANCTIONS_AGAIN = (
    "en",
    "Belarus balloons: nine put on EU list",
    "Nine people in Belarus are under European sanctions since Monday. Balloons with cigarettes "
    "had closed airports in Lithuania.",
)
CAST = (
    "en",
    "Castel Foods posts record sales of 9 billion dollars",
    "Sales of Castel Foods rose 12 percent to a record 9 billion dollars in the third quarter, "
    "the company said. Chief executive Mona Reyes said demand for frozen meals was strong.",
)
CAST_ELSEWHERE = (
    "en",
    "Castel Foods to invest 2 billion dollars in Danish dairy",
    "Castel Foods will buy a third of a dairy in Denmark for 2 billion dollars, both said. Chief "
    "executive Mona Reyes spoke of a new market for cheese.",
)
CAST_AGAIN = (
    "en",
    "Frozen meals lift Castel to record quarter",
    "Castel Foods sold more than ever in the third quarter: 9 billion dollars, a rise of 12 "
    "percent. Frozen meals did best, chief executive Mona Reyes said.",
)
QUAKE = (
    "en",
    "Magnitude 5.3 quake off Chiba, no tsunami",
    "A magnitude 5.3 earthquake struck off Chiba, east of Tokyo, on Thursday morning. There is no "
    "danger of a tsunami, the agency said.",
)
QUAKE_ELSEWHERE = (
    "es",
    "Terremoto de magnitud 5,9 sacude el norte de Chile",
    "Un terremoto de magnitud 5,9 se sintió el jueves por la mañana en Iquique, en el norte de "
    "Chile. La Armada descartó un tsunami y no hay víctimas.",
)
QUAKE_AGAIN = (
    "ja",
    "千葉県沖で地震、津波の心配なし",
    "木曜日の朝、東京の東、千葉県沖でマグニチュード5.3の地震があった。津波の心配はない。",
)
FIRE = (
    "pl",
    "Pożar składu opon w Zgierzu",
    "W Zgierzu pali się skład opon. Z ogniem walczy 30 zastępów straży, mieszkańcom zalecono "
    "zamknięcie okien. Nikt nie ucierpiał.",
)
FIRE_ELSEWHERE = (
    "ja",
    "大分市で住宅170棟焼ける火災",
    "大分市の住宅密集地で火災が発生し、住宅170棟が焼けた。住民は避難し、消防が消火にあたっている。",
)
FIRE_AGAIN = (
    "en",
    "Tyre dump burns in Zgierz",
    "Thirty fire crews fight a blaze at a tyre dump in Zgierz in Poland. People have to keep their "
    "windows shut; nobody was hurt.",
)
FAMILIES = {
    "schools": (SCHOOLS, SCHOOLS_AGAIN, SCHOOLS_ELSEWHERE),
    "trawler": (TRAWLER, TRAWLER_AGAIN, TRAWLER_ELSEWHERE),
    "sanctions": (SANCTIONS, SANCTIONS_AGAIN, SANCTIONS_ELSEWHERE),
    "company": (CAST, CAST_AGAIN, CAST_ELSEWHERE),
    "quake": (QUAKE, QUAKE_AGAIN, QUAKE_ELSEWHERE),
    "fire": (FIRE, FIRE_AGAIN, FIRE_ELSEWHERE),
}


@pytest.mark.parametrize("family", FAMILIES)
def test_another_subject_is_another_story(family: str) -> None:
    told, _, other = FAMILIES[family]
    assert not is_joined(told, other)
    assert not is_joined(other, told)


@pytest.mark.parametrize("family", FAMILIES)
def test_one_subject_told_anew_is_one_story(family: str) -> None:
    told, again, _ = FAMILIES[family]
    assert is_joined(told, again)


def test_nothing_that_happened_elsewhere_is_one_story_with_another() -> None:
    firsts: list[Told] = [told for told, _, _ in FAMILIES.values()]
    for one, other in combinations(firsts, 2):
        assert not is_joined(one, other)
