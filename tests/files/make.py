"""Write the files of this folder and what each must be read as: `python -m tests.files.make`.

The numbers are made up. The shapes are those of exports that people really have. Nothing here uses the reader: the
truth is known before the text is written.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent
N_ROWS = 30


@dataclass(frozen=True, kw_only=True)
class Case:
    """One file: its text and what must come out.

    Attributes
    ----------
    truth : dates (or None for numbered rows) and values of the target
    target : column that must be proposed
    roles, options : what a person has to choose; nothing in the best case
    asks : words of the question or refusal that must come while nothing is chosen; "" when none may come
    refused : the file cannot be read even then; `asks` says why
    """

    name: str
    text: str
    dates: list[str] | None
    values: list[float | None]
    target: str
    encoding: str = "utf-8"
    unit: str = ""
    roles: dict[str, Any] = field(default_factory=dict)
    options: dict[str, Any] = field(default_factory=dict)
    asks: str = ""
    refused: bool = False


CASES: list[Case] = []


def days(start: str = "2020-01-06", freq: str = "D", n_rows: int = N_ROWS) -> pd.DatetimeIndex:
    """Moments of a file."""
    return pd.date_range(start, periods=n_rows, freq=freq)


def numbers(level: float, spread: float, decimals: int, *, seed: int, n_rows: int = N_ROWS) -> np.ndarray:
    """Made-up values, rounded as the file shows them."""
    return np.round(level + spread * np.random.default_rng(seed).standard_normal(n_rows), decimals)


def grouped(value: float, decimals: int, mark: str, point: str) -> str:
    """`1234.5` as `1.234,50` and the like."""
    return f"{value:,.{decimals}f}".replace(",", "\0").replace(".", point).replace("\0", mark)


def lines(moments: Iterable[object], values: Iterable[object], form: Callable[[Any, Any], str]) -> str:
    """One line per row."""
    return "".join(form(moment, value) + "\n" for moment, value in zip(moments, values, strict=True))


def case(
    name: str,
    text: str,
    moments: pd.Index | None,
    values: Iterable[float | None],
    target: str,
    **more: Any,
) -> None:
    """Add a file."""
    dates = None if moments is None else [str(moment) for moment in moments]
    truth = [None if value is None else float(value) for value in values]
    CASES.append(Case(name=name, text=text, dates=dates, values=truth, target=target, **more))


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
    )
    sales = numbers(2500, 800, 2, seed=3)
    body = lines(when, sales, lambda d, v: f"{d:%d.%m.%Y};{grouped(v, 2, '.', ',')}")
    case("excel_german.csv", f"Datum;Umsatz (€)\n{body}", when, sales, "Umsatz (€)", encoding="cp1252")
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


def web_and_markets() -> None:
    """Downloads of web services, exchanges and statistics offices."""
    months, when, trading = days("2019-01-01", "MS"), days(), days("2024-01-02", "B")
    interest = numbers(50, 20, 0, seed=10)
    case(
        "google_trends.csv",
        "Category: All categories\n\nMonth,bitcoin: (Worldwide)\n"
        + lines(months, interest, lambda d, v: f"{d:%Y-%m},{v:.0f}"),
        months,
        interest,
        "bitcoin: (Worldwide)",
    )
    case(
        "google_trends_below_one.csv",
        "Category: All categories\n\nMonth,fax\n"
        + lines(months, range(N_ROWS), lambda d, v: f"{d:%Y-%m},{v or '<1'}"),
        months,
        [],
        "fax",
        asks="row 1 is not a number: '<1'",
        refused=True,
    )
    rate: list[float | None] = [float(v) for v in numbers(5, 1, 1, seed=11)]
    rate[7] = None
    case(
        "fred_rate.csv",
        "observation_date,UNRATE\n"
        + lines(months, rate, lambda d, v: f"{d:%Y-%m-%d},{'.' if v is None else v}"),
        months,
        rate,
        "UNRATE",
        asks="1 value missing, first in column 'UNRATE' at 2019-08-01",
        roles={"gaps": "forward fill"},
    )
    close = numbers(180, 5, 6, seed=12)
    case(
        "yahoo_prices.csv",
        "Date,Open,High,Low,Close,Adj Close,Volume\n"
        + lines(
            trading,
            close,
            lambda d, v: f"{d:%Y-%m-%d},{v - 1:.6f},{v + 2:.6f},{v - 2:.6f},{v:.6f},{v - 0.5:.6f},51234500",
        ),
        trading,
        close,
        "Close",
    )
    case(
        "yfinance_three_name_rows.csv",
        "Price,Close,High\nTicker,AAPL,AAPL\nDate,,\n"
        + lines(trading, close, lambda d, v: f"{d:%Y-%m-%d},{v:.6f},{v + 2:.6f}"),
        trading,
        close,
        "Close",
    )
    prices = numbers(4900, 60, 2, seed=13)
    case(
        "investing_prices.csv",
        '"Date","Price","Open","Vol.","Change %"\n'
        + lines(
            trading[::-1],
            prices[::-1],
            lambda d, v: f'"{d:%b %d, %Y}","{v:,.2f}","{v + 3:,.2f}","1.2{"MK"[d.day % 2]}","-0.60%"',
        ),
        trading,
        prices,
        "Price",
    )
    case(
        "coin_prices.csv",
        "timeOpen;timeClose;name;open;close\n"
        + lines(
            when,
            prices,
            lambda d, v: (
                f'"{d:%Y-%m-%d}T00:00:00.000Z";"{d:%Y-%m-%d}T23:59:59.999Z";"2781";{v + 1.25:.10f};{v:.10f}'
            ),
        ),
        when,
        prices,
        "close",
    )
    users = numbers(2600, 700, 0, seed=14)
    case(
        "analytics_users.csv",
        "# ----------------------------------------\n# All Web Site Data\n# 20200106-20200204\n"
        "# ----------------------------------------\n\nDay Index,Users\n"
        + lines(when, users, lambda d, v: f'{d:%m/%d/%y},"{v:,.0f}"')
        + f',"{users.sum():,.0f}"\n',
        when,
        users,
        "Users",
        asks="Thousands or decimals?",
        options={"decimal": "."},
    )
    people = numbers(3_200_000, 90_000, 0, seed=15)
    case(
        "census_people.csv",
        "Year,Population\n" + lines(days("1990", "YS"), people, lambda d, v: f'{d.year},"{v:,.0f}"'),
        days("1990", "YS"),
        people,
        "Population",
    )
    index = numbers(100, 4, 3, seed=16)
    case(
        "oecd_months.csv",
        "LOCATION,TIME,Value,Flag Codes\n" + lines(months, index, lambda d, v: f"DEU,{d:%YM%m},{v},E"),
        months,
        index,
        "Value",
    )
    case(
        "eurostat_months.csv",
        "DATAFLOW,freq,TIME_PERIOD,OBS_VALUE,OBS_FLAG\n"
        + lines(months, index, lambda d, v: f"ESTAT:PRC(1.0),M,{d:%Y-%m},{v},"),
        months,
        index,
        "OBS_VALUE",
    )
    quarters = days("2013-01-01", "QS")
    case(
        "ons_quarters.csv",
        '"Title","GDP: chained volume"\n"CDID","ABMI"\n"PreUnit","£"\n"Unit","m"\n"Release date","12-02-2021"\n'
        '"Next release","31 March 2021"\n'
        + lines(quarters, people, lambda d, v: f'"{d.year} Q{d.quarter}","{v:.0f}"'),
        quarters,
        people,
        "GDP: chained volume",
    )
    case(
        "world_bank_years.csv",
        "\ufeffYear,Value\n" + lines(days("1990", "YS"), index, lambda d, v: f"{d.year},{v}"),
        days("1990", "YS"),
        index,
        "Value",
    )
    weeks = days("2024-01-01", "W-MON")
    tickets = numbers(90, 20, 0, seed=17)
    case(
        "tickets_by_week.csv",
        "Week,Created\n"
        + lines(weeks, tickets, lambda d, v: f"{d.isocalendar().year}-W{d.isocalendar().week:02d},{v:.0f}"),
        weeks,
        tickets,
        "Created",
    )
    case(
        "stars_of_a_repository.json.csv",
        "starred_at,total\n" + lines(when, tickets.cumsum(), lambda d, v: f"{d:%Y-%m-%dT%H:%M:%SZ},{v:.0f}"),
        when,
        tickets.cumsum(),
        "total",
    )


def meters_and_sensors() -> None:
    """Loggers, meters, weather services, dashboards."""
    quarter_hours, half_hours, hours = (
        days("2020-03-01", "15min"),
        days("2020-10-24 23:00", "30min"),
        days("2020-01-30 20:00", "h"),
    )
    reading = np.round(1234.567 + np.arange(N_ROWS) * 0.213, 3)
    case(
        "meter_quarter_hours.csv",
        "Zeitstempel;Zählerstand (kWh)\n"
        + lines(quarter_hours, reading, lambda d, v: f"{d:%d.%m.%Y %H:%M};{grouped(v, 3, '', ',')}"),
        quarter_hours,
        reading,
        "Zählerstand (kWh)",
        asks="",
        encoding="cp1252",
    )
    case(
        "meter_three_decimals.csv",
        "Zeitstempel;Durchfluss\n"
        + lines(quarter_hours, reading / 1000, lambda d, v: f"{d:%d.%m.%Y %H:%M};{grouped(v, 3, '', ',')}"),
        quarter_hours,
        np.round(reading / 1000, 3),
        "Durchfluss",
        asks="Thousands or decimals?",
        options={"decimal": ","},
    )
    warm = numbers(21, 2, 1, seed=20)
    local = half_hours.tz_localize("UTC").tz_convert("Europe/Berlin")
    case(
        "sensor_with_zones.csv",
        "time,temperature\n" + lines(local, warm, lambda d, v: f"{d.isoformat()},{v}"),
        half_hours,
        warm,
        "temperature",
    )
    case(
        "sensor_clock_set_back.csv",
        "time,temperature\n" + lines(local, warm, lambda d, v: f"{d:%Y-%m-%d %H:%M},{v}"),
        half_hours,
        warm,
        "temperature",
        asks="2 rows with the date of another row",
        roles={"zone": "Europe/Berlin"},
    )
    case(
        "weather_hours.txt",
        "STATIONS_ID;MESS_DATUM;QN_9;TT_TU;RF_TU;eor\n"
        + lines(
            hours, warm, lambda d, v: f"         44;{d:%Y%m%d%H};    3;{v:6.1f};  {80 + d.hour % 7}.0;eor"
        ),
        hours,
        warm,
        "TT_TU",
        roles={"target": "TT_TU"},
    )
    case(
        "weather_days_quoted.csv",
        '"STATION","DATE","NAME","TAVG"\n'
        + lines(
            days(), warm, lambda d, v: f'"USW00094728","{d:%Y-%m-%d}","NY CITY CENTRAL PARK, NY US","{v}"'
        ),
        days(),
        warm,
        "TAVG",
    )
    case(
        "logger_units_row.csv",
        "TIMESTAMP,AirTemp,RH\nTS,Deg C,%\n"
        + lines(hours, warm, lambda d, v: f'"{d:%Y-%m-%d %H:%M:%S}",{v},81'),
        hours,
        warm,
        "AirTemp",
        unit="Deg C",
    )
    case(
        "logger_comments.csv",
        "# device: 0815\n# firmware 1.2\ntime;t\n"
        + lines(hours, warm, lambda d, v: f"{d:%Y-%m-%dT%H:%M:%S};{v}"),
        hours,
        warm,
        "t",
    )
    case(
        "logger_without_names.csv",
        lines(hours, warm, lambda d, v: f"{d:%Y-%m-%d %H:%M:%S},{v}"),
        hours,
        warm,
        "column 2",
    )
    case("logger_numbers_only.txt", lines(hours, warm, lambda _, v: f"{v}"), None, warm, "column 1")
    case(
        "logger_minus_sign.tsv",
        "Time\tOutside\n"
        + lines(hours, warm - 22, lambda d, v: f"{d:%d/%m/%Y %H:%M}\t{v:.1f}".replace("\t-", "\t\u2212")),
        hours,
        np.round(warm - 22, 1),
        "Outside",
    )
    case(
        "logger_spaces.txt",
        "date        level\n" + lines(days(), warm, lambda d, v: f"{d:%Y-%m-%d}  {v:8.1f}"),
        days(),
        warm,
        "level",
    )
    case(
        "logger_pipes.txt",
        "date|level|note\n" + lines(days(), warm, lambda d, v: f"{d:%Y/%m/%d}|{v}|ok"),
        days(),
        warm,
        "level",
    )
    load = numbers(40, 9, 2, seed=21)
    case(
        "dashboard_percent.csv",
        '"Time","CPU"\n' + lines(hours, load, lambda d, v: f'"{d:%Y-%m-%d %H:%M:%S}","{v:.2f}%"'),
        hours,
        load,
        "CPU",
        unit="%",
    )
    case(
        "influx_annotated.csv",
        "#group,false,false,true,false\n#datatype,string,long,dateTime:RFC3339,double\n#default,_result,,,\n"
        ",result,table,_start,_time,_value,_field\n"
        + lines(hours, load, lambda d, v: f",,0,2020-01-30T00:00:00Z,{d:%Y-%m-%dT%H:%M:%SZ},{v},usage"),
        hours,
        load,
        "_value",
    )
    case(
        "counts_milliseconds.csv",
        "timestamp,power\n" + lines(hours, load, lambda d, v: f"{int(d.timestamp() * 1000)},{v}"),
        hours,
        load,
        "power",
    )
    case(
        "counts_seconds.csv",
        "ts,power\n" + lines(hours, load, lambda d, v: f"{d.timestamp():.1f},{v}"),
        hours,
        load,
        "power",
    )


def people_and_phones() -> None:
    """What a phone, a form or a person makes."""
    when, hours = days(), days("2020-01-30 20:00", "h")
    steps = numbers(9000, 2500, 0, seed=30)
    case(
        "phone_steps.csv",
        "Date,Steps\n" + lines(when, steps, lambda d, v: f"{d.month}/{d.day}/{d:%y},{v:.0f}"),
        when,
        steps,
        "Steps",
    )
    early = days("2020-02-01", "D", 24)[[0, *range(1, 12)]]
    both = early.append(early + pd.DateOffset(months=1))
    case(
        "form_ambiguous_dates.csv",
        "date,count\n" + lines(both, range(24), lambda d, v: f"{d:%d/%m/%Y},{v * v}"),
        both,
        [v * v for v in range(24)],
        "count",
        asks="Day first or month first?",
        roles={"date_format": "day first"},
    )
    case(
        "form_years_first.csv",
        "date,count\n" + lines(when, steps, lambda d, v: f"{d:%y-%m-%d},{v:.0f}"),
        when,
        steps,
        "count",
        asks="Do the years come first?",
        roles={"date_format": "year first"},
    )
    blood: list[float | None] = [float(v) for v in numbers(120, 8, 0, seed=31)]
    blood[4] = blood[9] = None
    case(
        "diary_missing_words.csv",
        "when,pressure,note\n"
        + lines(
            hours,
            blood,
            lambda d, v: f'{d:%m/%d/%Y %I:%M %p},{"n/a" if v is None else v},"tired,\nafter work"',
        ),
        hours,
        blood,
        "pressure",
        asks="2 values missing",
        roles={"gaps": "forward fill"},
    )
    case(
        "diary_unsorted_old_mac.csv",
        ("day,minutes\n" + lines(when[::-1], steps[::-1], lambda d, v: f"{d:%d %B %Y},{v:.0f}")).replace(
            "\n", "\r"
        ),
        when,
        steps,
        "minutes",
    )
    case(
        "sheet_blank_lines.csv",
        "day,minutes\r\n\r\n"
        + lines(when, steps, lambda d, v: f"{d:%Y-%m-%d},{v:.0f}\r").replace("\r\n", "\r\n\r\n"),
        when,
        steps,
        "minutes",
    )
    case(
        "sheet_trailing_separators.csv",
        "day;minutes;\n" + lines(when, steps, lambda d, v: f"{d:%d.%m.%Y};{v:.0f};"),
        when,
        steps,
        "minutes",
    )
    case(
        "sheet_same_names.csv",
        "day,value,value\n" + lines(when, steps, lambda d, v: f"{d:%Y-%m-%d},{v:.0f},1"),
        when,
        steps,
        "value",
    )
    case(
        "sheet_excel_days.csv",
        "Date,Hours\n" + lines(when, steps, lambda d, v: f"{(d - pd.Timestamp(1899, 12, 30)).days},{v:.0f}"),
        when,
        steps,
        "Hours",
    )
    months = days("2018-01-01", "MS")
    case(
        "sheet_short_months.csv",
        "Month,Revenue\n" + lines(months, steps, lambda d, v: f'{d:%b-%y},"€{v:,.2f}"'),
        months,
        steps,
        "Revenue",
        unit="€",
    )
    case(
        "sheet_switch.csv",
        "time,door open,temperature\n"
        + lines(hours, steps, lambda d, v: f"{d:%Y-%m-%d %H:%M},{d.hour % 2 == 0},{v:.0f}"),
        hours,
        steps,
        "temperature",
    )
    case(
        "sheet_arabic_digits.csv",
        "التاريخ,القيمة\n"
        + lines(when, steps, lambda d, v: f"{d:%Y-%m-%d},{v:.0f}".translate(_ARABIC) if v else ""),
        when,
        steps,
        "القيمة",
    )
    case(
        "sheet_japanese.csv",
        "\ufeff日付,売上\n" + lines(when, steps, lambda d, v: f"{d:%Y/%m/%d},{v:.0f}".replace("9", "\uff19")),
        when,
        steps,
        "売上",
    )
    case(
        "long_numbers_of_orders.csv",
        "order,day,amount\n"
        + lines(when, steps, lambda d, v: f"90071992547409{d.day:02d}3,{d:%Y-%m-%d},{v:.0f}"),
        when,
        steps,
        "amount",
        roles={"target": "amount"},
    )


_ARABIC = str.maketrans({str(digit): chr(0x660 + digit) for digit in range(10)})


def write() -> None:
    """Write every file and the expectations."""
    for build in (banks_and_offices, web_and_markets, meters_and_sensors, people_and_phones):
        build()
    for one in CASES:
        (FOLDER / one.name).write_bytes(one.text.encode(one.encoding))
    expected = {
        one.name: {
            key: getattr(one, key)
            for key in ("dates", "values", "target", "unit", "roles", "options", "asks", "refused")
        }
        for one in CASES
    }
    (FOLDER / "expected.json").write_text(json.dumps(expected, indent=0, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write()
