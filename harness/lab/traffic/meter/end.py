"""One end of a meter: a socket that sends the probes of one direction and takes those of the other.

Both ends of a meter may live in one process, as in a lab, or each on a machine of its own. An end
knows its own clock alone: a send stamp that it reads out of a probe is of the other end's.
"""

import datagram
from arrivals import Arrivals
from receive import BATCH, BatchReader
from sender import Sender


class End:
    """Sends one direction to `peer` (address, port), and receives the other on the same socket."""

    def __init__(self, udp, peer, meter, sends, receives, length, interval_ns,
                 one_clock=True):
        self.sends, self.receives = sends, receives
        probe = datagram.template(meter, sends, length)
        self.sender = Sender(udp, peer, probe, interval_ns)
        self._prefix = datagram.prefix(meter, receives)
        self._reader = BatchReader(udp, length, datagram.reader(length))
        self.arrivals = Arrivals(interval_ns, one_clock)

    def receive(self) -> None:
        """Take in everything that waits; datagrams of others are ignored."""
        add, expected = self.arrivals.add, self._prefix
        count = BATCH
        while count == BATCH:
            count = 0
            for prefix, sequence, tx_ns, rx_ns in self._reader.read():
                count += 1
                if prefix == expected:
                    add(sequence, tx_ns, rx_ns)
