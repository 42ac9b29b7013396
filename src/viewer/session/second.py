"""Whether a second model may be compared with the one in use."""

from viewer.engine.bundle import Bundle
from viewer.engine.second import SecondModel
from viewer.session.beside import other_kind


def misfit_of(second: Bundle, first: Bundle) -> str:
    """Why a model cannot be compared with the one in use, one sentence; `""` where it can."""
    if second.digest == first.digest:
        return f"{second.manifest.name} is the model that answers; name another one to compare it with"
    return other_kind(SecondModel.role, second, first)
