"""Frames in, evidence out: bundles, architectures and the one forward pass.

Nothing here is re-exported: `engine.bundle` must be importable without torch, `engine.engine` needs it.
"""
