"""What the tables of endings find: one text a language, in which words of a rule have endings."""

import pytest

from rules.languages import inflection
from rules.matcher import RuleMatcher, by_brute_force
from storage.model import Variant, VariantState
from tests.builders import a_rule, a_source, an_article

SOURCE = a_source()


def found(of: str, language: str, form: str, text: str) -> str | None:
    """Return what a variant of a rule finds in a text of its language."""
    variant = Variant(
        language=language,
        text=form,
        of="",
        kind="word",
        source="list",
        score=0.9,
        state=VariantState.ACTIVE,
    )
    rule = a_rule(of, variants=(variant,))
    article = an_article("", text=text, language=language)
    matches = RuleMatcher([rule]).matches(article, SOURCE)
    assert matches == by_brute_force([rule], article, SOURCE)
    return matches[0].evidence[0].text if matches else None


@pytest.mark.parametrize(
    ("language", "form", "text", "expected"),
    [
        ("ta", "முடிவு", "இந்த முடிவுகளிலிருந்து தெரிகிறது", "முடிவுகளிலிருந்து"),
        ("ta", "ஊடகம்", "உள்ளூர் ஊடக அறிக்கைகள்", "ஊடக"),
        ("ta", "போர்", "உலகப் போரின்போது", "போரின்போது"),
        ("ta", "உதவி", "சர்வதேச உதவியைப் பெற", "உதவியைப்"),
        ("az", "nəticə", "imtahan nəticələrindən görürük", "nəticələrindən"),
        ("az", "sinif", "siyasi sinfimiz arasında", "sinfimiz"),
        ("az", "Makedoniya", "Makedoniyadakı gənclər", "Makedoniyadakı"),
        ("tr", "nesil", "yeni neslin sesi", "neslin"),
        ("tr", "dikkat", "bu konuya dikkatle baktı", "dikkatle"),
        ("tr", "yol", "yeni yolun yapımı", "yolun"),
        ("az", "şəhər", "böyük şəhərin küçələri", "şəhərin"),
        ("uz", "qonun", "yangi qonunlarimizning matni", "qonunlarimizning"),
        ("te", "ప్రభుత్వం", "రాష్ట్ర ప్రభుత్వానికి లేఖ", "ప్రభుత్వానికి"),
        ("ml", "റഷ്യ", "യുക്രെയ്നും റഷ്യയും ഒപ്പുവച്ചു", "റഷ്യയും"),
        ("ml", "സർക്കാർ", "സംസ്ഥാന സര്\u200dക്കാരിനെതിരെ", "സര്\u200dക്കാരിനെതിരെ"),
        ("ml", "നിയമം", "പുതിയ നിയമങ്ങളുടെ കരട്", "നിയമങ്ങളുടെ"),
        ("kn", "ಸರ್ಕಾರ", "ರಾಜ್ಯ ಸರ್ಕಾರಕ್ಕೆ ಪತ್ರ", "ಸರ್ಕಾರಕ್ಕೆ"),
        ("kn", "ಸಂಸತ್ತು", "ನಿನ್ನೆ ಸಂಸತ್ತಿನಲ್ಲಿ", "ಸಂಸತ್ತಿನಲ್ಲಿ"),
        ("or", "ହସ୍ପିଟାଲ", "ଦୁଇଟି ହସ୍ପିଟାଲଗୁଡ଼ିକରେ", "ହସ୍ପିଟାଲଗୁଡ଼ିକରେ"),
        ("as", "আদালত", "আজি আদালতে কয়", "আদালতে"),
        ("so", "xukuumad", "waxay xukuumadda sheegtay", "xukuumadda"),
        ("so", "magaalo", "dadka magaalada", "magaalada"),
        ("ha", "gwamnati", "jami'an gwamnatin sun ce", "gwamnatin"),
        ("te", "ఎన్నిక", "వచ్చే ఎన్నికల్లో పోటీ", "ఎన్నికల్లో"),
        ("mr", "सरकार", "राज्य सरकारविरोधात आंदोलन", "सरकारविरोधात"),
        ("mr", "निवडणूक", "येत्या निवडणुकीत मतदान", "निवडणुकीत"),
        ("ne", "सरकार", "नेपाल सरकारलाई पत्र", "सरकारलाई"),
        ("gu", "ચૂંટણી", "રાજ્યની ચૂંટણીઓમાં મતદાન", "ચૂંટણીઓમાં"),
        ("pa", "ਚੋਣ", "ਇਹ ਚੋਣਾਂ ਅੱਜ", "ਚੋਣਾਂ"),
        ("si", "පක්ෂය", "ප්‍රධාන පක්ෂවල නායකයෝ", "පක්ෂවල"),
        ("mn", "засаг", "төрийн засгийн ажил", "засгийн"),
        ("am", "መንግሥት", "የመንግሥቱ ውሳኔ", "የመንግሥቱ"),
        ("am", "ሀገር", "ከሀገሮች ጋር", "ከሀገሮች"),
        ("eu", "gobernu", "gobernuarekin bildu da", "gobernuarekin"),
        ("sq", "ministër", "takoi ministrin e ri", "ministrin"),
        ("gl", "animal", "os animais salvaxes", "animais"),
        ("af", "persoon", "twee persone is dood", "persone"),
        ("cs", "víkend", "víkendový výlet", "víkendový"),
        ("et", "eluase", "uue eluaseme hind", "eluaseme"),
        ("et", "streik", "suur streigid jätkuvad", "streigid"),
        ("et", "põgenik", "aitas põgenikke piiril", "põgenikke"),
        ("et", "väärkohtlemine", "laste väärkohtlemist uuritakse", "väärkohtlemist"),
        ("fi", "fregatti", "uudet fregatit saapuivat", "fregatit"),
        ("fi", "maanviljelijä", "tuki maanviljelijöille kasvaa", "maanviljelijöille"),
        ("fi", "terveys", "kansan terveyden puolesta", "terveyden"),
        ("lt", "prieglobstis", "prašė prieglobsčio šalyje", "prieglobsčio"),
        ("lt", "kalinys", "paleido kalinius namo", "kalinius"),
        ("lt", "sutartis", "naujų sutarčių tekstai", "sutarčių"),
        ("lv", "fregate", "jauno fregašu cena", "fregašu"),
        ("lv", "latvietis", "daudzi latvieši balsoja", "latvieši"),
        ("be", "гвалт", "пра хатнім гвалце кажуць", "гвалце"),
        ("be", "смерць", "пасля смерці бацькі", "смерці"),
        ("uk", "насильство", "проти насильств говорили", "насильств"),
        ("pl", "więzień", "uwolniono więźniów wczoraj", "więźniów"),
        ("hy", "մահապատիժ", "մահապատժի մասին օրենքը", "մահապատժի"),
        ("hy", "եկեղեցի", "հին եկեղեցու դուռը", "եկեղեցու"),
        ("ka", "საცხოვრებელი", "ახალი საცხოვრებლის ფასი", "საცხოვრებლის"),
        ("ka", "ქვეყანა", "ამ ქვეყნის მთავრობა", "ქვეყნის"),
        ("kk", "кедейлік", "елдегі кедейлігі өсті", "кедейлігі"),
        ("ar", "مزارع", "قتل الهجوم مزارعًا أمس", "مزارعًا"),
        ("ur", "فریگیٹ", "نئے فریگیٹس خریدے گئے", "فریگیٹس"),
        ("bn", "শূকর", "তারা শূকরগুলিকে টিকা দেয়", "শূকরগুলিকে"),
        ("is", "flóttamaður", "hundrað flóttamenn komu", "flóttamenn"),
        ("lv", "slimnīca", "Rīgas slimnīcā izcēlās ugunsgrēks", "slimnīcā"),
        ("lt", "vyriausybė", "kritikuoja naują vyriausybę", "vyriausybę"),
        ("pl", "władza", "rozmawia z nową władzą", "władzą"),
        ("hu", "sertés", "egy sértés volt", None),
        ("ta", "ரமல்லா", "நேற்று ரமல்லாவில் சந்திப்பு", "ரமல்லாவில்"),
        ("ta", "ஜின்ஜியாங்", "நேற்று ஜின்ஜியாங்கில் கைதுகள்", "ஜின்ஜியாங்கில்"),
        ("bn", "শিনজিয়াং", "আজ শিনজিয়াংয়ে গ্রেপ্তার", "শিনজিয়াংয়ে"),
        ("is", "tillaga", "lagði fram tillögu um lög", "tillögu"),
        ("sk", "týždeň", "v tomto týždni prší", "týždni"),
        ("ru", "иммиграция", "новая иммиграционная политика", "иммиграционная"),
        ("bg", "контрол", "високата контролна кула", "контролна"),
        ("hr", "imigracija", "nova imigracijska politika", "imigracijska"),
        ("hr", "poljoprivrednik", "pomoć poljoprivrednicima", "poljoprivrednicima"),
        ("pl", "kontrola", "punkt kontrolny", "kontrolny"),
        ("hy", "քարոզչություն", "քարոզչական տեսանյութ", "քարոզչական"),
        ("et", "nädal", "kogu seda nädalat", "nädalat"),
        ("is", "tískuvika", "á tískuvikunni í dag", "tískuvikunni"),
        ("lt", "jaunas", "skirta jauniems žmonėms", "jauniems"),
        ("sl", "mejaš", "spor mejašev traja", "mejašev"),
        ("cy", "ysgol", "nifer o ysgolion newydd", "ysgolion"),
    ],
)
def test_a_word_is_found_in_its_endings(
    language: str, form: str, text: str, expected: str | None
) -> None:
    assert found("qqq", language, form, text) == expected


@pytest.mark.parametrize(
    ("language", "form", "text"),
    [
        ("ta", "கலை", "கல் எறிந்தார்"),
        ("az", "sinif", "sinə ağrısı"),
        ("am", "ሕግ", "ሕዝብ"),
        ("tr", "kan", "yeni kanun çıktı"),
        ("az", "qan", "yeni qanun qəbul edildi"),
        ("mr", "सरकार", "सरकती जमीन"),
    ],
)
def test_what_only_begins_alike_is_another_word(language: str, form: str, text: str) -> None:
    assert found("qqq", language, form, text) is None


def test_the_endings_of_one_language_are_made_without_those_of_others() -> None:
    for made in (inflection.paradigms, inflection._paradigms):
        made.cache_clear()
    assert ("", "s", "es") in inflection.paradigms("en")
    assert inflection._paradigms.cache_info().currsize == 1


def test_endings_that_stand_in_the_same_paradigms_share_their_bits() -> None:
    bits = inflection.alternating("").values()
    assert len({id(some) for some in bits}) == len({*bits})
