"""Measurements that anybody can repeat; docs/benchmarks.md says what they said here."""
