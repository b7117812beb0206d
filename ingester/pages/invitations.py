"""Lines within an article that invite its reader: to a newsletter, a channel, a program for phones.

Such a line begins with what the reader shall do, and names what is the paper's own: "Sign up for
our newsletter". Whoever is quoted with it says it in quotes.
"""

import re

_LONGEST = 250
_MOST_SENTENCES = 3
_LAST = 40
"""Letters at the end of a sentence, where languages have verbs that have them last."""
_NEAR = 20
"""Letters between what is the paper's own and the word that says so."""
_ENDS = re.compile(r"(?<=[.!?。！？؟])\s*")
_BULLET = re.compile(r"^[^\w\"“”„«»'‘’「『]+")

_DO = re.compile(
    r"(?:(?:you can |please |don['’]t miss .{0,40}[:,] )?"
    r"(?:sign(?:ing)? up|subscribe|register|join|follow|download|get|install)\b|"
    r"(?:(?:jetzt )?(?:abonnieren|melden|laden|folgen|holen) sie|abonniere|melde dich|"
    r"folge|lade)\b|"
    r"(?:abonnez|inscrivez)-vous|(?:téléchargez|suivez|rejoignez|recevez)\b|"
    r"(?:suscr[ií]b(?:ete|ase|anse|a)|regístr(?:ate|ese)|descarg(?:a|ue)|sig(?:a|ue|ue)|"
    r"(?:úne|únete|únase)|apúntate)\b|"
    r"(?:assine|inscreva-se|subscreva|baixe|descarregue|siga|junte-se|receba)\b|"
    r"(?:iscriv(?:iti|etevi)|abbonat(?:i|evi)|scaric(?:a|ate)|segu(?:i|ite))\b|"
    r"(?:meld je|schrijf je|abonneer|volg|download)\b|"
    r"(?:prenumerera|anmäl dig|ladda ner|följ|tilmeld dig|abonn[eé]r|hent|"
    r"meld deg|last ned|følg|få)\b|"
    r"(?:tilaa|lataa|seuraa|liity)\b|"
    r"(?:zapisz się|subskrybuj|pobierz|obserwuj|dołącz)\b|"
    r"(?:přihl[aá]ste se|odebírejte|stáhněte|sledujte|prihláste sa|"
    r"odoberajte|stiahnite|pretplatite se|"
    r"prijavite se|preuzmite|pratite|naročite se|prenesite)\b|"
    r"(?:iratkozz|tölts|kövess|csatlakozz)\w*|"
    r"(?:abon(?:ați-vă|ează-te)|descarcă|descărcați|urmăr(?:ește|iți)|înscrie-te)|"
    r"(?:подпи(?:сывайтесь|шитесь)|присоединяйтесь|скачивайте|скачайте|читайте нас|"
    r"підпи(?:суйтесь|шіться|суйтеся)|долучайтесь|приєднуйтесь|завантажуйте|"
    r"абонирайте се|изтеглете|последвайте|следете)\b|"
    r"(?:εγγραφείτε|κατεβάστε|ακολουθήστε)\b|"
    r"(?:đăng ký|theo dõi|tải|tham gia)\b|(?:berlangganan|daftar|ikuti|"
    r"unduh|gabung|bergabung)\b|"
    r"(?:اشترك(?:وا)?|تابع(?:وا)?|حمّ?ل(?:وا)?|انضم(?:وا)?)\s|(?:订阅|关注|下载|訂閱|追蹤|下載)|"
    r"(?:ติดตาม|สมัครรับ|ดาวน์โหลด))",
    re.I,
)
_DONE_LAST = re.compile(
    r"(?:abone ol(?:un|abilirsiniz)?|kaydol(?:un)?|indir(?:in)?|"
    r"takip ed(?:in|ebilirsiniz)|katılın|"
    r"(?:구독|팔로우|다운로드|가입)하(?:세요|십시오)|(?:ご)?(?:登録|購読|フォロー|ダウンロード)(?:を|して|ください|はこちら)\S{0,8}|"
    r"फॉलो करें|जुड़ें|डाउनलोड करें|सब्सक्राइब करें)\W*$",
    re.I,
)
_OWN = re.compile(
    r"\b(?:our|unser\w{0,3}|notre|nos|nuestr[oa]s?|noss[oa]s?|nostr[oaei]|onze|ons|"
    r"vårt?|våra|vores|våre|meidän|nasz\w{0,4}|náš|naš\w{0,4}|našeho|naší|"
    r"naše\w?|nostru|noastr[ăe]|"
    r"наш\w{0,4}|нашия|μας|chúng tôi|kami)(?!\w)|"
    r"hírlevel\w*ünk\w*|alkalmazásunk\w*|csatornánk\w*|uutiskirje\w*mme|"
    r"sovellu\w*mme|kanava\w*mme|"
    r"bülten\w*[ıi]m[ıi]z\w*|kanal\w*[ıi]m[ıi]z\w*|uygulama\w*m[ıi]z\w*|"
    r"نشرتنا|قناتنا|تطبيقنا|我们的|我們的|本报|本報|公众号|当社|本紙|当サイト|우리|본지|हमारे|हमें",
    re.I,
)
_THING = re.compile(
    r"newsletters?\b|briefings?\b|\bapps?\b|channels?\b|podcasts?\b|telegram|whatsapp|facebook|"
    r"youtube|instagram|\balerts?\b|\bupdates\b|kan[aá]l\w*|"
    r"infolettre|lettre d['’]info|"
    r"application|chaîne|canal\w*|bolet[ií]n|boletim|aplica(?:ción|tivo|"
    r"ção)|applicazione|nieuwsbrief|"
    r"nyhetsbrev|nyhedsbrev|\bapper?\w*|uutiskir\w+|sovellu\w+|biuletyn\w*|"
    r"aplik\w+|newsletter\w*|"
    r"zpravodaj\w*|hírlev\w+|alkalmazás\w*|csatorn\w+|buletin\w*|"
    r"aplicați\w+|рассылк\w+|канал\w*|"
    r"приложени\w+|розсилк\w+|застосун\w+|бюлетин\w*|бюллетен\w*|ενημερωτικ\w+|εφαρμογή|κανάλι|"
    r"bülten\w*|uygulama\w*|bản tin|kênh|ứng dụng|saluran|نشرت|قنات|تطبيق|公众号|通讯|频道|客户端|"
    r"電子報|頻道|メルマガ|ニュースレター|アプリ|뉴스레터|앱|채널|ऐप|चैनल|แอป|ช่อง|ไลน์",
    re.I,
)


def is_invitation(line: str) -> bool:
    """Whether a line asks its reader to follow its paper on other ways, and says little else."""
    if len(line) > _LONGEST:
        return False
    sentences = [each for each in _ENDS.split(_BULLET.sub("", line)) if each.strip()]
    return len(sentences) <= _MOST_SENTENCES and any(map(_invites, sentences))


def _invites(sentence: str) -> bool:
    if not (_DO.match(sentence) or _DONE_LAST.search(sentence, max(0, len(sentence) - _LAST))):
        return False
    things = [found.span() for found in _THING.finditer(sentence)]
    own = [found.span() for found in _OWN.finditer(sentence)]
    return any(max(a, c) - min(b, d) <= _NEAR for a, b in things for c, d in own)
