#!/usr/bin/env python3
"""Five minutes of switches, ten seconds apart: nothing adds up. Every stream after every other. An API that is away for minutes."""
import sys
import time
import unittest

import playhead_test
from event_api import EventApi
from house import House, wait_for
from live_sources import Studio
from playhead import COPY, Record, channel_config, wait_until, watch

AWAY = 180         # s
API_SILENCE = 60   # s after which an API that says nothing is asked anew
LONGEST_PAUSE = 30 # s between two attempts to reach it


class FiveMinutes(playhead_test.AThenB):
    SWITCHES = 30


class EveryPair(playhead_test.EveryPair):
    pass


class AnApiThatIsAway(unittest.TestCase):
    def test_minutes_without_the_api_change_nothing_and_then_it_is_heard_again(self):
        studio = self.enterContext(Studio(("two", "double"), AWAY + API_SILENCE + 120))
        studio.go_live()
        api = EventApi()
        self.addCleanup(api.close)
        api.head(studio.live["two"].url, "Two")
        house = self.enterContext(House("defaults: { segment_time: 2s, window: 8 }\nchannels:\n" + channel_config("live", api)))
        house.wait_on_air(30, "live")
        watcher = watch(house, "live", *COPY)["source"]

        def is_connected():
            return house.channel("live")["playhead"]["api_connected"]
        wait_for(is_connected, 10, "the API is heard")

        # A connection that is open at this end alone: its server would have sent something.
        api.mute, asked, since = True, len(api.requests), time.monotonic()
        wait_for(lambda: len(api.requests) > asked, API_SILENCE + 15, "it is asked anew")
        self.assertGreater(time.monotonic() - since, API_SILENCE - 10)
        api.mute = False

        api.go_away()
        wait_for(lambda: not is_connected(), 10, "it is missed")
        wait_until(time.monotonic() + AWAY)
        api.come_back()
        wait_for(is_connected, LONGEST_PAUSE + 10, "it is heard again")
        api.head(studio.live["double"].url, "Double")
        wait_for(watcher.discontinuities, 20, "the switch is listed")

        record = Record(watcher.finish())
        self.assertEqual((watcher.complaints, record.complaints), ([], []))
        self.assertEqual([visit.kind for visit in record.visits], ["two", "double"])
        self.assertLessEqual(watcher.longest_wait(), 1.5 * watcher.target_duration)
        self.assertEqual(house.channel("live")["playhead"]["failures"], 0)
        told = [line for line in house.log().splitlines() if "no events from" in line]
        self.assertLessEqual(len(told), 3, told)  # not at each attempt


if __name__ == "__main__":
    sys.exit(unittest.main(verbosity=2))
