"""The few header fields of JPEG-like codestreams that decide size and colour before anything is decoded."""

from dataclasses import dataclass

_JPEG2000 = b"\xff\x4f\xff\x51"
_STANDALONE = {0x01, *range(0xD0, 0xD8)}
_FRAME_HEADERS = {*range(0xC0, 0xD0), 0xF7} - {0xC4, 0xC8, 0xCC}
_LOSSLESS = {0xC3, 0xC7, 0xCB, 0xCF}


@dataclass(frozen=True, slots=True, kw_only=True)
class Codestream:
    """What a codestream says about itself.

    Attributes:
        family: `jpeg`, `jpeg-ls` or `jpeg2000`.
        rows, columns, samples: Shape of the picture.
        precision: Bits per sample.
        signed: JPEG 2000: whether samples are signed.
        lossless: JPEG: whether the process is lossless, so the codec never converts colour.
        ids: JPEG: component identifiers.
        subsampled: JPEG: whether chroma is stored more coarsely than luma.
        jfif: JPEG: whether a JFIF marker is there.
        adobe: JPEG: colour transform of the Adobe marker (0 none, 1 YCbCr, 2 YCCK), or None.
    """

    family: str
    rows: int
    columns: int
    samples: int
    precision: int
    signed: bool = False
    lossless: bool = False
    ids: tuple[int, ...] = ()
    subsampled: bool = False
    jfif: bool = False
    adobe: int | None = None

    @property
    def is_ycbcr(self) -> bool | None:
        """JPEG: whether the samples are YCbCr by the codestream's own word; None when it does not say.

        The Adobe marker speaks first, then component identifiers "RGB", then JFIF; subsampled chroma is
        YCbCr in any case, for nobody subsamples green.
        """
        if self.subsampled:
            return True
        if self.adobe is not None:
            return self.adobe != 0
        if bytes(self.ids).upper() == b"RGB":
            return False
        return True if self.jfif else None


def read_codestream(data: bytes) -> Codestream | None:
    """Read the header of a JPEG, JPEG-LS or JPEG 2000 codestream; None for anything else.

    Raises:
        ValueError: The header ends early.
    """
    try:
        if data[:2] == b"\xff\xd8":
            return _jpeg(data)
        if data[:4] == _JPEG2000:
            return _jpeg2000(data)
        if data.startswith(b"\0\0\0\x0cjP  ") and (start := data.find(_JPEG2000)) >= 0:
            return _jpeg2000(data[start : start + 64])  # the codestream inside a JP2 file
    except IndexError as error:
        raise ValueError("its header ends early") from error
    return None


def _jpeg(data: bytes) -> Codestream:
    position = 2
    adobe: int | None = None
    jfif = False
    while True:
        if data[position] != 0xFF:
            raise ValueError("its markers are out of step")
        marker = data[position + 1]
        if marker == 0xFF or marker in _STANDALONE:  # fill bytes, restart markers
            position += 1 if marker == 0xFF else 2
            continue
        length = data[position + 2] << 8 | data[position + 3]
        body = data[position + 4 : position + 2 + length]
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            jfif = True
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        elif marker in _FRAME_HEADERS:
            return _frame_header(marker, body, jfif, adobe)
        position += 2 + length


def _frame_header(marker: int, body: bytes, jfif: bool, adobe: int | None) -> Codestream:
    samples = body[5]
    sampling = [body[7 + 3 * index] for index in range(samples)]
    return Codestream(
        family="jpeg-ls" if marker == 0xF7 else "jpeg",
        rows=body[1] << 8 | body[2],
        columns=body[3] << 8 | body[4],
        samples=samples,
        precision=body[0],
        lossless=marker in _LOSSLESS,
        ids=tuple(body[6 + 3 * index] for index in range(samples)),
        subsampled=len(set(sampling)) > 1,
        jfif=jfif,
        adobe=adobe,
    )


def _jpeg2000(data: bytes) -> Codestream:
    """SIZ marker segment (ISO/IEC 15444-1 A.5.1)."""
    right, bottom, left, top = (int.from_bytes(data[at : at + 4], "big") for at in (8, 12, 16, 20))
    depth = data[42]
    return Codestream(
        family="jpeg2000",
        rows=bottom - top,
        columns=right - left,
        samples=data[40] << 8 | data[41],
        precision=(depth & 0x7F) + 1,
        signed=bool(depth & 0x80),
    )
