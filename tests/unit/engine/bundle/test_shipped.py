"""The bundles that come with the viewer."""

from viewer.engine.architectures import Architectures
from viewer.engine.bundle import Bundle, find_bundles
from viewer.engine.loading import load_network
from viewer.host.discovery import PluginHost
from viewer.resources import shipped_bundles
from viewer.settings import Settings

LARGEST = 15_000_000


def test_that_every_shipped_bundle_is_sound_small_and_runs() -> None:
    found = find_bundles([shipped_bundles()])
    assert [str(refusal) for refusal in found if not isinstance(refusal, Bundle)] == []
    bundles = [bundle for bundle in found if isinstance(bundle, Bundle)]
    host = PluginHost(Settings())
    host.load()
    host.close()
    architectures = Architectures(offer.thing for offer in host.architectures)
    assert [bundle.path.name for bundle in bundles if bundle.nbytes > LARGEST] == []
    for bundle in bundles:
        load_network(bundle, architectures, samples=2)
        assert bundle.manifest.licence
        assert bundle.card.startswith("#")
