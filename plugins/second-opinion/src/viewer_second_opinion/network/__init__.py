"""Networks for lung ultrasound: how they learn scores of severity and findings."""
