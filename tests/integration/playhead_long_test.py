#!/usr/bin/env python3
"""Five minutes of switches, ten seconds apart: nothing adds up. And every stream after every other."""
import sys
import unittest

import playhead_test


class FiveMinutes(playhead_test.AThenB):
    SWITCHES = 30


class EveryPair(playhead_test.EveryPair):
    pass


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
