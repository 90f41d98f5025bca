"""Page 1: values such as −999 are told with their count, one click makes gaps of them, and that can be taken back."""

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lstm_core.series.roles import MissingCode
from tests.pages.test_series import checked, choose, series_of, source_of, upload, words

CODE = MissingCode(column="co2", value=-999)


@pytest.fixture
def page(app: AppTest) -> AppTest:
    rows = np.arange(60)
    cells = [f"{300 + row + 5 * np.sin(row):.2f}" for row in rows]
    cells[11] = cells[30] = cells[31] = "-999"
    lines = [
        f"2020-{1 + row // 28:02d}-{1 + row % 28:02d},{cell}" for row, cell in zip(rows, cells, strict=True)
    ]
    checked(app.run().switch_page("pages/series.py").run())
    return upload(app, "date,co2\n" + "\n".join(lines) + "\n")


def marked(page: AppTest) -> tuple[MissingCode, ...]:
    roles = source_of(page).roles
    assert roles is not None
    return roles.missing_codes


def told(page: AppTest) -> str:
    return " ".join(text.value for text in page.markdown).replace("\\", "")


def test_a_code_is_told_marked_by_one_click_and_taken_back(page, store_url):
    assert "−999 stands 3 times in 'co2', first in row 12, far below all other values" in told(page)
    assert series_of(page, store_url).values.min() == -999
    checked(page.button(key="mark_code_0").click().run())
    assert marked(page) == (CODE,)
    assert "3 values missing" in words(page)
    assert "Codes marked as missing" in told(page)
    choose(page, "gaps", "forward fill")
    series = series_of(page, store_url)
    assert series.values.min() > 290
    assert series.filled.sum() == 3
    assert "Marked as missing: −999 in 'co2' (3 times, first in row 12)" in told(page)
    checked(page.button(key="remove_missing_codes").click().run())
    assert marked(page) == ()
    assert "−999 stands 3 times" in told(page)


def test_it_can_be_taken_back_before_the_gaps_are_filled(page):
    checked(page.button(key="mark_code_0").click().run())
    checked(page.button(key="remove_missing_codes").click().run())
    assert marked(page) == ()
    assert not page.error
