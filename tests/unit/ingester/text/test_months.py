"""Names of months in many languages, as dates of pages and feeds have them."""

from datetime import UTC, datetime

import pytest

from bench.making.months import weekdays
from ingester.text.dates import parse_date
from ingester.text.months import WEEKDAYS_LIKE_MONTHS, fold, month_of, rare_month_of

DATES = {
    "ar": "السبت، 7 نوفمبر 2026",
    "ar-LB": "السبت، 7 تشرين الثاني 2026",
    "ar-MA": "7 نونبر 2026",
    "az": "7 noyabr 2026",
    "be": "7 лістапада 2026 г.",
    "bg": "събота, 7 ноември 2026 г.",
    "bn": "৭ নভেম্বর, ২০২৬",
    "bs": "subota, 7. novembar 2026.",
    "ca": "dissabte, 7 de novembre del 2026",
    "cy": "Dydd Sadwrn, 7 Tachwedd 2026",
    "et": "laupäev, 7. november 2026",
    "eu": "2026(e)ko azaroaren 7(a), larunbata",
    "fa": "شنبه 7 نوامبر 2026",
    "fil": "Nobyembre 7, 2026",
    "ga": "Dé Sathairn 7 Samhain 2026",
    "gu": "7 નવેમ્બર, 2026",
    "he": "יום שבת, 7 בנובמבר 2026",
    "hi": "शनिवार, ७ नवंबर २०२६",
    "hr": "subota, 7. studenoga 2026.",
    "hy": "2026 թ. նոյեմբերի 7, շաբաթ",
    "id": "Sabtu, 7 Nopember 2026",
    "ka": "შაბათი, 7 ნოემბერი, 2026",
    "kk": "2026 ж. 7 қараша, сенбі",
    "km": "7 វិច្ឆិកា 2026",
    "kn": "ಶನಿವಾರ, ನವೆಂಬರ್ 7, 2026",
    "lo": "ວັນເສົາ, 7 ພະຈິກ 2026",
    "lt": "2026 m. lapkričio 7 d., šeštadienis",
    "lv": "sestdiena, 2026. gada 7. novembris",
    "mk": "сабота, 7 ноември 2026 г.",
    "ml": "2026 നവംബർ 7, ശനിയാഴ്‌ച",
    "mr": "शनिवार, 7 नोव्हेंबर, 2026",
    "my": "2026 နိုဝင်ဘာ 7၊ စနေ",
    "ne": "2026 नोभेम्बर 7, शनिबार",
    "pa": "ਸ਼ਨਿੱਚਰਵਾਰ, 7 ਨਵੰਬਰ 2026",
    "sk": "sobota 7. novembra 2026",
    "sl": "sobota, 7. november 2026",
    "sq": "e shtunë, 7 nëntor 2026",
    "sr": "субота, 7. новембар 2026.",
    "sw": "Jumamosi, 7 Novemba 2026",
    "ta": "சனி, 7 நவம்பர், 2026",
    "te": "7, నవంబర్ 2026, శనివారం",
    "th": "7 พ.ย. 2569",
    "uk": "субота, 7 листопада 2026 р.",
    "ur": "ہفتہ، 7 نومبر، 2026",
    "uz": "shanba, 7-noyabr, 2026",
}


@pytest.mark.parametrize("text", DATES.values(), ids=DATES.keys())
def test_a_date_is_read_in_this_language(text: str) -> None:
    assert parse_date(text, zone=UTC) == datetime(2026, 11, 7, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        pytest.param("17 січня 2026 р.", 1, id="Ukrainian January"),
        pytest.param("17 ม.ค. 2569", 1, id="Thai January, short"),
        pytest.param("17 มี.ค. 2569", 3, id="Thai March, short"),
        pytest.param("17 जन॰ 2026", 1, id="Hindi January, short"),
        pytest.param("17 जून 2026", 6, id="Hindi June, of the same consonants"),
        pytest.param("17 फरवरी 2026", 2, id="without the dot that others write"),
        pytest.param("marți, 17 februarie 2026", 2, id="Romanian Tuesday"),
        pytest.param("sub, 17. sij 2026.", 1, id="Croatian Saturday"),
        pytest.param("17\u200f/\u200f02\u200f/\u200f2026", 2, id="marks of direction"),
    ],
)
def test_a_name_is_not_taken_for_another_month(text: str, month: int) -> None:
    assert parse_date(text, zone=UTC) == datetime(2026, month, 17, tzinfo=UTC)


def test_days_of_the_week_are_known_where_they_look_like_months() -> None:
    days = weekdays()
    assert {day for day in days if month_of(day)} <= WEEKDAYS_LIKE_MONTHS
    assert not {day for day in days if rare_month_of(day)}


def test_folding_keeps_the_vowels_that_tell_months_apart() -> None:
    assert fold("มี.ค.") != fold("ม.ค.")
    assert fold("जून") != fold("जन")
    assert fold("Février") == "fevrier"
