"""Networks that draw a mask beside their answer, and what they are trained to minimise."""
