"""What this newsroom's own decisions teach the scorer: which count, the versions, and who puts one in force."""
