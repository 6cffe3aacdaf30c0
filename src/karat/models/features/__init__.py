"""Assets as vectors. Import what is needed from its file: `image` brings OpenCV, `neighbours` only numpy."""
