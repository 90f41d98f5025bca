"""The cases of csv-spectrum, written inline: cells that a naive reader gets wrong."""

import pytest

from lstm_core.series.reading.ingest import read_table
from lstm_core.series.table import ReadOptions

CASES = {
    "comma_in_quotes": ('first,last,n\nJohn,"Doe, Jr.",1\n', [["John", "Doe, Jr.", 1]]),
    "empty": ('a,b,c\n1,"",""\n2,3,4\n', [[1, None, None], [2, 3, 4]]),
    "empty_crlf": ('a,b,c\r\n1,"",""\r\n2,3,4\r\n', [[1, None, None], [2, 3, 4]]),
    "escaped_quotes": ('a,b\n1,"ha ""ha"" ha"\n3,4\n', [[1, 'ha "ha" ha'], [3, "4"]]),
    "json": ('key,val\n1,"{""type"": ""Point"", ""coordinates"": [102.0, 0.5]}"\n',
             [[1, '{"type": "Point", "coordinates": [102.0, 0.5]}']]),
    "newlines": ('a,b,c\n1,2,3\n"Once upon \na time",5,6\n7,8,9\n',
                 [["1", 2, 3], ["Once upon \na time", 5, 6], ["7", 8, 9]]),
    "newlines_crlf": ('a,b,c\r\n1,2,3\r\n"Once upon \r\na time",5,6\r\n7,8,9\r\n',
                      [["1", 2, 3], ["Once upon \r\na time", 5, 6], ["7", 8, 9]]),
    "quotes_and_newlines": ('a,b\n1,"ha \n""ha"" \nha"\n3,4\n', [[1, 'ha \n"ha" \nha'], [3, "4"]]),
    "simple": ("a,b,c\n1,2,3\n", [[1, 2, 3]]),
    "simple_crlf": ("a,b,c\r\n1,2,3\r\n", [[1, 2, 3]]),
    "utf8": ("a,b,c\n1,2,3\n4,5,ʤ\n", [[1, 2, "3"], [4, 5, "ʤ"]]),
    "location_coordinates": ('id,place\n1,"Berlin ""Mitte"" (52.5,13.4)"\n', [[1, 'Berlin "Mitte" (52.5,13.4)']]),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_spectrum(name):
    source, expected = CASES[name]
    frame = read_table(source.encode(), f"{name}.csv", ReadOptions()).frame
    assert frame.astype(object).where(frame.notna(), None).to_numpy().tolist() == expected
