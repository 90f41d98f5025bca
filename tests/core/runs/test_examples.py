"""Example forecasts in a store: the first and the newest are kept, and lists of runs do without."""

from lstm_core.training.events import EpochEnded, ExampleForecast


def example(epoch):
    return ExampleForecast(epoch=epoch, values=(1.0, float(epoch)))


def test_only_the_first_and_the_newest_example_are_worth_keeping(store, spec, series):
    run = store.create("ann", spec, series, name="x", token="x")
    for number in range(1, 6):
        store.append(
            run.run_id,
            EpochEnded(epoch=number, loss=1.0, val_loss=1.0, seconds=0.0),
            example(number),
        )
    events = [event for _, event in store.read_events("ann", run.run_id)]
    assert [event.epoch for event in events if isinstance(event, ExampleForecast)] == [1, 5]
    state = store.get("ann", run.run_id).state
    assert (state.first_example, state.example) == (example(1), example(5))
    assert len(state.epochs) == 5
    assert store.list_runs("ann")[0].state.example is None
