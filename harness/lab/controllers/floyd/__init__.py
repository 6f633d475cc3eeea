"""Floyd: the bundled os-ken application of failover-lab (OpenFlow 1.3)."""
