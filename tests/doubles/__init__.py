"""Doubles of what lies outside the program, as real servers on loopback."""
