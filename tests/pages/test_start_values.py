"""What widgets are given at the start reaches the browser, also when another run overtakes the first one."""

from streamlit.testing.v1 import AppTest


def page() -> None:
    """Four widgets; the first run of the session is overtaken before it ends."""
    import streamlit as st

    from pages._shell import state

    st.number_input("Epochs", 1, 1000, key=state.widget("epochs", 100))
    st.selectbox("Run", ["a", "b"], index=None, key=state.follow("run_shown", "b"))
    st.selectbox("Column", ["x", "y"], key=state.offer("column", ["y", "x"]))
    st.multiselect("Columns", ["x", "y"], key=state.offer_many("columns", ["x", "y"], ["y"]))
    if not state.recall("overtaken", False):
        state.remember("overtaken", True)
        st.stop()
    state.drawn()


def sent(page: AppTest) -> list[bool]:
    """Whether the newest run told the browser what its widgets show."""
    widgets = [page.number_input[0], *page.selectbox, page.multiselect[0]]
    return [widget.proto.set_value for widget in widgets]


def test_the_run_that_overtakes_the_first_one_gives_the_start_values_again():
    overtaking = AppTest.from_function(page).run().run()
    assert overtaking.number_input[0].value == 100
    assert sent(overtaking) == [True] * 4


def test_what_has_been_drawn_is_left_to_the_person():
    drawn = AppTest.from_function(page).run().run()
    assert sent(drawn.run()) == [False] * 4
    drawn.number_input[0].set_value(7).run()
    assert drawn.number_input[0].value == 7
    assert sent(drawn) == [False] * 4


def test_a_person_who_was_quicker_is_not_overruled():
    overtaken = AppTest.from_function(page).run()
    overtaken.number_input[0].set_value(7).run()
    assert overtaken.number_input[0].value == 7
