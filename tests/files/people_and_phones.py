"""Files of people and their phones."""

import pandas as pd

from tests.files.cases import case, days, lines, numbers


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
