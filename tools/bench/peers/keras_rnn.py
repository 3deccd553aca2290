"""Keras on TensorFlow: training steps of one recurrent layer on embedded random input."""

import keras
import numpy
import tensorflow

import peer

options = peer.arguments(__doc__, "train")
tensorflow.config.threading.set_intra_op_parallelism_threads(options.threads)
# As many as the others: with one, two threads lose up to 1.75x.
tensorflow.config.threading.set_inter_op_parallelism_threads(options.threads)
layer = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "rnn": keras.layers.SimpleRNN}[options.cell]
network = keras.Sequential(
    [keras.Input((options.steps, options.input)), layer(options.hidden), keras.layers.Dense(2)])
random = numpy.random.default_rng(1)
x = tensorflow.constant(random.standard_normal((options.batch, options.steps, options.input)).astype("float32"))
labels = tensorflow.constant(random.integers(0, 2, options.batch))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
optimiser = keras.optimizers.Adam()
optimiser.build(network.trainable_variables)


@tensorflow.function
def step():
    with tensorflow.GradientTape() as tape:
        value = loss(labels, network(x, training=True))
    optimiser.apply_gradients(
        zip(tape.gradient(value, network.trainable_variables), network.trainable_variables))
    return value


peer.report(
    f"{keras.__version__}, TensorFlow {tensorflow.__version__}", options.seconds, lambda: step().numpy())
