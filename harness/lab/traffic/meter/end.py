"""One end of a meter: sockets that send the probes of one direction and take those of the other.

Both ends of a meter may live in one process, as in a lab, or each on a machine of its own. An end
knows its own clock alone: a send stamp that it reads out of a probe is of the other end's.
"""

import select

import datagram
from arrivals import Arrivals
from receive import BATCH, BatchReader
from sender import Sender


class End:
    """Sends one direction to `peers` (address, port), and receives the other on the same sockets.

    Of several sockets or peers each makes a flow of its own; probe `n` is of flow `n` modulo their
    number.
    """

    def __init__(self, sockets, peers, meter, sends, receives, length, interval_ns,
                 one_clock=True):
        self.sends, self.receives = sends, receives
        probe = datagram.template(meter, sends, length)
        flows = range(max(len(sockets), len(peers)))
        ways = [(sockets[n % len(sockets)].sendto, peers[n % len(peers)]) for n in flows]
        self.sender = Sender(ways, probe, interval_ns)
        self._prefix = datagram.prefix(meter, receives)
        shape = datagram.reader(length)
        self._readers = {udp.fileno(): BatchReader(udp, length, shape) for udp in sockets}
        self._poll = select.poll()
        for descriptor in self._readers:
            self._poll.register(descriptor, select.POLLIN)
        self.arrivals = Arrivals(interval_ns, one_clock)

    def receive(self) -> None:
        """Take in everything that waits; datagrams of others are ignored."""
        if len(self._readers) == 1:
            (reader,) = self._readers.values()
            self._add(batch_of(reader))
            return
        ready = [self._readers[descriptor] for descriptor, _ in self._poll.poll(0)]
        waiting = [probe for reader in ready for probe in batch_of(reader)]
        # In the order of their arrival, whichever socket they came by.
        self._add(sorted(waiting, key=lambda probe: probe[3]))

    def _add(self, probes) -> None:
        add, expected = self.arrivals.add, self._prefix
        for prefix, sequence, tx_ns, rx_ns in probes:
            if prefix == expected:
                add(sequence, tx_ns, rx_ns)


def batch_of(reader):
    """All that waits at one socket."""
    count = BATCH
    while count == BATCH:
        count = 0
        for probe in reader.read():
            count += 1
            yield probe
