"""The testing kit for plugins and for the viewer's own tests: builders, fakes, and the conformance suite."""
