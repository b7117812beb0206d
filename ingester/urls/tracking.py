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


def is_tracking(name: str) -> bool:
    """Whether a parameter with this (decoded) name says nothing about which page it is."""
    lower = name.lower()
    return lower in TRACKING_NAMES or lower.startswith(TRACKING_PREFIXES)
