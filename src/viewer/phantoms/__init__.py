"""Generated images with known truth: lesions, lung-ultrasound clips, their masks, labels and faults.

Everything is drawn from seeds: the same seed gives the same bytes with the same versions of numpy and Pillow
on the same kind of processor.
"""
