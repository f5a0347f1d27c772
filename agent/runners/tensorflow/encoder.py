"""The seeded BERT encoder in TensorFlow's own operations; no pooler."""

import math

import tensorflow as tf
from fleetsweep_runner.bert import EPSILON, MASKED_SCORE, make_weights


class Encoder(tf.Module):
    """(input_ids, attention_mask, token_type_ids) int64 [batch, sequence] -> [batch, sequence, hidden]."""

    def __init__(self, size, seed, dtype):
        super().__init__()
        self.layers, self.hidden, self.heads = size
        self.dtype = dtype
        self._seeded = make_weights(size, seed)
        self._variables = {}

    def weight(self, name):
        """The variable of a seeded weight in the number format of the model; made once."""
        if name not in self._variables:
            # Outside of any graph that is being traced, so that it stays a variable of the model.
            with tf.init_scope():
                value = tf.cast(tf.constant(self._seeded(name)), self.dtype)
                self._variables[name] = tf.Variable(value, trainable=False)
        return self._variables[name]

    def __call__(self, input_ids, attention_mask, token_type_ids):
        positions = tf.range(tf.shape(input_ids)[1])
        states = (
            tf.gather(self.weight("embeddings.word"), input_ids)
            + tf.gather(self.weight("embeddings.token_type"), token_type_ids)
            + tf.gather(self.weight("embeddings.position"), positions)
        )
        states = self._norm(states, "embeddings.norm")
        mask = (1.0 - tf.cast(attention_mask, self.dtype)) * MASKED_SCORE
        mask = mask[:, None, None, :]
        for layer in range(self.layers):
            states = self._layer(states, mask, f"layer.{layer}")
        return states

    def _layer(self, states, mask, name):
        context = self._attention(states, mask, f"{name}.attention")
        attended = self._linear(context, f"{name}.attention.output")
        middle = self._norm(attended + states, f"{name}.attention.norm")
        wide = tf.nn.gelu(self._linear(middle, f"{name}.intermediate"), approximate=False)
        return self._norm(self._linear(wide, f"{name}.output") + middle, f"{name}.output.norm")

    def _attention(self, states, mask, name):
        shape = tf.shape(states)
        width = self.hidden // self.heads

        def split(part):
            projected = self._linear(states, f"{name}.{part}")
            heads = tf.reshape(projected, (shape[0], shape[1], self.heads, width))
            return tf.transpose(heads, (0, 2, 1, 3))

        scores = tf.matmul(split("query"), split("key"), transpose_b=True) / math.sqrt(width)
        mixed = tf.matmul(tf.nn.softmax(scores + mask, axis=-1), split("value"))
        return tf.reshape(tf.transpose(mixed, (0, 2, 1, 3)), (shape[0], shape[1], self.hidden))

    def _linear(self, states, name):
        # One matrix product over all tokens, as Keras' dense layer does it.
        shape = tf.shape(states)
        weight = self.weight(f"{name}.weight")
        flat = tf.reshape(states, (-1, weight.shape[0]))
        product = tf.nn.bias_add(tf.matmul(flat, weight), self.weight(f"{name}.bias"))
        return tf.reshape(product, (shape[0], shape[1], weight.shape[1]))

    def _norm(self, states, name):
        mean, variance = tf.nn.moments(states, axes=[-1], keepdims=True)
        gain, bias = self.weight(f"{name}.gain"), self.weight(f"{name}.bias")
        return tf.nn.batch_normalization(states, mean, variance, bias, gain, EPSILON)
