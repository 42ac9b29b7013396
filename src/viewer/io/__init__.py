"""Files → frames.

The public surface of this room:

- `viewer.io.reader`: `open_source(path, readers)` opens one file; `walk(paths, readers)` opens everything given or
  found and yields one `Opened` per file, in a stable order, never raising.
- `viewer.io.prefetch`: `FrameStore(cache_bytes)` decodes frames on demand, on screen first, and keeps them within
  a budget of bytes.
- `viewer.io.info`: `records(paths, readers)` describes files.
- `viewer.io.dicom_writer`: `write_clip(path, frames, …)` writes DICOM clips.

A source decodes one frame at a time; no file is held open between frames except by a video decoder, of which few
are kept. Everything raised is `UnreadableFile` or `NotAnImage` with one sentence.
"""
