"""Tunes tables with Optuna's samplers at their defaults.

Reads {"sampler", "trials", "checkpoints", "tunes": [{"seed", "noise", "outlier_probability", "rows":
[[cores, allocator, openmp, thp, kmp_blocktime, true_ms] ...]} ...]} from stdin, prints one line of JSON a
tune: the true regret of the best observed trial, in percent, after each checkpoint. The noise is the
generator's: log-normal, and 5 to 20 % slow with the outlier probability.
"""

import json
import math
import random
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.filterwarnings("ignore")


def sampler(name, seed):
    return {"tpe": optuna.samplers.TPESampler, "gp": optuna.samplers.GPSampler}[name](seed=seed)


def tune(request, spec):
    truth = {tuple(row[:5]): row[5] for row in spec["rows"]}
    most = max(row[0] for row in spec["rows"])
    noise = random.Random(spec["seed"] * 7919 + 104729)
    visited = []

    def objective(trial):
        key = (
            trial.suggest_int("cores", 1, most),
            trial.suggest_categorical("allocator", ["glibc", "tcmalloc", "jemalloc"]),
            trial.suggest_categorical("openmp", ["gomp", "iomp"]),
            trial.suggest_categorical("thp", ["never", "always"]),
            trial.suggest_categorical("kmp_blocktime", [0, 1]),
        )
        value = truth[key] * math.exp(noise.gauss(0, spec["noise"]))
        if noise.random() < spec["outlier_probability"]:
            value *= noise.uniform(1.05, 1.20)
        visited.append((value, truth[key]))
        return value

    study = optuna.create_study(sampler=sampler(request["sampler"], spec["seed"]))
    study.optimize(objective, n_trials=request["trials"])
    best = min(truth.values())
    return [100 * (min(visited[:n])[1] / best - 1) for n in request["checkpoints"]]


request = json.load(sys.stdin)
for spec in request["tunes"]:
    print(json.dumps(tune(request, spec)), flush=True)
