"""From windows to a trained network, in plain Keras. The app runs these functions and exports their source."""

from lstm_core.recipe.prepare import prepare_arrays, unscale


def build_network(settings):
    """Stack the layers of `settings` and compile them. The seed makes the first weights repeatable.

    An LSTM layer hands on its state at every step when another LSTM follows, else only after the last step.

    Parameters
    ----------
    settings : dict
        `columns`, `length`, `horizon`, `layers`, `optimizer`, `learning_rate`, `momentum`, `clipnorm`, `loss`,
        `seed`, `jit_compile`, `steps_per_execution`.

    Returns
    -------
    keras.Sequential, from (sample, length, feature) to (sample, horizon)
    """
    import keras

    keras.utils.set_random_seed(settings["seed"])
    model = keras.Sequential([keras.Input((settings["length"], len(settings["columns"])))])
    for number, layer in enumerate(settings["layers"], start=1):
        model.add(
            keras.layers.LSTM(
                layer["units"],
                activation=layer["activation"],
                recurrent_dropout=layer["recurrent_dropout"],
                return_sequences=number < len(settings["layers"]),
            )
        )
        if layer["dropout"] > 0:
            model.add(keras.layers.Dropout(layer["dropout"]))
    model.add(keras.layers.Dense(settings["horizon"]))
    model.compile(
        optimizer=build_optimizer(settings),
        loss=settings["loss"],
        # Both only save time: XLA compiles the network once, and Python is asked only every so many batches.
        jit_compile=settings["jit_compile"],
        steps_per_execution=settings["steps_per_execution"],
    )
    return model


def build_optimizer(settings):
    """Make the rule that turns gradients into steps; `clipnorm` shortens gradients longer than it."""
    import keras

    chosen = {"learning_rate": settings["learning_rate"], "clipnorm": settings["clipnorm"]}
    if settings["optimizer"] == "sgd":
        return keras.optimizers.SGD(momentum=settings["momentum"], **chosen)
    return {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}[settings["optimizer"]](
        **chosen
    )


def train_network(model, prepared, settings, callbacks=()):
    """Fit the network to the train windows and leave it with the weights of its best epoch.

    The best epoch is the one with the lowest loss on the validation windows. Training stops early when that
    loss has not improved for `patience` epochs; with `patience` None it never does.

    Parameters
    ----------
    model : what `build_network` returned
    prepared : what `prepare_arrays` returned
    settings : dict
        `epochs`, `batch_size`, `patience`.
    callbacks : sequence of keras.callbacks.Callback

    Returns
    -------
    dict with one list per curve, `loss` and `val_loss`, in scaled units
    """
    import keras

    keep_best = keras.callbacks.EarlyStopping(
        monitor="val_loss", patience=settings["patience"] or settings["epochs"], restore_best_weights=True
    )
    history = model.fit(
        feed(prepared["train"], settings["batch_size"], shuffle_seed=settings["seed"]),
        validation_data=feed(prepared["validation"], 1024),
        epochs=settings["epochs"],
        callbacks=[keep_best, *callbacks],
        shuffle=False,  # `feed` has done it
        verbose=0,
    )
    return history.history


def feed(part, batch_size, shuffle_seed=None):
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
    return samples.batch(batch_size).with_options(plain)


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
    model : trained keras.Sequential
    curves : dict of lists, see `train_network`
    forecast : (sample, horizon) float64, test windows, original units
    prepared : what `prepare_arrays` returned
    """
    prepared = prepare_arrays(values, settings)
    model = build_network(settings)
    curves = train_network(model, prepared, settings, callbacks)
    scaled = predict_part(model, prepared, "test")
    forecast = unscale(scaled, prepared["centre"][0], prepared["spread"][0])
    return model, curves, forecast, prepared
