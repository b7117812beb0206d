"""In which country a site is, as far as its address tells."""

from functools import cache
from urllib.parse import urlsplit

_NAMES = """
ad Andorra; ae United Arab Emirates; af Afghanistan; ag Antigua and Barbuda; al Albania; am Armenia; ao Angola;
ar Argentina; at Austria; au Australia; az Azerbaijan; ba Bosnia and Herzegovina; bb Barbados; bd Bangladesh;
be Belgium; bf Burkina Faso; bg Bulgaria; bh Bahrain; bi Burundi; bj Benin; bn Brunei; bo Bolivia; br Brazil;
bs Bahamas; bt Bhutan; bw Botswana; by Belarus; bz Belize; ca Canada; cd DR Congo; cf Central African Republic;
cg Congo; ch Switzerland; ci Ivory Coast; cl Chile; cm Cameroon; cn China; cr Costa Rica; cu Cuba; cv Cape Verde;
cy Cyprus; cz Czechia; de Germany; dj Djibouti; dk Denmark; dm Dominica; do Dominican Republic; dz Algeria;
ec Ecuador; ee Estonia; eg Egypt; er Eritrea; es Spain; et Ethiopia; eu European Union; fi Finland; fj Fiji;
fo Faroe Islands; fr France; ga Gabon; gd Grenada; ge Georgia; gh Ghana; gl Greenland; gm Gambia; gn Guinea;
gq Equatorial Guinea; gr Greece; gt Guatemala; gw Guinea-Bissau; gy Guyana; hk Hong Kong; hn Honduras; hr Croatia;
ht Haiti; hu Hungary; id Indonesia; ie Ireland; il Israel; in India; iq Iraq; ir Iran; is Iceland; it Italy;
jm Jamaica; jo Jordan; jp Japan; ke Kenya; kg Kyrgyzstan; kh Cambodia; km Comoros; kp North Korea; kr South Korea;
kw Kuwait; kz Kazakhstan; lb Lebanon; lc Saint Lucia; li Liechtenstein; lk Sri Lanka; lr Liberia; ls Lesotho;
lt Lithuania; lu Luxembourg; lv Latvia; ma Morocco; mc Monaco; md Moldova; mg Madagascar; mk North Macedonia; mm Myanmar;
mn Mongolia; mo Macao; mr Mauritania; mt Malta; mu Mauritius; mv Maldives; mw Malawi; mx Mexico; my Malaysia;
mz Mozambique; na Namibia; ne Niger; ng Nigeria; ni Nicaragua; nl Netherlands; no Norway; np Nepal; nz New Zealand;
om Oman; pa Panama; pe Peru; pg Papua New Guinea; ph Philippines; pk Pakistan; pl Poland; ps Palestine; pt Portugal;
py Paraguay; qa Qatar; ro Romania; rs Serbia; ru Russia; rw Rwanda; sa Saudi Arabia; sb Solomon Islands; sd Sudan;
se Sweden; sg Singapore; si Slovenia; sk Slovakia; sl Sierra Leone; sm San Marino; sn Senegal; so Somalia; sr Suriname;
ss South Sudan; sv El Salvador; sy Syria; sz Eswatini; td Chad; tg Togo; th Thailand; tj Tajikistan; tl East Timor;
tm Turkmenistan; tn Tunisia; tr Turkey; tt Trinidad and Tobago; tw Taiwan; tz Tanzania; ua Ukraine; ug Uganda;
uk United Kingdom; us United States; uy Uruguay; uz Uzbekistan; va Vatican City; ve Venezuela; vn Vietnam; ye Yemen;
za South Africa; zm Zambia; zw Zimbabwe
"""  # noqa: E501  # a table
"""By the last part of a host. Those that sites elsewhere like for their letters are left out: ai,
cc, co, fm, io, me, tv."""


@cache
def country_names() -> dict[str, str]:
    """Return what countries are called, by the last part of their hosts."""
    rows = (row.strip().split(" ", 1) for row in _NAMES.replace("\n", " ").split(";"))
    return {code: name.strip() for code, name in rows}


@cache
def country_of(url: str) -> str:
    """Return the country that a site's address names; "" when it names none."""
    host = urlsplit(url).hostname or "" if "://" in url else ""
    return country_names().get(host.rstrip(".").rpartition(".")[2], "")
