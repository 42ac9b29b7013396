from typing import Any

import pytest

from viewer.domain.errors import ViewerError
from viewer.session.preferences import Preferences
from viewer.settings import Settings


@pytest.fixture
def preferences() -> Preferences:
    return Preferences(Settings(batch_size=4))


def test_that_a_change_reaches_what_follows_it_and_nothing_else(preferences: Preferences) -> None:
    told: list[Any] = []
    preferences.follow("theme", lambda name: told.append(("theme", name)))
    preferences.follow("batch_size", lambda size: told.append(("batch_size", size)))
    preferences.watch(lambda settings: told.append(settings.theme))
    preferences.change("theme", "light")
    assert told == [("theme", "light"), "light"]
    assert preferences.settings == Settings(batch_size=4, theme="light")


def test_that_the_same_value_again_is_no_change(preferences: Preferences) -> None:
    told: list[Any] = []
    preferences.follow("theme", told.append)
    preferences.watch(told.append)
    preferences.change("theme", "dark")
    assert told == []


def test_that_nonsense_is_refused_and_changes_nothing(preferences: Preferences) -> None:
    with pytest.raises(ViewerError, match="font_scale should be at most 200, not 900"):
        preferences.change("font_scale", 900)
    assert preferences.settings == Settings(batch_size=4)


def test_that_what_is_followed_takes_effect_at_once(preferences: Preferences) -> None:
    preferences.follow("theme", lambda name: None)
    assert preferences.at_once("theme")
    assert not preferences.at_once("batch_size")


def test_that_only_settings_can_be_followed(preferences: Preferences) -> None:
    with pytest.raises(ValueError, match="there is no setting called them"):
        preferences.follow("them", lambda name: None)


def test_that_all_settings_may_be_exchanged(preferences: Preferences) -> None:
    told: list[Any] = []
    preferences.follow("batch_size", told.append)
    preferences.become(Settings())
    assert told == [8]
