"""A figure in a notebook: a PNG with a text for those who cannot see it, the same bytes at every run."""

import sys
from base64 import b64encode
from html import escape
from io import BytesIO

from matplotlib.figure import Figure

from coursekit.figures.style import house_style


def png(figure: Figure) -> bytes:
    """The figure as PNG without date or version, so that equal figures are equal bytes."""
    buffer = BytesIO()
    with house_style():
        figure.savefig(buffer, format="png", dpi=figure.dpi, metadata={"Software": None})
    return buffer.getvalue()


def show(figure: Figure, alt: str) -> None:
    """Display the figure as PNG with its text alternative; outside a notebook, print that text.

    JupyterLab takes the text from an ``img`` element alone, other readers of notebooks from the image's metadata.

    Raises ValueError where ``alt`` is empty: say what a reader should see in the figure.
    """
    if not alt.strip():
        raise ValueError("a figure needs a text alternative: say in a sentence what a reader should see")
    text = f"Figure: {alt}"
    ipython = sys.modules.get("IPython")
    if ipython is None or ipython.get_ipython() is None:
        print(text)
        return
    from IPython.display import display

    width, height = (int(pixels) for pixels in figure.bbox.size)
    encoded = b64encode(png(figure)).decode("ascii")
    source = f"data:image/png;base64,{encoded}"
    display(
        {
            "text/html": f'<img alt="{escape(alt)}" width="{width}" height="{height}" src="{source}">',
            "image/png": encoded,
            "text/plain": text,
        },
        raw=True,
        metadata={"image/png": {"alt": alt, "width": width, "height": height}},
    )
