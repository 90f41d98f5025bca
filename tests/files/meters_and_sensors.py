"""Files of meters and sensors."""

import numpy as np

from tests.files.cases import N_ROWS, case, days, grouped, lines, numbers


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
        unit="kWh",
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
