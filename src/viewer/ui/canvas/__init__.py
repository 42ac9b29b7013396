"""Where the picture is drawn: frames, overlays, zoom and window; the only room that knows pyqtgraph."""
