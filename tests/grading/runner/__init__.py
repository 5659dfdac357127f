"""Tests of running notebooks apart."""
