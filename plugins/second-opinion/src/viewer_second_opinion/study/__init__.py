"""The study again: ways of judging and correcting a frame classifier, side by side, on tables of its outputs."""
