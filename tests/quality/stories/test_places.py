"""What two short reports share that says only where something happens, and of what kind."""

import pytest

from tests.quality.stories.test_kinds import Told, is_joined

MARKET_IN_BAGHDAD = (
    "ar",
    "حريق في مخزن للأخشاب ببغداد",
    "اندلع حريق في مخزن للأخشاب في بغداد دون إصابات.",
)
WORKSHOP_IN_BOGOTA = (
    "es",
    "Incendio en un taller de muebles en Bogotá",
    "Los bomberos apagaron un incendio en Usme, en el sur de Bogotá.",
)
DEPOT_IN_ODESA = (
    "uk",
    "В Одесі горів склад меблів",
    "Пожежу на складі в Одесі рятувальники загасили до ранку.",
)
HOSTEL_IN_ODESA = (
    "uk",
    "Пожежа в гуртожитку Одеси: двоє загиблих",
    "В Одесі вночі зайнялася кухня студентського гуртожитку.",
)
PUTIN_ON_ROADS = (
    "ru",
    "Путин провёл совещание о дорогах",
    "Владимир Путин обсудил с губернаторами ремонт трасс.",
)
PUTIN_ON_GAS = (
    "hu",
    "Szijjártó Moszkvában találkozott Putyinnal",
    "A külügyminiszter és Vlagyimir Putyin a gázszállításról tárgyalt, közölte a tárca.",
)
VOTE_IN_KYRGYZSTAN = (
    "tr",
    "Kırgızistan Cumhurbaşkanı seçim tarihini açıkladı",
    "Kırgızistan'da erken seçim ocak ayında yapılacak, dedi Caparov Bişkek'te.",
)
DAM_IN_KYRGYZSTAN = (
    "en",
    "Dam in Kyrgyzstan to be finished early",
    "Engineers near Bishkek said that turbines would run a year before the plan.",
)
DEPOT_AGAIN = (
    "en",
    "Furniture depot burns in Odesa",
    "Firefighters in Odesa put out a blaze at a furniture depot by the morning.",
)

TRAMS_IN_ZGIERZ = (
    "pl",
    "W Zgierzu zderzyły się dwa tramwaje",
    "Zderzenie tramwajów w Zgierzu: rannych zostało siedem osób.",
)
TRAM_IN_LE_MANS = (
    "fr",
    "Le Mans: un tramway percute un bus, neuf blessés",
    "La collision du tramway s'est produite près de la gare.",
)
STORE_IN_SISAK = (
    "hr",
    "Požar u skladištu tvornice u Sisku",
    "Vatrogasci su gasili požar u skladištu, nema ozlijeđenih.",
)
STORE_IN_BUSTO = (
    "it",
    "Incendio in un deposito di Busto Arsizio",
    "I vigili del fuoco hanno domato le fiamme nel deposito di pneumatici, nessun ferito.",
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(TRAMS_IN_ZGIERZ, TRAM_IN_LE_MANS, id="two collisions in unknown places"),
        pytest.param(STORE_IN_SISAK, STORE_IN_BUSTO, id="two fires in unknown places"),
        pytest.param(WORKSHOP_IN_BOGOTA, MARKET_IN_BAGHDAD, id="places that sound alike"),
        pytest.param(DEPOT_IN_ODESA, HOSTEL_IN_ODESA, id="two fires, one language"),
        pytest.param(PUTIN_ON_ROADS, PUTIN_ON_GAS, id="a name and a verb"),
        pytest.param(VOTE_IN_KYRGYZSTAN, DAM_IN_KYRGYZSTAN, id="a place alone"),
    ],
)
def test_a_place_and_a_kind_are_no_event(one: Told, other: Told) -> None:
    assert not is_joined(one, other)
    assert not is_joined(other, one)


def test_a_place_and_what_burns_there_are_one() -> None:
    assert is_joined(DEPOT_IN_ODESA, DEPOT_AGAIN)
    assert is_joined(DEPOT_AGAIN, DEPOT_IN_ODESA)


def test_a_magnitude_is_the_same_number_with_a_point_and_a_comma() -> None:
    greek = (
        "el",
        "Σεισμός 5,6 Ρίχτερ νότια της Καρπάθου",
        "Ισχυρή σεισμική δόνηση σημειώθηκε το πρωί της Τρίτης στον θαλάσσιο χώρο νότια της "
        "Καρπάθου. Δεν αναφέρθηκαν ζημιές.",
    )
    english = (
        "en",
        "Magnitude 5.6 earthquake strikes off Karpathos",
        "The quake hit south of the Greek island on Tuesday morning. There were no reports of "
        "damage.",
    )
    assert is_joined(greek, english)
    joined = english[1].replace("Magnitude 5.6", "5.6-magnitude")
    assert is_joined(greek, (english[0], joined, english[2]))
    for title in (english[1], joined):
        assert not is_joined(greek, (english[0], title.replace("5.6", "4.1"), english[2]))
