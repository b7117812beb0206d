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
        "related": "từ liên quan",
        "cognate": "từ cùng gốc",
    },
    sources={
        "news lexicon": "từ vựng tin tức",
        "place names": "địa danh",
        "initials": "chữ cái đầu",
        "transliteration": "chuyển tự",
        "names of drugs": "tên thuốc",
    },
    how="{how}, {language}",
    reason="{words} — {how} — cho {term}",
    more_words="{words} và {n} từ khác",
    alone="chưa có báo nào khác",
    outlets=("+{n} báo", "+{n} báo"),
    articles=("+{n} bài", "+{n} bài"),
    in_languages="{told}, {n} ngôn ngữ",
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
    limit_title="Đã hết hạn mức",
    first="đầu tiên: {outlet}",
    held={
        "digest": (
            "{n} tin được gom cho bản tổng hợp này",
            "{n} tin được gom cho bản tổng hợp này",
        ),
        "budget": (
            "{n} tin vượt mức được gửi trong một ngày hoặc một giờ",
            "{n} tin vượt mức được gửi trong một ngày hoặc một giờ",
        ),
        "quiet": (
            "{n} tin đến trong giờ yên lặng",
            "{n} tin đến trong giờ yên lặng",
        ),
        "paused": (
            "{n} tin đến trong lúc tạm dừng",
            "{n} tin đến trong lúc tạm dừng",
        ),
        "storm": (
            "{n} tin đến dồn dập cùng lúc",
            "{n} tin đến dồn dập cùng lúc",
        ),
        "backfill": (
            "{n} tin đã được lưu trước khi có quy tắc",
            "{n} tin đã được lưu trước khi có quy tắc",
        ),
        "silenced": (
            "{n} tin đã bị tắt tiếng",
            "{n} tin đã bị tắt tiếng",
        ),
    },
    last_of={
        "day": "Tin nhắn {n} trên {n} hôm nay cho quy tắc “{rule}”",
        "all_day": "Tin nhắn {n} trên {n} hôm nay",
        "hour": "Tin nhắn {n} trên {n} trong giờ này",
        "minute": "Tin nhắn thứ {n} trong một phút",
    },
    used_up={
        "day": "Đã hết hạn mức {n} tin mỗi ngày của quy tắc “{rule}”: hôm nay đã gửi {sent}",
        "all_day": "Đã hết hạn mức {n} tin mỗi ngày: hôm nay đã gửi {sent}",
        "hour": "Đã hết hạn mức {n} tin mỗi giờ: giờ này đã gửi {sent}",
    },
    rest_waits="{what}: các tin tiếp theo sẽ đến trong một bản tổng hợp lúc {time} ({look_up})",
)
