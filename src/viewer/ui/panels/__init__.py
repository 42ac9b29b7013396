"""Parts of the window that show one thing each; they render values and decide nothing."""
