"""The countries of ISO 3166-1: codes, continent, English name, and what else people write for them.

Codes are from i18n-iso-countries 7.14 (MIT) and continents from countries-list 3.4 (MIT); Russia is counted to Europe,
as the United Nations' M49 does. English names are the Unicode CLDR's as babel 2.18 gives them, kept here since loading
babel costs 40 ms; what later releases call them stands among the aliases. Kosovo has user-assigned codes.
"""

from typing import Final

CONTINENTS: Final = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}

TABLE: Final = """\
AD AND 020 EU Andorra
AE ARE 784 AS United Arab Emirates
AF AFG 004 AS Afghanistan
AG ATG 028 NA Antigua & Barbuda
AI AIA 660 NA Anguilla
AL ALB 008 EU Albania
AM ARM 051 AS Armenia
AO AGO 024 AF Angola
AQ ATA 010 AN Antarctica
AR ARG 032 SA Argentina
AS ASM 016 OC American Samoa
AT AUT 040 EU Austria
AU AUS 036 OC Australia
AW ABW 533 NA Aruba
AX ALA 248 EU Åland Islands
AZ AZE 031 AS Azerbaijan
BA BIH 070 EU Bosnia & Herzegovina
BB BRB 052 NA Barbados
BD BGD 050 AS Bangladesh
BE BEL 056 EU Belgium
BF BFA 854 AF Burkina Faso
BG BGR 100 EU Bulgaria
BH BHR 048 AS Bahrain
BI BDI 108 AF Burundi
BJ BEN 204 AF Benin
BL BLM 652 NA St. Barthélemy
BM BMU 060 NA Bermuda
BN BRN 096 AS Brunei
BO BOL 068 SA Bolivia
BQ BES 535 NA Caribbean Netherlands
BR BRA 076 SA Brazil
BS BHS 044 NA Bahamas
BT BTN 064 AS Bhutan
BV BVT 074 AN Bouvet Island
BW BWA 072 AF Botswana
BY BLR 112 EU Belarus
BZ BLZ 084 NA Belize
CA CAN 124 NA Canada
CC CCK 166 AS Cocos (Keeling) Islands
CD COD 180 AF Congo - Kinshasa
CF CAF 140 AF Central African Republic
CG COG 178 AF Congo - Brazzaville
CH CHE 756 EU Switzerland
CI CIV 384 AF Côte d’Ivoire
CK COK 184 OC Cook Islands
CL CHL 152 SA Chile
CM CMR 120 AF Cameroon
CN CHN 156 AS China
CO COL 170 SA Colombia
CR CRI 188 NA Costa Rica
CU CUB 192 NA Cuba
CV CPV 132 AF Cape Verde
CW CUW 531 NA Curaçao
CX CXR 162 AS Christmas Island
CY CYP 196 EU Cyprus
CZ CZE 203 EU Czechia
DE DEU 276 EU Germany
DJ DJI 262 AF Djibouti
DK DNK 208 EU Denmark
DM DMA 212 NA Dominica
DO DOM 214 NA Dominican Republic
DZ DZA 012 AF Algeria
EC ECU 218 SA Ecuador
EE EST 233 EU Estonia
EG EGY 818 AF Egypt
EH ESH 732 AF Western Sahara
ER ERI 232 AF Eritrea
ES ESP 724 EU Spain
ET ETH 231 AF Ethiopia
FI FIN 246 EU Finland
FJ FJI 242 OC Fiji
FK FLK 238 SA Falkland Islands
FM FSM 583 OC Micronesia
FO FRO 234 EU Faroe Islands
FR FRA 250 EU France
GA GAB 266 AF Gabon
GB GBR 826 EU United Kingdom
GD GRD 308 NA Grenada
GE GEO 268 AS Georgia
GF GUF 254 SA French Guiana
GG GGY 831 EU Guernsey
GH GHA 288 AF Ghana
GI GIB 292 EU Gibraltar
GL GRL 304 NA Greenland
GM GMB 270 AF Gambia
GN GIN 324 AF Guinea
GP GLP 312 NA Guadeloupe
GQ GNQ 226 AF Equatorial Guinea
GR GRC 300 EU Greece
GS SGS 239 AN South Georgia & South Sandwich Islands
GT GTM 320 NA Guatemala
GU GUM 316 OC Guam
GW GNB 624 AF Guinea-Bissau
GY GUY 328 SA Guyana
HK HKG 344 AS Hong Kong SAR China
HM HMD 334 AN Heard & McDonald Islands
HN HND 340 NA Honduras
HR HRV 191 EU Croatia
HT HTI 332 NA Haiti
HU HUN 348 EU Hungary
ID IDN 360 AS Indonesia
IE IRL 372 EU Ireland
IL ISR 376 AS Israel
IM IMN 833 EU Isle of Man
IN IND 356 AS India
IO IOT 086 AS British Indian Ocean Territory
IQ IRQ 368 AS Iraq
IR IRN 364 AS Iran
IS ISL 352 EU Iceland
IT ITA 380 EU Italy
JE JEY 832 EU Jersey
JM JAM 388 NA Jamaica
JO JOR 400 AS Jordan
JP JPN 392 AS Japan
KE KEN 404 AF Kenya
KG KGZ 417 AS Kyrgyzstan
KH KHM 116 AS Cambodia
KI KIR 296 OC Kiribati
KM COM 174 AF Comoros
KN KNA 659 NA St. Kitts & Nevis
KP PRK 408 AS North Korea
KR KOR 410 AS South Korea
KW KWT 414 AS Kuwait
KY CYM 136 NA Cayman Islands
KZ KAZ 398 AS Kazakhstan
LA LAO 418 AS Laos
LB LBN 422 AS Lebanon
LC LCA 662 NA St. Lucia
LI LIE 438 EU Liechtenstein
LK LKA 144 AS Sri Lanka
LR LBR 430 AF Liberia
LS LSO 426 AF Lesotho
LT LTU 440 EU Lithuania
LU LUX 442 EU Luxembourg
LV LVA 428 EU Latvia
LY LBY 434 AF Libya
MA MAR 504 AF Morocco
MC MCO 492 EU Monaco
MD MDA 498 EU Moldova
ME MNE 499 EU Montenegro
MF MAF 663 NA St. Martin
MG MDG 450 AF Madagascar
MH MHL 584 OC Marshall Islands
MK MKD 807 EU North Macedonia
ML MLI 466 AF Mali
MM MMR 104 AS Myanmar (Burma)
MN MNG 496 AS Mongolia
MO MAC 446 AS Macao SAR China
MP MNP 580 OC Northern Mariana Islands
MQ MTQ 474 NA Martinique
MR MRT 478 AF Mauritania
MS MSR 500 NA Montserrat
MT MLT 470 EU Malta
MU MUS 480 AF Mauritius
MV MDV 462 AS Maldives
MW MWI 454 AF Malawi
MX MEX 484 NA Mexico
MY MYS 458 AS Malaysia
MZ MOZ 508 AF Mozambique
NA NAM 516 AF Namibia
NC NCL 540 OC New Caledonia
NE NER 562 AF Niger
NF NFK 574 OC Norfolk Island
NG NGA 566 AF Nigeria
NI NIC 558 NA Nicaragua
NL NLD 528 EU Netherlands
NO NOR 578 EU Norway
NP NPL 524 AS Nepal
NR NRU 520 OC Nauru
NU NIU 570 OC Niue
NZ NZL 554 OC New Zealand
OM OMN 512 AS Oman
PA PAN 591 NA Panama
PE PER 604 SA Peru
PF PYF 258 OC French Polynesia
PG PNG 598 OC Papua New Guinea
PH PHL 608 AS Philippines
PK PAK 586 AS Pakistan
PL POL 616 EU Poland
PM SPM 666 NA St. Pierre & Miquelon
PN PCN 612 OC Pitcairn Islands
PR PRI 630 NA Puerto Rico
PS PSE 275 AS Palestinian Territories
PT PRT 620 EU Portugal
PW PLW 585 OC Palau
PY PRY 600 SA Paraguay
QA QAT 634 AS Qatar
RE REU 638 AF Réunion
RO ROU 642 EU Romania
RS SRB 688 EU Serbia
RU RUS 643 EU Russia
RW RWA 646 AF Rwanda
SA SAU 682 AS Saudi Arabia
SB SLB 090 OC Solomon Islands
SC SYC 690 AF Seychelles
SD SDN 729 AF Sudan
SE SWE 752 EU Sweden
SG SGP 702 AS Singapore
SH SHN 654 AF St. Helena
SI SVN 705 EU Slovenia
SJ SJM 744 EU Svalbard & Jan Mayen
SK SVK 703 EU Slovakia
SL SLE 694 AF Sierra Leone
SM SMR 674 EU San Marino
SN SEN 686 AF Senegal
SO SOM 706 AF Somalia
SR SUR 740 SA Suriname
SS SSD 728 AF South Sudan
ST STP 678 AF São Tomé & Príncipe
SV SLV 222 NA El Salvador
SX SXM 534 NA Sint Maarten
SY SYR 760 AS Syria
SZ SWZ 748 AF Eswatini
TC TCA 796 NA Turks & Caicos Islands
TD TCD 148 AF Chad
TF ATF 260 AN French Southern Territories
TG TGO 768 AF Togo
TH THA 764 AS Thailand
TJ TJK 762 AS Tajikistan
TK TKL 772 OC Tokelau
TL TLS 626 OC Timor-Leste
TM TKM 795 AS Turkmenistan
TN TUN 788 AF Tunisia
TO TON 776 OC Tonga
TR TUR 792 AS Türkiye
TT TTO 780 NA Trinidad & Tobago
TV TUV 798 OC Tuvalu
TW TWN 158 AS Taiwan
TZ TZA 834 AF Tanzania
UA UKR 804 EU Ukraine
UG UGA 800 AF Uganda
UM UMI 581 OC U.S. Outlying Islands
US USA 840 NA United States
UY URY 858 SA Uruguay
UZ UZB 860 AS Uzbekistan
VA VAT 336 EU Vatican City
VC VCT 670 NA St. Vincent & Grenadines
VE VEN 862 SA Venezuela
VG VGB 092 NA British Virgin Islands
VI VIR 850 NA U.S. Virgin Islands
VN VNM 704 AS Vietnam
VU VUT 548 OC Vanuatu
WF WLF 876 OC Wallis & Futuna
WS WSM 882 OC Samoa
XK XKK 983 EU Kosovo
YE YEM 887 AS Yemen
YT MYT 175 AF Mayotte
ZA ZAF 710 AF South Africa
ZM ZMB 894 AF Zambia
ZW ZWE 716 AF Zimbabwe
"""
"""One country a line: alpha-2, alpha-3, numeric code with its zeros, continent, English name."""
