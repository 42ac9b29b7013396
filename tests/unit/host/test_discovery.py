import sys
from importlib.metadata import EntryPoint

import pytest

from viewer.domain.command import Command
from viewer.domain.evidence import Need
from viewer.host import calls
from viewer.host.discovery import PluginHost
from viewer.settings import Settings
from viewer.testing import builders, fakes
from viewer.testing.fakes import entry_point, plugin_module


@pytest.fixture
def host():
    """Make hosts that are closed in the end."""
    hosts: list[PluginHost] = []

    def make(*points, settings=None):
        hosts.append(PluginHost(settings or Settings(plugin_budget_s=20), points))
        return hosts[-1]

    yield make
    for made in hosts:
        made.close()


def scorer_plugin(name, *scorers):
    return entry_point(name, plugin_module(scorers=[fakes.FakeScorer(scorer) for scorer in scorers]))


def record_of(host, name):
    (record,) = (record for record in host.records() if record.name == name)
    return record


def names(offers):
    return [(offer.plugin, offer.thing.name) for offer in offers]


def test_that_listing_imports_nothing(host):
    point = EntryPoint(name="trap", value="viewer_trap_that_does_not_exist", group="viewer.plugins")
    made = host(point)
    assert record_of(made, "trap").state == "listed"
    assert "viewer_trap_that_does_not_exist" not in sys.modules
    assert made.scorers == ()


def test_that_the_shipped_plugins_are_installed_and_sound():
    host = PluginHost(Settings())
    listed = {record.name: record for record in host.records()}
    assert {"attention-maps", "confidence-scores", "second-opinion"} <= listed.keys()
    assert listed["confidence-scores"].distribution == "viewer-confidence-scores"
    assert listed["confidence-scores"].version
    host.load()
    loaded = {record.name: record for record in host.records()}
    for name in ("attention-maps", "confidence-scores", "second-opinion"):
        assert (loaded[name].state, loaded[name].last_error) == ("loaded", "")
    host.close()


def test_that_loading_collects_what_every_plugin_offers_in_a_fixed_order(host):
    made = host(scorer_plugin("zeta", "z"), scorer_plugin("alpha", "b", "a"))
    made.load()
    assert names(made.scorers) == [("alpha", "b"), ("alpha", "a"), ("zeta", "z")]
    record = record_of(made, "alpha")
    assert record.state == "loaded"
    assert record.offers == ("scorer b", "scorer a")
    assert record.load_ms > 0


def test_that_every_hook_is_asked(host):
    module = plugin_module(explainers=[fakes.FakeExplainer("why")], opinions=[fakes.FakeOpinion("second")])
    made = host(entry_point("both", module))
    made.load()
    assert names(made.explainers) == [("both", "why")]
    assert names(made.opinions) == [("both", "second")]


def test_that_a_plugin_may_offer_commands_but_none_of_the_viewers_names(host):
    def command(name):
        return Command(name=name, summary="does it", add_arguments=lambda parser: None, run=lambda args: 0)

    module = plugin_module(commands=[command("train"), command("count-sheep"), command("count-sheep"), object()])
    made = host(entry_point("shepherd", module))
    made.load()
    assert names(made.commands) == [("shepherd", "count-sheep")]
    record = record_of(made, "shepherd")
    assert record.offers == ("command count-sheep",)
    assert record.last_error == (
        "the viewer has a command train of its own; the command count-sheep is already offered; object is no command"
    )


def test_that_a_plugin_loads_once(host):
    made = host(scorer_plugin("one", "a"))
    made.load()
    before = made.scorers[0].thing
    made.load()
    assert made.scorers[0].thing is before


def test_that_a_disabled_plugin_is_not_imported(host):
    point = EntryPoint(name="trap", value="viewer_trap_that_does_not_exist", group="viewer.plugins")
    made = host(point, settings=Settings().with_plugin("trap", enabled=False))
    made.load()
    record = record_of(made, "trap")
    assert (record.state, record.enabled, record.last_error) == ("disabled", False, "")


@pytest.mark.parametrize(
    ("api", "sentence"),
    [
        (2, "it was written for plugin interface 2, this viewer offers 1"),
        (None, "it was written for no plugin interface (VIEWER_API), this viewer offers 1"),
    ],
)
def test_that_another_interface_is_refused_visibly(host, api, sentence):
    made = host(entry_point("old", plugin_module(scorers=[fakes.FakeScorer()], api=api)))
    made.load()
    record = record_of(made, "old")
    assert (record.state, record.last_error) == ("refused", sentence)
    assert made.scorers == ()


def test_that_a_plugin_that_cannot_be_imported_costs_only_itself(host):
    point = EntryPoint(name="broken", value="viewer_trap_that_does_not_exist", group="viewer.plugins")
    made = host(point, scorer_plugin("sound", "a"))
    made.load()
    assert record_of(made, "broken").state == "failed"
    assert "ModuleNotFoundError" in record_of(made, "broken").last_error
    assert names(made.scorers) == [("sound", "a")]


def test_that_a_hook_that_ends_the_program_costs_only_its_plugin(host):
    def quits():
        raise SystemExit
        yield

    made = host(entry_point("quits", plugin_module(scorers=quits())), scorer_plugin("sound", "a"))
    made.load()
    assert record_of(made, "quits").state == "failed"
    assert names(made.scorers) == [("sound", "a")]


