# What a careful person would write by hand to time a model of PyTorch, as the yardstick of `bench:fidelity`:
#   taskset -c PU python plain-module.py RUNNER_FOLDER MODEL BATCH SEQUENCE THREADS
# Every line on stdin is a number of seconds to time for; the answer is a line of JSON.
import json
import os
import sys
import time

folder, name, batch, sequence, threads = sys.argv[1:6]
sys.path[:0] = [os.path.join(folder, "..", "python"), folder]
import torch
from encoder import build_encoder
from fleetsweep_runner.bert import SIZES, make_inputs

torch.set_num_threads(int(threads))
torch.set_num_interop_threads(1)
# Where the calls are in inference mode, so is what made the weights: a model made outside is 2.5 % slower.
with torch.inference_mode():
    model = build_encoder(SIZES[name], 1, "explicit")
inputs = [torch.from_numpy(array) for array in make_inputs(int(batch), int(sequence), 1).values()]
for seconds in iter(sys.stdin.readline, ""):
    durations = []
    cpu_before = time.process_time_ns()
    end = time.perf_counter() + float(seconds)
    while time.perf_counter() < end:
        before = time.perf_counter_ns()
        with torch.inference_mode():
            model(*inputs)
        durations.append(time.perf_counter_ns() - before)
    cpu = (time.process_time_ns() - cpu_before) / len(durations)
    median = sorted(durations)[len(durations) // 2]
    print(json.dumps({"medianNs": median, "cpuNsPerCall": cpu}), flush=True)
