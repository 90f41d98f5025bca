"""What puts the figure of now into a chart that grows, by itself in a real browser."""

import pytest
from playwright.sync_api import Page

from pages._shell import live_chart

SOURCE = (live_chart._ASSETS / "live_chart.js").read_text(encoding="utf-8")


@pytest.mark.parametrize(("mark", "n_drawn"), [("live", 1), (None, 0)], ids=["its own", "that of the end"])
def test_only_a_chart_that_grows_is_drawn_into(page: Page, mark: str | None, n_drawn: int):
    """The chart of a training that is over may be there before the one that grew has gone."""
    page.clock.install()
    page.set_content(
        "<main class='st-key-loss'><div data-testid='stPlotlyChart' aria-label='as it ended'>"
        "<div class='js-plotly-plot'></div></div></main>"
    )
    page.evaluate(
        """async ([code, mark]) => {
            const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
            const chart = document.querySelector(".js-plotly-plot");
            window.drawn = [];
            Object.assign(chart, {
                _fullLayout: {},
                layout: {meta: mark, height: 7},
                emit: () => {
                    window.drawn.push([chart.data, chart.layout.height, chart.layout.meta]);
                    chart._fullLayout = {};  // as Plotly does when it has drawn
                },
            });
            const figure = JSON.stringify({data: ["now"], layout: {}});
            module.default({data: {key: "loss", figure, alt: "so far", mark: "live"}});
        }""",
        [SOURCE, mark],
    )
    page.clock.run_for(1_000)
    assert page.evaluate("window.drawn") == [[["now"], 7, "live"]] * n_drawn
    words = page.locator("[data-testid=stPlotlyChart]").get_attribute("aria-label")
    assert words == ("so far" if n_drawn else "as it ended")
