#!/usr/bin/env python3
"""What the fast tests of resegmenting and of cues do in small, at full length: half an hour of clock time.

usage: CONTINUO_BIN=build/dev/bin resegment_long_test.py [unittest arguments]
"""
import sys
import unittest

import cues_test
import resegment_cues_test
import resegment_live_test


class TwoMinutes(resegment_live_test.Pace):
    SECONDS = 120


class LongPause(resegment_live_test.Growing):
    PAUSE, IDLE = 20, 40


class ManyLines(resegment_cues_test.WhileItRuns):
    TRIALS = 100


class ManyCues(cues_test.Trials):
    COUNT, SECONDS = 100, 1200


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
