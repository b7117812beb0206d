"""Which query parameters only say how a reader came: data, with where each comes from."""

TRACKING_PREFIXES = (
    "utm_",  # Google Analytics campaigns, and everyone who copied them
    "_hs",  # HubSpot: _hsenc, _hsmi
    "at_",  # BBC and AT Internet: at_medium, at_campaign, at_link_id ...
    "mtm_",  # Matomo campaigns
    "pk_",  # Matomo's older name, Piwik
    "piwik_",
    "hsa_",  # HubSpot ads
    "vero_",  # Vero mail
    "wt.",  # Webtrends: wt.mc_id ...
    "fb_",  # Facebook: fb_action_ids, fb_source, fb_ref
    "gad_",  # Google Ads: gad_source, gad_campaignid
    "gaa_",  # Google's links that subscribers share
    "asc_",  # Amazon: asc_source, asc_campaign
    "__hs",  # HubSpot: __hstc, __hssc, __hsfp
    "_branch_",  # Branch: _branch_match_id, _branch_referrer
    "_x_tr_",  # Google Translate
    "amp_",  # Google's copies of AMP pages: amp_js_v, amp_gsa
    "vn_",  # VnExpress: vn_source, vn_campaign, vn_medium
    "cx_",  # Cxense: cx_testId, cx_artPos
    "__cft__",  # Facebook
    "__cf_chl_",  # Cloudflare
    "sfmc_",  # Salesforce mailings
    "ml_subscriber",  # MailerLite
)
"""Names that begin so; lower case."""

TRACKING_NAMES = frozenset(
    {
        # click ids of advertising networks
        "fbclid",
        "gclid",
        "gclsrc",
        "gbraid",
        "wbraid",
        "dclid",
        "msclkid",
        "yclid",
        "ysclid",
        "twclid",
        "ttclid",
        "igshid",
        "igsh",
        "li_fat_id",
        "rdt_cid",
        "wickedid",
        "epik",
        "zanpid",
        "irclickid",
        "clickid",
        "srsltid",
        "tblci",  # Taboola
        "obclid",  # Outbrain
        "dicbo",
        "erid",  # advertisements in Russia
        "_openstat",
        "sccid",  # Snapchat
        "qclid",  # Quora
        "mkcid",
        "s_kwcid",
        "ef_id",
        "zarsrc",  # Zalo
        # mailings
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "ck_subscriber_id",
        "hss_channel",
        "hsctatracking",
        "spjobid",
        "spmailingid",
        "spreportid",
        "spuserid",
        "emc",  # The New York Times
        "nlid",
        "bsft_clkid",
        "bsft_uid",
        "__s",
        "_bhlid",  # beehiiv
        "_kx",  # Klaviyo
        "dm_i",  # Dotdigital
        "sp_mid",
        "sp_rid",
        "bxid",  # Condé Nast, with the three that follow
        "cndid",
        "hasha",
        "mbid",
        "wpisrc",  # The Washington Post
        "wpmm",
        "isfreemail",  # Substack, with the three that follow
        "triedredirect",
        "triedsigningin",
        "showwelcomeonshare",
        "ns_mail_uid",
        "ns_mail_job",
        "nr_email_referer",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        # where on which page the link stood
        "fref",  # Facebook, with the four that follow
        "sfnsn",
        "mibextid",
        "__tn__",
        "_rdr",
        "ig_rid",  # Instagram
        "ab_channel",  # YouTube
        "isappinstalled",  # WeChat
        "clicktime",
        "oborigurl",  # Outbrain
        "yptr",  # Yahoo
        "__readwiselocation",
        "dplnk",
        "leadsource",  # Bloomberg
        "embedded-checkout",
        # what lets those read who have been given a link
        "pwapi_token",
        "unlocked_article_code",
        "giftcopy",
        "gift_token",
        "share_token",
        "share_id",
        "sharetype",
        "reflink",
        "_ptid",
        "__twitter_impression",
        "usqp",  # Google's copies of AMP pages
        "aoh",
        "echobox",  # mostly in the fragment: #Echobox=1700000000
        "ref_src",
        "ref_url",
        "referrer",
        "xtor",  # AT Internet, in France mostly
        "cmp",  # The Guardian
        "cmpid",
        "ito",  # Daily Mail
        "srnd",  # Bloomberg
        "sref",
        "tpcc",
        "wt_mc",  # Webtrends, in Germany mostly
        "wt_zmc",
        "trk",
        "traffic_source",
        "icid",
        "icmpid",
        "smid",
        "smtyp",
        "sr_share",
        "ocid",
        "ncid",
        "taid",
        "feature_ref",
        "soc_src",
        "soc_trk",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "spm",  # Alibaba
        "_ga",
        "_gl",
        "s_cid",
        "trk_contact",
        "trk_msg",
        "wprov",
        # a visitor's session
        "jsessionid",
        "phpsessid",
        "aspsessionid",
        "cfid",
        "cftoken",
        "sessionid",
        "session_id",
        "zenid",
        "oscsid",
    }
)
"""Names as a whole; lower case. `ref`, `source` and `from` are not here: some sites need them."""

WAYS = frozenset(
    {"ref", "refer", "source", "src", "from", "via", "partner", "feature", "share", "shared"}
    | {"origin", "channel", "medium", "campaign", "mod", "cid", "sh", "s", "st"}
)
"""Names that some sites need, but not where the value is one of `CAME_FROM`; lower case."""

CAME_FROM = frozenset(
    {"rss", "rssfeed", "rss_feed", "feed", "feeds", "atom", "newsletter", "email", "mail", "push"}
    | {"fb", "facebook", "twitter", "tw", "linkedin", "instagram", "telegram", "whatsapp", "reddit"}
    | {"youtu.be", "social", "socialmedia", "copylink", "copy-link", "copy_link", "sharebutton"}
    | {"groupmessage", "singlemessage", "timeline"}
    | {"googlenews", "google_news", "applenews", "flipboard", "smartnews", "pocket", "feedly"}
)
"""Values that say by what readers came, and nothing of what they read; lower case."""


def is_tracking(pair: str) -> bool:
    """Whether a (decoded) parameter, with or without its value, only says how a reader came."""
    lower = pair.lower()
    name, _, value = lower.partition("=")
    if name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES):
        return True
    return value in CAME_FROM and name in WAYS
