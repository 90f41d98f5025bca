"""A trained network as a function: windows in, forecasts or gradients out, all scaled."""

from dataclasses import dataclass

from lstm_core.arrays import HorizonValues, WindowInputs
from lstm_core.network.forward import READERS, forward
from lstm_core.network.gradient import input_gradient
from lstm_core.network.spec import NetworkSpec
from lstm_core.network.weights import Weights


@dataclass(frozen=True, slots=True, eq=False)
class TrainedNetwork:
    """A network with what it has learned."""

    spec: NetworkSpec
    weights: Weights

    def __call__(self, inputs: WindowInputs) -> HorizonValues:
        """Forecast every window, on several processors; see `forward`."""
        return forward(self.spec, self.weights, inputs, n_readers=READERS)

    def gradient(self, inputs: WindowInputs, step: int | None) -> WindowInputs:
        """Gradient of every window's forecast with respect to its inputs; see `input_gradient`."""
        return input_gradient(self.spec, self.weights, inputs, step=step, n_readers=READERS)

    @property
    def can_resume(self) -> bool:
        """Whether a step knows nothing of later ones: no layer reads backwards, and no attention sees all steps."""
        return self.weights.attention is None and not any(layer.backward for layer in self.weights.layers)
