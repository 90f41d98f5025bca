"""Faults of RELIABILITY: two tabs, two clicks, and processes that share a store."""

import multiprocessing
import os
import time

import psutil
import pytest
from sqlalchemy import text

from lstm_core.runs.sql import SqlStore
from lstm_core.training.events import EpochEnded, Status
from tests.core.runs.workers import started, until, worker_of


class TestPages:
    def test_fault_20_a_second_look_sees_the_whole_curve(self, open_queue, create, store, status):
        queue = open_queue()
        run_id = started(queue, create("obey"))
        until(lambda: len(store.read_events("ann", run_id)) > 3)
        first_tab = store.read_events("ann", run_id)
        until(lambda: len(store.read_events("ann", run_id)) > len(first_tab) + 2)
        news = store.read_events("ann", run_id, after=first_tab[-1][0])
        reloaded = SqlStore(store.url).read_events("ann", run_id)[: len(first_tab) + len(news)]
        assert reloaded == first_tab + news

    def test_fault_21_two_clicks_with_one_token_train_once(self, open_queue, spec, series, store, status):
        queue = open_queue()
        clicks = [store.create("ann", spec, series, name="train", token="one").run_id for _ in range(2)]
        for run_id in clicks:
            queue.submit("ann", run_id)
        until(lambda: status(clicks[0]) is Status.FINISHED)
        time.sleep(0.5)
        assert len(store.list_runs("ann")) == 1
        epochs = [e for _, e in store.read_events("ann", clicks[0]) if isinstance(e, EpochEnded)]
        assert [ended.epoch for ended in epochs] == [1, 2, 3]


def _use_connection(store, found):
    try:
        with store._reading() as connection:
            connection.execute(text("SELECT 1"))
        found.put("used")
    except RuntimeError as error:
        found.put(str(error))


class TestFork:
    def test_fault_35_workers_are_fresh_interpreters(self, open_queue, create, store, status):
        pytest.importorskip("joblib")  # scikit-learn's copy of loky must not take the workers over
        queue = open_queue()
        run_id = started(queue, create("tell"))
        until(lambda: status(run_id) is Status.FINISHED)
        assert psutil.Process(worker_of(queue)).cmdline()[1:3] == ["-m", "loky.backend.popen_loky_posix"]

    def test_fault_35_a_connection_is_refused_in_another_process(self, store):
        with store._engine.connect() as connection:
            connection.info["pid"] = os.getpid() + 1
            with pytest.raises(RuntimeError, match="was opened by process"):
                connection.execute(text("SELECT 1"))

    @pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
    def test_fault_35_a_forked_store_opens_a_connection_of_its_own(self, store):
        store.list_runs("ann")
        context = multiprocessing.get_context("fork")
        found = context.SimpleQueue()
        child = context.Process(target=_use_connection, args=(store, found))
        child.start()
        child.join()
        assert found.get() == "used"
