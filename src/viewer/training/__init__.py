"""From a table of labelled pictures to a bundle: split by group, train, calibrate, measure, write down."""
