"""The pencil by itself in a real browser, called as Streamlit calls it."""

from typing import Any

import pytest
from playwright.sync_api import Page

from pages._shell.understanding import pencil

_DATA = {
    "run": "one",
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
    "reads_levels": True,
    "low": 1.0,
    "high": 3.0,
    "nudge": 0.1,
    "filling": "line",
    "ack": 0,
    "ack_of": "",
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


_STAGE = """async ([code, data, play]) => {
    const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
    const main = document.querySelector("main"), sent = [];
    const stage = {
        main,
        sent,
        get svg() { return main.querySelector("svg.plot"); },
        told: () => sent.at(-1),
        answer: (facts = {}, root = main) => module.default({
            data: {...data, ...facts}, parentElement: root, setTriggerValue: (_, value) => sent.push([...value]),
        }),
        accept: (facts = {}) => {
            const {seq, from} = stage.told().at(-1);
            stage.answer({ack: seq, ack_of: from, ...facts});
        },
        press: name => main.querySelector(`.tools button[title^=${name}]`).click(),
        key: name => stage.svg.dispatchEvent(new KeyboardEvent("keydown", {key: name})),
        point: (kind, up, pointerId = 1) => {
            const box = stage.svg.getBoundingClientRect();
            const place = {clientX: box.left + 0.5 * box.width, clientY: box.top + (1 - up) * box.height};
            stage.svg.dispatchEvent(new PointerEvent(kind, {pointerId, isPrimary: pointerId === 1, ...place}));
        },
    };
    stage.answer();
    stage.svg.setPointerCapture = () => {};  // nothing can capture a pointer that is not there
    return await (new Function("stage", `return (async () => { ${play} })()`))(stage);
}"""


def play(page: Page, steps: str) -> Any:
    """Put a pencil on an empty page and do something with it; returns what the steps return."""
    page.set_content(f"<main>{pencil.HTML}</main>")
    return page.evaluate(_STAGE, [pencil.JS, _DATA, steps])


def test_a_second_finger_does_not_end_the_stroke_of_the_first(page: Page):
    told = play(
        page,
        """stage.point("pointerdown", 0.5);
        stage.point("pointerdown", 0.2, 2);
        stage.point("pointermove", 0.9, 2);
        stage.point("pointerup", 0.9, 2);
        const before = stage.told().at(-1);
        stage.point("pointermove", 0.7);
        stage.point("pointerup", 0.7);
        const end = stage.told();
        return {before: before.live, n: end.length, end: end[0].live, moved: end[0].change.values[0][1] > 2};""",
    )
    assert told == {"before": True, "n": 1, "end": False, "moved": True}


@pytest.mark.parametrize(
    "lost",
    [
        'stage.point("lostpointercapture", 0.7)',
        "stage.answer({origin: 9})",
        'stage.answer({column: "x"})',
    ],
)
def test_a_stroke_that_loses_its_pointer_or_its_window_is_ended(page: Page, lost: str):
    """Else the page would wait for the rest of it, and show no gates until then."""
    told = play(
        page,
        f"""stage.point("pointerdown", 0.5);
        stage.point("pointermove", 0.7);
        {lost};
        const end = stage.told(), n = stage.sent.length;
        stage.point("pointermove", 0.9);
        return {{n: end.length, live: end[0].live, column: end[0].change.column, more: stage.sent.length - n}};""",
    )
    assert told == {"n": 1, "live": False, "column": "y", "more": 0}


def test_a_stroke_that_is_cancelled_names_itself(page: Page):
    """The page may have refused it: then there is nothing of it to take back."""
    told = play(
        page,
        """stage.point("pointerdown", 0.5);
        const stroke = stage.told()[0].stroke;
        stage.accept();
        stage.key("Escape");
        return stage.told().map(one => [one.do, one.stroke === stroke]);""",
    )
    assert told == [["cancel", True]]


def test_after_undo_the_keyboard_begins_at_the_value_that_is_shown(page: Page):
    told = play(
        page,
        """stage.key("ArrowUp");
        stage.accept({edited: [1, 2, 3.1]});
        stage.press("Undo");
        stage.accept();
        stage.key("ArrowUp");
        return stage.told()[0].change.values;""",
    )
    assert told == [[1, pytest.approx(3.1)]]


def test_a_pencil_that_is_made_anew_takes_over_what_was_not_answered(page: Page):
    told = play(
        page,
        """stage.press("Reset");
        const first = stage.told()[0];
        const other = stage.main.cloneNode(true);
        other.querySelector(".tools").replaceChildren();
        stage.main.after(other);
        stage.answer({}, other);
        await new Promise(done => setTimeout(done, 600));
        const [again] = stage.told();
        const n = stage.sent.length;
        stage.answer({ack: again.seq, ack_of: again.from}, other);
        await new Promise(done => setTimeout(done, 600));
        return {do: again.do, signed: again.from !== first.from, more: stage.sent.length - n};""",
    )
    assert told == {"do": "reset", "signed": True, "more": 0}


def test_numbers_of_another_pencil_answer_nothing(page: Page):
    told = play(
        page,
        """stage.answer({ack: 7, ack_of: "another"});
        stage.press("Reset");
        const n = stage.sent.length;
        stage.answer({ack: 7, ack_of: "another"});
        await new Promise(done => setTimeout(done, 200));
        return {repeated: stage.sent.length > n, seq: stage.told()[0].seq};""",
    )
    assert told == {"repeated": True, "seq": 1}


def test_an_unanswered_command_is_sent_less_and_less_often(page: Page):
    """A page that needs longer than the pencil waits would be interrupted before it ever answers."""
    page.clock.install()
    page.set_content(f"<main>{pencil.HTML}</main>")
    page.evaluate(
        """async ([code, data]) => {
            const module = await import(URL.createObjectURL(new Blob([code], {type: "text/javascript"})));
            const root = document.querySelector("main");
            window.sent = 0;
            module.default({data, parentElement: root, setTriggerValue: () => { window.sent += 1; }});
            root.querySelector(".tools button[title=Reset]").click();
        }""",
        [pencil.JS, _DATA],
    )
    page.clock.run_for(10_000)
    assert page.evaluate("window.sent") == 5


def test_where_differences_are_read_no_level_is_outside_the_training_range(page: Page):
    """The train rows of `_DATA` reach from 1 to 3: 9 is a level that only levels can be judged by."""
    words = """const seen = {};
        for (const reads_levels of [true, false]) {
            stage.answer({edited: [1, 2, 9], reads_levels, ack: 1});
            const shown = stage.main.textContent;
            seen[reads_levels] = [shown.includes("outside the training range"),
                stage.main.querySelector(".legend").textContent.includes("training range"),
                !!stage.svg.querySelector(".range"),
                [...stage.svg.querySelectorAll("text")].some(one => one.textContent === "!")];
        }
        return seen;"""
    assert play(page, words) == {"true": [True] * 4, "false": [False] * 4}
