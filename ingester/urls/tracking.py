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
    "fb_action_",  # Facebook: fb_action_ids, fb_action_types
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
        "zarsrc",  # Zalo
        # mailings
        "mc_cid",
        "mc_eid",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "ck_subscriber_id",
        "bsft_clkid",
        "bsft_uid",
        "__s",
        "ns_mchannel",
        "ns_source",
        "ns_campaign",
        "ns_linkname",
        "ns_fee",
        # where on which page the link stood
        "fref",  # Facebook
        "__twitter_impression",
        "amp_analytics",
        "echobox",  # mostly in the fragment: #Echobox=1700000000
        "ref_src",
        "ref_url",
        "referrer",
        "xtor",  # AT Internet, in France mostly
        "cmpid",
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
    }
)
"""Names as a whole; lower case. `ref`, `source` and `from` are not here: some sites need them."""

TRACKING_PAIRS = frozenset({"ref=fb", "ref=facebook", "ref=twitter", "ref=rss"})
"""A name that some sites need, with what no site needs it for; lower case."""


def is_tracking(pair: str) -> bool:
    """Whether a (decoded) parameter, with or without its value, only says how a reader came."""
    lower = pair.lower()
    name = lower.partition("=")[0]
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES) or lower in TRACKING_PAIRS
