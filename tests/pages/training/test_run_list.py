"""Training page: the list of runs."""

from tests.pages.training.page import on_page, text_of


class TestTheList:
    def test_every_run_tells_its_state_and_scores(self, app, running, finished_run):
        on_page(app)
        facts = [caption.value for caption in app.caption]
        assert any("best epoch 2 · test MAE" in line and "(sunspots)" in line for line in facts)
        assert any("24 → 1 steps · 50 units" in line for line in facts)
        assert any("running" in line.value for line in app.markdown)

    def test_open_selects_the_run(self, app, running, finished_run):
        on_page(app)
        app.button(key=f"open_{finished_run.run_id}").click().run()
        assert not app.exception
        assert app.session_state["_journey"].selected_run == finished_run.run_id
        assert app.button(key="next")

    def test_rename(self, app, finished_run, store):
        on_page(app)
        app.text_input(key=f"name_{finished_run.run_id}").set_value("my first").run()
        assert not app.exception
        assert store.get("local", finished_run.run_id).name == "my first"
        assert "my first" in text_of(app)

    def test_b136_rename_to_a_taken_name_is_refused_in_words(self, app, finished_run, make, store):
        other = make(name="taken")
        on_page(app)
        app.text_input(key=f"name_{finished_run.run_id}").set_value(other.name).run()
        assert not app.exception
        assert any("has this name" in box.value for box in app.error)
        assert store.get("local", finished_run.run_id).name == finished_run.name
        assert app.text_input(key=f"name_{finished_run.run_id}").value == finished_run.name

    def test_delete_can_be_undone(self, app, finished_run, store):
        on_page(app, finished_run)
        app.button(key=f"delete_{finished_run.run_id}").click().run()
        assert not app.exception
        assert store.list_runs("local") == []
        assert app.session_state["_journey"].selected_run is None
        app.button(key="undo_delete").click().run()
        assert not app.exception
        assert [run.run_id for run in store.list_runs("local")] == [finished_run.run_id]
        assert "undo_delete" not in [button.key for button in app.button]

    def test_names_with_markup_stay_text(self, app, make):
        make(name="[link](http://evil) <img> $x$ :material/home:")
        on_page(app)
        assert any(r"\[link\]\(http" in line.value and r"\$x\$" in line.value for line in app.markdown)

    def test_a_run_deleted_in_another_tab_leaves_the_page_standing(self, app, finished_run, store):
        on_page(app, finished_run)
        store.delete("local", finished_run.run_id)
        app.run()
        assert not app.exception
        assert any("does not exist" in box.value for box in app.warning)

    def test_only_the_newest_runs_are_shown_until_asked(self, app, make):
        made = [make(name=f"run {number}") for number in range(10)]
        on_page(app)
        assert "open_" + made[0].run_id not in [button.key for button in app.button]
        app.toggle(key="all_runs").set_value(True).run()
        assert app.button(key=f"open_{made[0].run_id}")
