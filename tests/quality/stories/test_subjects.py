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
STATION = (
    "de",
    "Bahn verschiebt Eröffnung von Kassel 30",
    "Der neue Kasseler Bahnhof wird nicht im Dezember 2029 eröffnet. Die Bahn nennt die Technik "
    "als Grund.",
)
STATION_ANEW = (
    "de",
    "Minister fühlt sich von der Bahn getäuscht",
    "Der Verkehrsminister hat die Verschiebung von Kassel 30 kritisiert. Noch im Sommer sei der "
    "Dezember 2029 zugesagt worden.",
)
TREMOR = (
    "zh",
    "台湾台东发生5.8级地震",
    "11月9日14时23分在台湾台东县海域发生5.8级地震，震源深度12公里。",
)
TREMOR_ANEW = (
    "zh",
    "臺東規模5.8地震　火車停駛",
    "臺東近海9日下午發生規模5.8地震，台鐵列車暫停，未傳出災情。",
)
RAID = (
    "ar",
    "غارة إسرائيلية على خيمة في رفح تقتل أربعة",
    "قتل أربعة أشخاص في غارة إسرائيلية على خيمة في رفح جنوبي قطاع غزة، وقال الدفاع المدني إن بينهم "
    "طفلين.",
)
RAID_ANEW = (
    "en",
    "Israeli strike kills four in Rafah tent",
    "Four people were killed in an Israeli air strike on a tent in Rafah in the southern Gaza "
    "Strip, two of them children, civil defence said.",
)
RAID_ELSEWHERE = (
    "en",
    "Israeli strike on car in Tyre",
    "Two people were killed when an Israeli drone hit a car on the coast road to Tyre, Lebanon's "
    "health ministry said.",
)
TOLD_ANEW = {
    "station": (STATION, STATION_ANEW),
    "tremor": (TREMOR, TREMOR_ANEW),
    "raid": (RAID, RAID_ANEW),
}
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


@pytest.mark.parametrize("family", TOLD_ANEW)
def test_one_event_in_quite_other_words_is_one_story(family: str) -> None:
    told, anew = TOLD_ANEW[family]
    assert is_joined(told, anew)
    assert is_joined(anew, told)


def test_one_army_in_two_countries_is_in_two_stories() -> None:
    assert not is_joined(RAID, RAID_ELSEWHERE)
    assert not is_joined(RAID_ELSEWHERE, RAID)


def test_nothing_that_happened_elsewhere_is_one_story_with_another() -> None:
    firsts: list[Told] = [told for told, _, _ in FAMILIES.values()]
    for one, other in combinations(firsts, 2):
        assert not is_joined(one, other)
