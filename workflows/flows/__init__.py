"""Whose turn it is. A flow follows its machine, holds no truth and writes no state."""
