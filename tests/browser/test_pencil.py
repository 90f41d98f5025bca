"""The pencil by itself in a real browser, called as Streamlit calls it."""

import pytest
from playwright.sync_api import Page

from pages._shell.understanding import pencil

_DATA = {
    "column": "y",
    "origin": 3,
    "unit": "",
    "axis": "y",
    "time_title": "",
    "labels": ["1", "2", "3"],
    "ahead_labels": ["4"],
    "n_ahead": 1,
    "values": [1.0, 2.0, 3.0],
    "edited": [1.0, 2.0, 3.0],
    "before": [4.0],
    "after": [4.0],
    "truth": [4.0],
    "first": 0,
    "low": 1.0,
    "high": 3.0,
    "nudge": 0.1,
    "filling": "line",
    "ack": 0,
    "can_undo": True,
    "can_redo": True,
    "can_reset": True,
    "colours": {},
}


@pytest.mark.parametrize("late", [False, True], ids=["left before the newer answer", "left after it"])
def test_an_answer_that_is_overtaken_takes_nothing_with_it(page: Page, late: bool):
    """Streamlit ends a call that a newer one overtook before it was drawn: before the newer one is made, or after."""
    page.set_content(f"<main>{pencil.HTML}</main>")
    told = page.evaluate(
        """async ([code, data, late]) => {
            const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
            const root = document.querySelector("main"), sent = [];
            const answer = () => module.default({
                data, parentElement: root, setTriggerValue: (_, value) => sent.push(value.map(one => one.do)),
            });
            const press = () => root.querySelector(".tools button:last-child").click();
            answer();
            press();
            const overtaken = answer();
            if (!late) overtaken();
            answer();
            if (late) overtaken();
            const before = sent.length;
            await new Promise(done => setTimeout(done, 1000));
            return {
                bars: root.querySelectorAll(".tools button[title=Reset]").length,
                repeated: sent.slice(before).every(one => one.join() === "reset") && sent.length > before,
            };
        }""",
        [pencil.JS, _DATA, late],
    )
    assert told == {"bars": 1, "repeated": True}
