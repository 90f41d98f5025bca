"""A batch in two halves that are worked on at the same time."""


def model_in_halves(batch_size):
    """Make a kind of keras.Model that finds the gradients of both halves of a batch side by side, on two threads.

    The loss of a batch is the mean over its windows, so its gradient is the mean of the gradients of two halves of
    the same size. The optimiser takes one step with it, as it does with the gradient of a whole batch; the numbers
    differ only by how sums are rounded. A smaller batch, the last one of an epoch, stays whole.

    This does not hold for layers that look at the whole batch (batch normalisation), and random numbers (dropout)
    would be drawn in another order: such networks are trained with whole batches.

    Parameters
    ----------
    batch_size : even number of windows

    Returns
    -------
    subclass of keras.Model; compile it with `jit_compile=True`
    """
    import keras
    import tensorflow as tf

    class ModelInHalves(keras.Model):
        def make_train_function(self, force=False):
            # XLA works through one program on one thread: each half is a program, the step around them is none.
            self.jit_compile = False
            super().make_train_function(force)
            self.jit_compile = True

        def train_step(self, data):
            windows, targets = data
            trained = [weight.value for weight in self.trainable_variables]

            @tf.function(jit_compile=True)
            def gradient(windows, targets):
                with tf.GradientTape() as tape:
                    said = self(windows, training=True)
                    loss = self.compute_loss(windows, targets, said, training=True)
                return loss, tape.gradient(loss, trained)  # pyright: ignore[reportCallIssue, reportArgumentType]

            def of_both_halves():
                half = batch_size // 2
                first = gradient(windows[:half], targets[:half])
                second = gradient(windows[half:], targets[half:])
                return tf.nest.map_structure(mean_of_two, first, second)

            n_windows = tf.shape(windows)[0]
            loss, gradients = tf.cond(
                tf.equal(n_windows, batch_size), of_both_halves, lambda: gradient(windows, targets)
            )
            self.optimizer.apply(gradients, self.trainable_variables)
            self.metrics[0].update_state(loss, sample_weight=n_windows)  # the mean loss of the epoch
            return self.get_metrics_result()

    return ModelInHalves


def mean_of_two(one, other):
    """What has no part in the loss has no gradient: None."""
    return None if one is None else (one + other) / 2
