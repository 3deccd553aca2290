"""The parts of tools/bench/run. Standard library only: the peers alone need packages, in environments of their own."""
