"""Runs in the environment with the statistics: tables as JSON, ``[[k1, n1, k2, n2], …]`` → what scipy and statsmodels
say of each, and of all p together."""

import json
import sys

from scipy.stats import fisher_exact
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

tables = json.load(sys.stdin)
p = [fisher_exact([[k1, n1 - k1], [k2, n2 - k2]])[1] for k1, n1, k2, n2 in tables]
json.dump(
    {
        "wilson": [[*map(float, proportion_confint(k, n, method="wilson"))] for k, n, _, _ in tables],
        "newcombe": [
            [*map(float, confint_proportions_2indep(*own, compare="diff", method="newcomb"))] for own in tables
        ],
        "fisher": p,
        "holm": [*multipletests(p, method="holm")[1]],
    },
    sys.stdout,
)
