"""What messages say in Vietnamese."""

from common.words.shape import Words

WORDS = Words(
    code="vi",
    found={
        "exact": "đúng như viết",
        "folded": "cùng chữ cái",
        "inflected": "dạng từ",
        "compound": "từ ghép",
        "variant": "biến thể",
        "acronym": "từ viết tắt",
        "lexicon": "bản dịch",
        "cognate": "từ cùng gốc",
    },
    how="{how}, {language}",
    reason="{words} — {how} — cho {term}",
    more_words="{words} và {n} từ khác",
    alone="chưa có báo nào khác",
    outlets=("+{n} báo", "+{n} báo"),
    articles=("+{n} bài", "+{n} bài"),
    in_languages="{told} bằng {n} ngôn ngữ",
    seen="thấy lúc {time}",
    stories=("{n} tin", "{n} tin"),
    left_out=("và {n} tin nữa", "và {n} tin nữa"),
    priorities={
        "low": "thấp",
        "high": "cao",
        "critical": "khẩn cấp",
    },
    footer="quy tắc {rule}",
    look_up="tra cứu: {command}",
    read="Đọc",
    test="Thử",
    notice="Thông báo",
    digest="Bản tổng hợp",
    test_title='Kênh "{name}" hoạt động',
    test_text=(
        "Đây là tin thử. Cảnh báo theo quy tắc của bạn sẽ trông như tin tức, với các từ "
        "tìm thấy được đánh dấu."
    ),
    notice_title="Có việc cần bạn xử lý",
    first="đầu tiên: {outlet}",
)
