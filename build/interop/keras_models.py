"""Models of Keras with random weights and statistics, for check_keras_files.py."""

import os

import numpy as np


def load_keras():
    """Keras on the backend that KERAS_BACKEND names; runInterop.ts starts a process for each."""
    os.environ.setdefault("KERAS_BACKEND", "tensorflow")
    import keras

    return keras


def sequential(keras):
    """Scaling, padding, a separable and a transposed convolution, and norms behind a Flatten."""
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input((24, 20, 3)),
            layers.Rescaling(1 / 127.5, -1),
            layers.RandomFlip(),
            layers.Conv2D(8, 3, padding="same", activation="relu"),
            layers.BatchNormalization(momentum=0.9),
            layers.MaxPooling2D(),
            layers.SeparableConv2D(12, 3, depth_multiplier=2, activation="silu"),
            layers.Dropout(0.2),
            layers.Conv2DTranspose(5, 3, strides=2, padding="same"),
            layers.PReLU(shared_axes=[1, 2]),
            layers.LayerNormalization(),
            layers.Flatten(),
            layers.BatchNormalization(scale=False),
            layers.Dense(20, activation="gelu"),
            layers.Dense(10),
        ]
    )


def functional(keras):
    """Branches, gates, a nested model, uneven padding, and vectors in two orders."""
    layers = keras.layers
    image = keras.Input((32, 28, 3))
    x = layers.Conv2D(8, 3)(image)
    x = layers.ReLU(6)(layers.BatchNormalization()(x))
    gate = layers.GlobalAveragePooling2D(keepdims=True)(x)
    gate = layers.Conv2D(4, 1, activation="relu")(gate)
    gate = layers.Conv2D(8, 1, activation="hard_sigmoid")(gate)
    x = layers.Multiply()([x, gate])
    left = layers.ZeroPadding2D(((0, 1), (0, 1)))(x)
    left = layers.DepthwiseConv2D(3, strides=2, depth_multiplier=2)(left)
    right = layers.Conv2D(16, 1, strides=2, groups=2, padding="same")(x)
    x = layers.Add()([left, right])
    x = layers.Concatenate()([x, layers.AveragePooling2D(3, 1, padding="same")(x)])
    inner = keras.Sequential(
        [
            layers.Conv2D(4, (3, 1)),
            layers.BatchNormalization(),
            layers.LeakyReLU(),
            layers.GroupNormalization(2),
        ],
        name="inner",
    )
    vectors = [layers.Flatten()(inner(x)), layers.GlobalAveragePooling2D()(x)]
    x = layers.Dense(9, activation="tanh")(layers.Concatenate()(vectors))
    return keras.Model(image, layers.Dense(7)(x))


def application(name):
    def build(keras):
        made = getattr(keras.applications, name)
        return made(weights=None, classifier_activation=None, input_shape=(96, 96, 3))

    return build


def randomize(keras, model, rng):
    """Random scales, shifts and statistics, for those of a new model hide mistakes."""
    draw = {
        "gamma": lambda shape: rng.uniform(0.5, 1.5, shape),
        "beta": lambda shape: rng.normal(0, 0.2, shape),
        "bias": lambda shape: rng.normal(0, 0.1, shape),
        "alpha": lambda shape: rng.uniform(0, 0.5, shape),
        "moving_mean": lambda shape: rng.normal(0, 0.2, shape),
        "moving_variance": lambda shape: rng.uniform(0.5, 1.5, shape),
        "mean": lambda shape: rng.uniform(0.4, 0.6, shape),
        "variance": lambda shape: rng.uniform(0.04, 0.09, shape),
    }
    for weight in model.weights:
        if weight.name in draw:
            weight.assign(draw[weight.name](weight.shape).astype("float32"))
    return model
