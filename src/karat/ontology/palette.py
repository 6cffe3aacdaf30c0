"""Default colours of label classes."""

from typing import Final

PALETTE: Final = (
    "#4411ff",
    "#eebb88",
    "#cc3377",
    "#22cccc",
    "#770099",
    "#aaee00",
    "#995533",
    "#9999ee",
    "#999900",
    "#aa55ff",
)
"""Ten colours that stay apart for every kind of colour vision, and in grey.

Found by a random search over sRGB that fixed ten lightnesses from 30 to 87 (CIE L*) and maximised the smallest
difference (CIE76) over normal sight and the three dichromacies. The test beside it recomputes: at least 27 apart, and
at least 4 apart in lightness alone. Dichromacies after G. Machado, M. Oliveira, L. Fernandes, A Physiologically-based
Model for Simulation of Color Vision Deficiency, 2009. The order puts dark beside light.
"""
