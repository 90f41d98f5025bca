"""Files of web sites and markets."""

from tests.files.cases import N_ROWS, case, days, lines, numbers


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