def test_that_a_plugin_that_hangs_while_loading_is_given_up(host):
    hanging = fakes.Hangs()

    def hangs():
        hanging(builders.evidence(1))
        yield fakes.FakeScorer("late")

    point = entry_point("slow", plugin_module(scorers=hangs()))
    made = host(point, scorer_plugin("sound", "a"), settings=Settings(plugin_budget_s=0.2))
    made.load()
    hanging.release()
    assert record_of(made, "slow").state == "failed"
    assert "took longer than 0.6 s" in record_of(made, "slow").last_error
    assert names(made.scorers) == [("sound", "a")]


def test_that_an_unknown_hook_is_an_error(host):
    module = plugin_module(scorers=[fakes.FakeScorer()])
    module.viewer_scorrers = fakes.hookimpl(lambda options: [])
    made = host(entry_point("typo", module))
    made.load()
    record = record_of(made, "typo")
    assert record.state == "failed"
    assert "viewer_scorrers" in record.last_error


def test_that_a_name_offered_twice_goes_to_the_first(host):
    made = host(scorer_plugin("alpha", "same"), scorer_plugin("beta", "same", "other"))
    made.load()
    assert names(made.scorers) == [("alpha", "same"), ("beta", "other")]
    assert record_of(made, "beta").last_error == "the scorer same is already offered"


def test_that_a_scorer_and_an_opinion_may_not_share_the_name_of_their_state(host):
    module = plugin_module(scorers=[fakes.FakeScorer("same")], opinions=[fakes.FakeOpinion("same")])
    made = host(entry_point("both", module))
    made.load()
    assert made.opinions == ()
    assert record_of(made, "both").last_error == "the opinion same is already offered"


def test_that_two_distributions_cannot_share_a_plugin_name(host):
    made = host(scorer_plugin("same", "a"), scorer_plugin("same", "b"))
    made.load()
    assert [record.state for record in made.records()] == ["loaded", "refused"]


def test_that_a_name_that_is_no_folder_name_is_refused(host):
    made = host(scorer_plugin("../escape", "a"))
    made.load()
    assert made.records()[0].state == "refused"


class Nameless(fakes.FakeScorer):
    def __init__(self, **changes):
        super().__init__()
        for key, value in changes.items():
            setattr(self, key, value)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"name": "Bad Name"}, "a name of a scorer is like my_scorer, not 'Bad Name'"),
        ({"name": 3}, "a name of a scorer is like my_scorer, not 3"),
        ({"title": ""}, "needs words in its title"),
        ({"version": 1}, "needs a version"),
        ({"about": "correctness"}, "must be about correctness or suitability"),
        ({"needs": ["logits"]}, "must state its needs as a frozenset of Need"),
    ],
)
def test_that_a_malformed_scorer_is_left_out_and_the_others_stay(host, changes, fault):
    made = host(entry_point("odd", plugin_module(scorers=[Nameless(**changes), fakes.FakeScorer("sound")])))
    made.load()
    assert names(made.scorers) == [("odd", "sound")]
    assert fault in record_of(made, "odd").last_error


def test_that_something_that_is_no_scorer_says_what_it_lacks(host):
    made = host(entry_point("odd", plugin_module(scorers=[object()])))
    made.load()
    record = record_of(made, "odd")
    assert record.state == "refused"
    assert record.last_error == "object is no scorer: it lacks about, fit, name, needs, score, title, version"


def test_that_a_plugin_gets_its_own_options(host):
    module = plugin_module()
    seen = []
    module.viewer_scorers = fakes.hookimpl(lambda options: seen.append(dict(options)) or [fakes.FakeScorer()])
    settings = Settings(plugins={"mine": {"margin_k": 3}, "other": {"secret": 1}})
    made = host(entry_point("mine", module), settings=settings)
    made.load()
    assert seen == [{"margin_k": 3}]


def test_that_health_follows_what_happens_later(host):
    hanging = fakes.Hangs()
    module = plugin_module(
        scorers=[fakes.FakeScorer("wrong", lambda e: []), fakes.FakeScorer("late", hanging)],
    )
    made = host(entry_point("odd", module), settings=Settings(plugin_budget_s=1.0))
    made.load()
    wrong, late = made.scorers
    calls.score(made.guard, wrong, builders.evidence(1), {})
    assert (record_of(made, "odd").state, record_of(made, "odd").last_error) == (
        "loaded",
        "wrong gave 0 answers for 1 frames",
    )
    calls.score(made.guard, late, builders.evidence(1), {})
    hanging.release()
    assert record_of(made, "odd").state == "switched off"


def test_that_scorers_of_one_model_ask_for_no_second_one(host):
    needs = frozenset({Need.LOGITS, Need.SECOND})
    scorers = [fakes.FakeScorer("alone"), fakes.FakeScorer("both", needs=needs)]
    made = host(entry_point("plugin", plugin_module(scorers=scorers)))
    made.load()
    assert names(made.scorers) == [("plugin", "alone"), ("plugin", "both")]
    assert names(made.scorers_of_one_model) == [("plugin", "alone")]


def test_that_what_takes_further_passes_is_marked_slow_and_asked_where_the_settings_say_so(host):
    slow = fakes.FakeScorer("slow", needs=frozenset({Need.LOGITS, Need.VIEWS}))
    points = [entry_point("plugin", plugin_module(scorers=[fakes.FakeScorer("fast"), slow]))]
    off, on = host(*points), host(*points, settings=Settings(slow_scores=True))
    for made in (off, on):
        made.load()
        assert record_of(made, "plugin").offers == ("scorer fast", "scorer slow (slow)")
        assert names(made.scorers) == [("plugin", "fast"), ("plugin", "slow")]
    assert names(off.asked(off.scorers)) == [("plugin", "fast")]
    assert names(on.asked(on.scorers)) == names(on.scorers)
