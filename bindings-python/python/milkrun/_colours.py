"""Colours of routes: spread over the hues by the golden angle, so that neighbours differ however many there are."""

from __future__ import annotations

from colorsys import hls_to_rgb


def colour(index: int) -> str:
    """The colour of the route with this number, as ``#rrggbb``."""
    hue = (0.58 + index * 0.381966) % 1.0
    light = (0.42, 0.33, 0.52)[index % 3]
    return "#" + "".join(f"{round(255 * part):02x}" for part in hls_to_rgb(hue, light, 0.72))
