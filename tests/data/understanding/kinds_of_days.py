"""Kinds of files that write their days in another way, each small and invented."""

from __future__ import annotations

from collections.abc import Mapping

from tests.data.understanding.kinds import ONE_UNIT, Kind, table


def _sales(head: str, *days: str) -> str:
    """Three sales of two customers, 41.00 in all, each behind a text for its day."""
    own = ("A;Kanne;2;8,00", "B;Tasse;1;3,00", "A;Kanne;3;30,00")
    return table(f"{head};Kunde;Artikel;Menge;Umsatz", *(f"{day};{sale}" for day, sale in zip(days, own, strict=True)))


_WHEN = {"revenue": 41.0, "lines": 3, "customers": 2}

DAYS: Mapping[str, Kind] = {
    "months with a sign": Kind(
        {"x.csv": _sales("Monat", "2023-11", "2023-11", "2024-02")},
        {**_WHEN, "days": ("2023-11-01", "2024-02-01")},
        "it holds months such as 2023-11, no days",
    ),
    "months of six digits": Kind(
        {"x.csv": _sales("Periode", "202311", "202312", "202402")}, {**_WHEN, "days": ("2023-11-01", "2024-02-01")}
    ),
    "months by name": Kind(
        {"x.csv": _sales("Maand", "november 2023", "december 2023", "februari 2024")},
        {**_WHEN, "days": ("2023-11-01", "2024-02-01")},
    ),
    "days of six digits": Kind(
        {"x.csv": _sales("Datum", "231129", "231230", "240215")}, {**_WHEN, "days": ("2023-11-29", "2024-02-15")}
    ),
    "years of the Republic of China": Kind(
        {"x.csv": _sales("日期", "112/11/29", "112/12/30", "113/02/15")},
        {**_WHEN, "days": ("2023-11-29", "2024-02-15")},
    ),
    "Japanese eras by their letter": Kind(
        {"x.csv": _sales("日付", "R5.11.29", "R5.12.30", "R6.2.15")}, {**_WHEN, "days": ("2023-11-29", "2024-02-15")}
    ),
    "Persian days": Kind(
        {"x.csv": _sales("تاریخ", "1402/09/08", "1402/10/09", "1402/11/26")},
        {**_WHEN, "days": ("2023-11-29", "2024-02-15")},
        "of the Persian calendar",
    ),
    "Islamic days": Kind(
        {"x.csv": _sales("التاريخ", "15/05/1445", "17/06/1445", "05/08/1445")},
        {**_WHEN, "days": ("2023-11-29", "2024-02-15")},
        "of the Islamic calendar",
    ),
    "year and month in columns of their own": Kind(
        {
            "x.csv": table(
                "Jahr;Monat;Kunde;Artikel;Menge;Umsatz",
                "2023;November;A;Kanne;2;8,00",
                "2023;Dez.;B;Tasse;1;3,00",
                "2024;Februar;A;Kanne;3;30,00",
            )
        },
        {**_WHEN, "days": ("2023-11-01", "2024-02-01")},
        "Jahr and Monat name months, no days",
    ),
    "year, month and day in columns of their own": Kind(
        {
            "x.csv": table(
                "Year,Month,Day,Client,Item,Units,Amount",
                "2023,11,29,A,Cup,2,8.00",
                "2023,12,30,B,Pot,1,3.00",
                "2024,2,15,A,Cup,3,30.00",
            )
        },
        {**_WHEN, "days": ("2023-11-29", "2024-02-15")},
        "Year, Month, Day together are the date",
    ),
    "months side by side, the year in the title": Kind(
        {"x.csv": table("Umsatz 2023;;;", "Artikel;Jan;Feb;Mrz", "Kanne;10,00;20,00;30,00", "Tasse;1,00;2,00;3,00")},
        {"revenue": 66.0, "days": ("2023-01-01", "2023-03-01")},
        "of 2023 as 'Umsatz 2023' says",
        answers=ONE_UNIT,
    ),
    "Chinese months side by side, the year in the file's name": Kind(
        {"销售2023.csv": table("产品,一月,二月,三月,合计", "茶叶,100,200,300,600", "咖啡,50,60,70,180")},
        {"revenue": 780.0, "days": ("2023-01-01", "2023-03-01")},
        answers=ONE_UNIT,
    ),
}
