"""PyTorch: peer_torch.py autograd|inplace PROBLEM THREADS

autograd: torch.nn, torch.optim.SGD, gradients set to None before each backward pass, forward in
inference_mode, as its tuning guide says.
inplace: the same formulas by hand with the out= and in-place forms, nothing allocated, no graph, for
one sample matrix-vector products; the value of the loss is not computed.
"""
import sys

import torch

import peer


class Autograd:
    def __init__(self, problem, threads):
        torch.set_num_threads(threads)
        self.about = f"PyTorch {torch.__version__}, torch.nn, autograd and torch.optim.SGD"
        self.x, self.target = torch.from_numpy(problem.x), torch.from_numpy(problem.target)
        self.scale = 0.5 / problem.batch
        modules = []
        for w, b in problem.layers:
            linear = torch.nn.Linear(w.shape[1], w.shape[0])
            with torch.no_grad():
                linear.weight.copy_(torch.from_numpy(w))
                linear.bias.copy_(torch.from_numpy(b))
            modules += [linear, torch.nn.ReLU(inplace=True)]
        self.model = torch.nn.Sequential(*modules[:-1])
        self.loss = torch.nn.MSELoss(reduction="sum")
        self.set_eta(problem.eta)

    def set_eta(self, eta):
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=eta)

    def forward(self):
        with torch.inference_mode():
            self.y = self.model(self.x)

    def step(self):
        self.optimizer.zero_grad(set_to_none=True)
        loss = self.scale * self.loss(self.model(self.x), self.target)
        loss.backward()
        self.optimizer.step()

    def output(self):
        return self.y.numpy()


class Layer:
    def __init__(self, w, b, batch, hidden):
        self.w, self.b, self.hidden = torch.from_numpy(w), torch.from_numpy(b), hidden
        self.x, self.ds = torch.empty(batch, w.shape[0]), torch.empty(batch, w.shape[0])
        self.db = torch.empty(w.shape[0])
        self.wt, self.dst = self.w.t(), self.ds.t()
        self.products = Vectors if batch == 1 else Matrices


class Matrices:
    forward = staticmethod(lambda layer, x: torch.addmm(layer.b, x, layer.wt, out=layer.x))
    backward = staticmethod(lambda layer, dx: torch.mm(layer.ds, layer.w, out=dx))
    update = staticmethod(lambda layer, x, eta: layer.w.addmm_(layer.dst, x, alpha=-eta))


class Vectors:
    """The same for one sample."""
    forward = staticmethod(lambda layer, x: torch.addmv(layer.b, layer.w, x[0], out=layer.x[0]))
    backward = staticmethod(lambda layer, dx: torch.mv(layer.wt, layer.ds[0], out=dx[0]))
    update = staticmethod(lambda layer, x, eta: layer.w.addr_(layer.ds[0], x[0], alpha=-eta))


class Inplace:
    def __init__(self, problem, threads):
        torch.set_num_threads(threads)
        torch.set_grad_enabled(False)
        self.about = f"PyTorch {torch.__version__}, by hand: addmm(out=), addmm_, no autograd"
        self.x, self.target = torch.from_numpy(problem.x), torch.from_numpy(problem.target)
        last = len(problem.layers) - 1
        self.layers = [Layer(w, b, problem.batch, l < last)
                       for l, (w, b) in enumerate(problem.layers)]
        self.batch, self.eta = problem.batch, problem.eta

    def set_eta(self, eta):
        self.eta = eta

    def forward(self):
        x = self.x
        for layer in self.layers:
            layer.products.forward(layer, x)
            if layer.hidden:
                layer.x.relu_()
            x = layer.x

    def step(self):
        self.forward()
        layers, eta = self.layers, self.eta
        torch.sub(layers[-1].x, self.target, out=layers[-1].ds)
        layers[-1].ds.mul_(1 / self.batch)
        for l in range(len(layers) - 1, -1, -1):
            layer = layers[l]
            if l > 0:
                below = layers[l - 1]
                layer.products.backward(layer, below.ds)
                torch.ops.aten.threshold_backward.grad_input(below.ds, below.x, 0,
                                                             grad_input=below.ds)
            layer.products.update(layer, layers[l - 1].x if l > 0 else self.x, eta)
            torch.sum(layer.ds, 0, out=layer.db)
            layer.b.add_(layer.db, alpha=-eta)

    def output(self):
        return self.layers[-1].x.numpy()


peer.serve({"autograd": Autograd, "inplace": Inplace}[sys.argv.pop(1)])
