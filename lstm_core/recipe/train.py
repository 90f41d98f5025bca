"""From windows to a trained network, in plain Keras. The app runs these functions and exports their source."""

from lstm_core.recipe.halves import model_in_halves
from lstm_core.recipe.prepare import prepare_arrays, to_original
from lstm_core.recipe.schedule import learning_rate


def build_network(settings):
    """Put the layers of `settings` behind each other and compile them. The seed makes the first weights repeatable.

    The order is: masking, if there is any, which lets recurrent layers and attention skip every step whose columns all
    hold `mask_value`; recurrent layers, each with its normalisation and dropout behind it; attention, if there is one;
    dense layers; and the head, which is linear, because a forecast may be any number. A recurrent layer hands on its
    state at every step when another one or attention follows, else only after the last step.

    Parameters
    ----------
    settings : dict
        `columns`, `length`, `horizon`, `mask_value` (None: no step is skipped), `layers`, `attention`, `dense`,
        `optimizer`, `learning_rate`, `momentum`, `clipnorm`, `loss`, `quantile`, `batch_size`, `seed`, `jit_compile`,
        `in_halves`, `steps_per_execution`.

    Returns
    -------
    keras.Model, from (sample, length, feature) to (sample, horizon)
    """
    import keras

    keras.utils.set_random_seed(settings["seed"])
    window = said = keras.Input((settings["length"], len(settings["columns"])))
    if settings["mask_value"] is not None:
        said = keras.layers.Masking(settings["mask_value"])(said)
    with_attention = settings["attention"] != "none"
    for number, layer in enumerate(settings["layers"], start=1):
        every_step = with_attention or number < len(settings["layers"])
        said = build_recurrent(layer, every_step)(said)
        if layer["normalization"] == "layer":
            said = keras.layers.LayerNormalization()(said)
        if layer["normalization"] == "batch":
            said = keras.layers.BatchNormalization()(said)
        if layer["dropout"] > 0:
            said = keras.layers.Dropout(layer["dropout"])(said)
    if with_attention:
        said = attend(said, settings["attention"])
    for dense in settings["dense"]:
        said = keras.layers.Dense(dense["units"], activation=dense["activation"])(said)
    kind = model_in_halves(settings["batch_size"]) if settings["in_halves"] else keras.Model
    model = kind(window, keras.layers.Dense(settings["horizon"])(said))
    model.compile(
        optimizer=build_optimizer(settings),
        loss=build_loss(settings),
        # Only to save time: XLA compiles the network once, and Python is asked only every so many batches.
        jit_compile=settings["jit_compile"],
        steps_per_execution=settings["steps_per_execution"],
    )
    return model


def build_recurrent(layer, every_step):
    """Make one recurrent layer: its cell, the penalties on its weights, and a second copy that reads backwards.

    Parameters
    ----------
    layer : dict
        `cell`, `units`, `activation`, `recurrent_dropout`, `l1`, `l2`, `recurrent_l1`, `recurrent_l2`,
        `bidirectional`.
    every_step : bool
        Hand on the state at every step, or only after the last one.
    """
    import keras

    cells = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}
    recurrent = cells[layer["cell"]](
        layer["units"],
        activation=layer["activation"],
        recurrent_dropout=layer["recurrent_dropout"],
        kernel_regularizer=build_penalty(layer["l1"], layer["l2"]),
        recurrent_regularizer=build_penalty(layer["recurrent_l1"], layer["recurrent_l2"]),
        return_sequences=every_step,
    )
    return keras.layers.Bidirectional(recurrent) if layer["bidirectional"] else recurrent


def build_penalty(l1, l2):
    """What the loss grows by: `l1` times the sum of all |w| and `l2` times the sum of all w²; None without both."""
    import keras

    return keras.regularizers.L1L2(l1, l2) if l1 or l2 else None


def attend(said, kind):
    """Weigh what is said at every step by how well it fits what is said at the last one, and add it up.

    Parameters
    ----------
    said : (sample, length, width)
    kind : "dot" compares by the product of the two, "additive" by the tanh of their sum

    Returns
    -------
    (sample, width)
    """
    import keras

    kinds = {"dot": keras.layers.Attention, "additive": keras.layers.AdditiveAttention}
    last = said[:, -1:]
    return kinds[kind](use_scale=True)([last, said])[:, 0]


def build_optimizer(settings):
    """Make the rule that turns gradients into steps; `clipnorm` shortens gradients longer than it."""
    import keras

    chosen = {"learning_rate": settings["learning_rate"], "clipnorm": settings["clipnorm"]}
    if settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(momentum=settings["momentum"], **chosen)
    return {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}[settings["optimizer"]](
        **chosen
    )


