"""Dialogs; all non-modal, so that nothing ever blocks reading."""
