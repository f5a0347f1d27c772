"""What runners in Python share: the contract, the timing, and the seeded encoders. Needs NumPy."""
