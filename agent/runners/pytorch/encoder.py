"""The seeded BERT encoder as a module of PyTorch; no pooler."""

import math

import torch
from fleetsweep_runner.bert import EPSILON, MASKED_SCORE, make_weights
from torch import nn


def build_encoder(size, seed, attention):
    """
    The encoder in single precision with the seeded weights. `attention` is `explicit` for matrix
    products and a softmax, `sdpa` for PyTorch's fused scaled_dot_product_attention.
    """
    weights = make_weights(size, seed)
    with torch.no_grad():
        return Encoder(size, weights, attention).eval()


def make_linear(weights, name):
    weight = weights(f"{name}.weight")
    linear = nn.utils.skip_init(nn.Linear, weight.shape[0], weight.shape[1])
    # PyTorch keeps [output, input]; the seeded matrices are [input, output].
    linear.weight.copy_(torch.from_numpy(weight).t())
    linear.bias.copy_(torch.from_numpy(weights(f"{name}.bias")))
    return linear


def make_norm(weights, name):
    gain = weights(f"{name}.gain")
    norm = nn.LayerNorm(gain.shape[0], eps=EPSILON)
    norm.weight.copy_(torch.from_numpy(gain))
    norm.bias.copy_(torch.from_numpy(weights(f"{name}.bias")))
    return norm


def make_table(weights, name):
    return nn.Embedding.from_pretrained(torch.from_numpy(weights(name)))


class Encoder(nn.Module):
    """(input_ids, attention_mask, token_type_ids) int64 [batch, sequence] -> [batch, sequence, hidden]."""

    def __init__(self, size, weights, attention):
        super().__init__()
        layers, _, heads = size
        self.words = make_table(weights, "embeddings.word")
        self.positions = make_table(weights, "embeddings.position")
        self.types = make_table(weights, "embeddings.token_type")
        self.norm = make_norm(weights, "embeddings.norm")
        self.layers = nn.ModuleList(
            Layer(weights, f"layer.{layer}", (heads, attention)) for layer in range(layers)
        )

    def forward(self, input_ids, attention_mask, token_type_ids):
        positions = torch.arange(input_ids.shape[1])
        states = self.words(input_ids) + self.types(token_type_ids) + self.positions(positions)
        states = self.norm(states)
        mask = (1.0 - attention_mask.to(states.dtype)) * MASKED_SCORE
        mask = mask[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        return states


class Layer(nn.Module):
    def __init__(self, weights, name, kind):
        super().__init__()
        self.attention = Attention(weights, f"{name}.attention", kind)
        self.middle_norm = make_norm(weights, f"{name}.attention.norm")
        self.intermediate = make_linear(weights, f"{name}.intermediate")
        self.output = make_linear(weights, f"{name}.output")
        self.output_norm = make_norm(weights, f"{name}.output.norm")

    def forward(self, states, mask):
        middle = self.middle_norm(self.attention(states, mask) + states)
        wide = nn.functional.gelu(self.intermediate(middle))
        return self.output_norm(self.output(wide) + middle)


class Attention(nn.Module):
    def __init__(self, weights, name, kind):
        super().__init__()
        self.heads, self.kind = kind
        self.query = make_linear(weights, f"{name}.query")
        self.key = make_linear(weights, f"{name}.key")
        self.value = make_linear(weights, f"{name}.value")
        self.output = make_linear(weights, f"{name}.output")

    def forward(self, states, mask):
        batch, sequence, hidden = states.shape
        query, key, value = (
            part(states).view(batch, sequence, self.heads, hidden // self.heads).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        if self.kind == "sdpa":
            mixed = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        else:
            scores = query @ key.transpose(-1, -2) / math.sqrt(hidden // self.heads)
            mixed = torch.softmax(scores + mask, dim=-1) @ value
        return self.output(mixed.transpose(1, 2).reshape(batch, sequence, hidden))
