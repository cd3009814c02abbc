"""Tests of the program and of the first real release."""
