"""Files of banks and offices."""

import numpy as np

from tests.files.cases import N_ROWS, case, days, grouped, lines, numbers


def banks_and_offices() -> None:
    """Exports with decimal commas, points between thousands, titles and totals."""
    when = days()
    amounts = numbers(0, 400, 2, seed=1)
    case(
        "bank_german.csv",
        '"Auftragskonto";"Buchungstag";"Verwendungszweck";"Betrag";"Währung"\n'
        + lines(
            when,
            amounts,
            lambda d, v: f'"DE02";"{d:%d.%m.%y}";"Miete, Strom; usw.";"{grouped(v, 2, "", ",")}";"EUR"',
        ),
        when,
        amounts,
        "Betrag",
        encoding="cp1252",
    )
    balance = numbers(5000, 900, 2, seed=2)
    case(
        "bank_with_account_lines.csv",
        '"Kontonummer:";"DE02 1203 0000"\n\n"Von:";"06.01.2020"\n"Bis:";"04.02.2020"\n"Kontostand:";"5.123,45 EUR"\n\n'
        '"Datum";"Text";"Saldo (EUR)"\n'
        + lines(when, balance, lambda d, v: f'"{d:%d.%m.%Y}";"Buchung";"{grouped(v, 2, ".", ",")}"'),
        when,
        balance,
        "Saldo (EUR)",
        unit="EUR",
    )
    sales = numbers(2500, 800, 2, seed=3)
    body = lines(when, sales, lambda d, v: f"{d:%d.%m.%Y};{grouped(v, 2, '.', ',')}")
    case(
        "excel_german.csv",
        f"Datum;Umsatz (€)\n{body}",
        when,
        sales,
        "Umsatz (€)",
        unit="€",
        encoding="cp1252",
    )
    case("excel_sep_line.csv", f"sep=;\nDatum;Umsatz\n{body}", when, sales, "Umsatz")
    case(
        "excel_title_with_separators.csv",
        f"Umsatzbericht 2020;;\n;;\nDatum;Umsatz;Filiale\n{body.replace(chr(10), ';Nord' + chr(10))}",
        when,
        sales,
        "Umsatz",
    )
    case(
        "excel_unicode_text.txt",
        f"Datum\tUmsatz\n{body.replace(';', chr(9))}",
        when,
        sales,
        "Umsatz",
        encoding="utf-16",
    )
    months = days("2018-01-01", "MS")
    use = numbers(300, 60, 1, seed=4)
    case(
        "german_months.csv",
        "Monat;Verbrauch [kWh]\n" + lines(months, use, lambda d, v: f"{d:%m.%Y};{grouped(v, 1, '', ',')}"),
        months,
        use,
        "Verbrauch [kWh]",
        unit="kWh",
    )
    case(
        "report_with_total_and_notes.csv",
        "Monthly report,\nmonth,orders\n"
        + lines(months, use, lambda d, v: f"{d:%b %Y},{v}")
        + f"Total,{use.sum():.1f}\nSource: order system,\n",
        months,
        use,
        "orders",
    )
    francs = numbers(8000, 4000, 2, seed=5)
    case(
        "swiss_francs.csv",
        "Datum;Betrag CHF\n"
        + lines(when, francs, lambda d, v: f"{d:%d.%m.%Y};{grouped(v, 2, chr(39), '.')}"),
        when,
        francs,
        "Betrag CHF",
    )
    case(
        "french_spaces.csv",
        "Jour;Fréquentation\n"
        + lines(when, francs, lambda d, v: f"{d:%d/%m/%Y};{grouped(v, 2, chr(160), ',')}"),
        when,
        francs,
        "Fréquentation",
        encoding="latin-1",
    )
    lakhs = np.array([1_234_567.5 + 1000 * n for n in range(N_ROWS)])
    case(
        "indian_lakhs.csv",
        "Date,Turnover\n"
        + lines(when, lakhs, lambda d, v: f'{d:%d-%b-%Y},"{v // 1e5:.0f},{grouped(v % 1e5, 2, ",", ".")}"'),
        when,
        lakhs,
        "Turnover",
    )
    dollars = numbers(1500, 300, 2, seed=6)
    dollars[3] = -12.5
    case(
        "accounting_dollars.csv",
        "Date,Net\n"
        + lines(
            when, dollars, lambda d, v: f'{d:%m/%d/%Y},"' + (f"(${-v:,.2f})" if v < 0 else f"${v:,.2f}") + '"'
        ),
        when,
        dollars,
        "Net",
        unit="$",
    )
