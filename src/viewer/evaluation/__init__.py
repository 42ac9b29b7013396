"""How good is a classifier, and how good is trust at finding its errors."""
