"""Models of the transformers package, from a directory of this host. Nothing is fetched."""

import os

import torch
from fleetsweep_runner.fault import RunnerFault, first_line


class Encoder(torch.nn.Module):
    """The model behind the three inputs of an encoder; gives its first output alone."""

    def __init__(self, model, takes_types):
        super().__init__()
        self.model = model
        self.takes_types = takes_types

    def forward(self, input_ids, attention_mask, token_type_ids):
        if self.takes_types:
            output = self.model(input_ids, attention_mask, token_type_ids, return_dict=False)
        else:
            output = self.model(input_ids, attention_mask, return_dict=False)
        return output[0]


def load_directory(path):
    """The model in single precision, and its versions. Raises RunnerFault model-missing, model-invalid."""
    if not os.path.isfile(os.path.join(path, "config.json")):
        raise RunnerFault("model-missing", f"{path} has no config.json")
    # Read by the packages when they are imported.
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    try:
        import transformers
    except ImportError as error:
        raise RunnerFault("start-failed", f"transformers: {first_line(error)}") from error
    try:
        model = transformers.AutoModel.from_pretrained(
            path, local_files_only=True, dtype=torch.float32, trust_remote_code=False
        ).eval()
    except Exception as error:
        raise RunnerFault("model-invalid", f"{path}: {first_line(error)}") from error
    # In the cache of the hub a directory is called like the commit that it holds.
    if os.path.basename(os.path.dirname(path)) == "snapshots":
        versions = {"revision": os.path.basename(path)}
    else:
        versions = {}
    takes_types = getattr(model.config, "type_vocab_size", 0) > 1
    versions["transformers"] = transformers.__version__
    versions["architecture"] = type(model).__name__
    return Encoder(model, takes_types), versions
