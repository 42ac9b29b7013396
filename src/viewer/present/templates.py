"""Pages for a browser, rendered from the shipped templates; every value is escaped."""

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from viewer.resources import resources


def rendered(template: str, **values: object) -> bytes:
    """A template with its values, as UTF-8; bytes of names that are no text are written out."""
    html = _environment().get_template(template).render(values)
    return html.encode("utf-8", "backslashreplace")


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(resources() / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
