"""The shapes in the signatures are held at run time, or every other test trusts a comment."""

import numpy as np
import pytest
from jaxtyping import TypeCheckError

from lstm_core.preparation.scaling import ScalingSpec, fit_scaler


def test_a_wrong_shape_is_refused_under_pytest():
    with pytest.raises(TypeCheckError):
        fit_scaler(np.zeros(5), ScalingSpec(), ("level",))


def test_a_right_shape_passes():
    assert fit_scaler(np.zeros((5, 1)), ScalingSpec(), ("level",)).centre.shape == (1,)