def build_loss(settings):
    """Make what the optimiser makes small: a loss that Keras knows by name, or the pinball loss of a quantile.

    With the miss `y - forecast`, pinball is `quantile * miss` where the forecast is too low and `(quantile - 1) * miss`
    where it is too high (Koenker and Bassett 1978). It is smallest when the share `quantile` of the truths lies below.
    """
    if settings["loss"] != "pinball":
        return settings["loss"]
    from keras import ops

    quantile = settings["quantile"]

    def pinball(actual, predicted):
        miss = actual - predicted
        return ops.mean(ops.maximum(quantile * miss, (quantile - 1) * miss), axis=-1)

    return pinball


def build_rules(settings):
    """Make what acts at the ends of epochs: the watch over the best epoch first, then the schedule if there is one.

    The best epoch is the one with the lowest loss on the validation windows. Training stops early when that
    loss has not improved for `patience` epochs; with `patience` None it never does.

    Returns
    -------
    list of keras.callbacks.Callback
    """
    import keras

    keep_best = keras.callbacks.EarlyStopping(
        monitor="val_loss",
        patience=settings["patience"] or settings["epochs"],
        restore_best_weights=True,
    )
    if settings["schedule"] == "constant":
        return [keep_best]
    if settings["schedule"] == "plateau":
        slow_down = keras.callbacks.ReduceLROnPlateau(
            monitor="val_loss",
            factor=settings["plateau_factor"],
            patience=settings["plateau_patience"],
            min_delta=0.0,
        )
        return [keep_best, slow_down]
    return [
        keep_best,
        keras.callbacks.LearningRateScheduler(lambda epoch, _: learning_rate(epoch, settings)),
    ]


def train_network(model, prepared, settings, callbacks, epochs_done=0):
    """Fit the network to the train windows and leave it with the weights of its best epoch.

    Parameters
    ----------
    model : what `build_network` returned
    prepared : what `prepare_arrays` returned
    settings : dict
        `epochs`, `batch_size`, `seed`, `jit_compile`, `steps_per_execution`.
    callbacks : sequence of keras.callbacks.Callback
        What `build_rules` returned, and others behind them.
    epochs_done : int
        How many epochs the model has been trained before.

    Returns
    -------
    dict with one list per curve, `loss` and `val_loss`, in scaled units
    """
    with one_after_the_other(settings):
        history = model.fit(
            feed(prepared["train"], settings["batch_size"], settings["seed"], epochs_done),
            validation_data=feed(prepared["validation"], 1024),
            initial_epoch=epochs_done,
            epochs=settings["epochs"],
            callbacks=list(callbacks),
            shuffle=False,  # `feed` has done it
            verbose=0,
        )
    return history.history


def one_after_the_other(settings):
    """Let TensorFlow do the operations of a network that is not compiled one after the other, in the thread that asks.

    Its usual way hands them from thread to thread, which takes longer than the small ones among them. Several batches
    an execution need it: their loop around the loop over the steps would wait for itself.
    """
    import tensorflow as tf

    plain = not settings["jit_compile"] and settings["steps_per_execution"] == 1
    return tf.experimental.function_executor_type("SINGLE_THREADED_EXECUTOR" if plain else None)


def feed(part, batch_size, shuffle_seed=None, epochs_done=0):
    """Hand out the windows and targets of a part in batches, in a new order every epoch when there is a seed.

    `model.fit(windows, targets)` does the same, but plans its pipeline anew every epoch, which takes longer
    than an epoch of a short series.
    """
    import tensorflow as tf

    windows, targets, _ = part
    samples = tf.data.Dataset.from_tensor_slices((windows, targets))
    if shuffle_seed is not None:
        samples = samples.shuffle(len(windows), seed=shuffle_seed)
    plain = tf.data.Options()
    plain.autotune.enabled = False
    plain.experimental_optimization.apply_default_optimizations = False
    batches = samples.batch(batch_size).with_options(plain)
    for _ in range(2 * epochs_done):  # the orders of the epochs before; Keras draws two for each and uses one
        iter(batches)
    return batches


def predict_part(model, prepared, part):
    """Forecast every window of `part`: (sample, horizon) in scaled units."""
    return model.predict(prepared[part][0], batch_size=1024, verbose=0)


def run(values, settings, callbacks=()):
    """Do it all: prepare, build, train, and forecast the test windows.

    Parameters
    ----------
    values : (time, feature) float64, original units, target first
    settings : dict, see the functions above

    Returns
    -------
    model : trained keras.Model
    curves : dict of lists, see `train_network`
    forecast : (sample, horizon) float64, test windows, original units
    prepared : what `prepare_arrays` returned
    """
    prepared = prepare_arrays(values, settings)
    model = build_network(settings)
    curves = train_network(model, prepared, settings, [*build_rules(settings), *callbacks])
    _, _, origins = prepared["test"]
    forecast = to_original(predict_part(model, prepared, "test"), origins, prepared)
    return model, curves, forecast, prepared
