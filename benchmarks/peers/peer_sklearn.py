"""scikit-learn: MLPRegressor.partial_fit on one batch, and predict: peer_sklearn.py PROBLEM THREADS

Solver sgd without momentum, decay or shuffling; its gradient is that of 1/2 sum (y - t)^2, mean over
the batch, like ours (the loss_ that it reports is divided by the number of outputs besides).
assume_finite, as its notes on speed say. Threads are those of NumPy's BLAS, by the environment.
"""
import warnings

import sklearn
from sklearn.neural_network import MLPRegressor

import peer


class Sklearn:
    def __init__(self, problem, _):
        sklearn.set_config(assume_finite=True)
        self.about = f"scikit-learn {sklearn.__version__}, MLPRegressor.partial_fit and predict"
        self.x = problem.x
        self.target = problem.target.ravel() if problem.widths[-1] == 1 else problem.target
        self.model = MLPRegressor(
            hidden_layer_sizes=problem.widths[1:-1], activation="relu", solver="sgd", alpha=0,
            batch_size=problem.batch, learning_rate="constant", learning_rate_init=problem.eta,
            momentum=0, nesterovs_momentum=False, shuffle=False)
        self.step()  # makes the arrays, which then get the problem's values
        for (w, b), coefs, intercepts in zip(problem.layers, self.model.coefs_,
                                             self.model.intercepts_):
            coefs[:] = w.T
            intercepts[:] = b

    def set_eta(self, eta):
        self.model._optimizer.learning_rate_init = self.model._optimizer.learning_rate = eta

    def forward(self):
        self.y = self.model.predict(self.x)

    def step(self):
        self.model.partial_fit(self.x, self.target)

    def output(self):
        return self.y


warnings.filterwarnings("ignore")
peer.serve(Sklearn)
