"""The recipe as text is the recipe that runs."""

import inspect

import pytest

from lstm_core.delivery.source import recipe_functions, recipe_module
from lstm_core.recipe import prepare, train


def test_a_module_as_text_is_the_module_that_runs():
    assert recipe_module("train") == inspect.getsource(train)


def test_functions_come_verbatim_and_in_the_order_asked_for():
    asked = recipe_functions("prepare", "scale", "fit_scaling")
    assert asked == [inspect.getsource(prepare.scale), inspect.getsource(prepare.fit_scaling)]


def test_an_unknown_function_is_no_empty_text():
    with pytest.raises(KeyError, match="nonsense"):
        recipe_functions("prepare", "nonsense")
