"""Several instances of this controller: each sends heartbeats to the others, one is the master.

The master asks every switch for the role of the same name (OpenFlow 1.3.5 section 6.3.4). A slave
stays connected and does nothing, until the master has been silent for too long.
"""

from __future__ import annotations

import json
import socket
from typing import Any, Callable

from os_ken.lib import hub

from floyd import wire
from floyd.channel import now_ms
from floyd.election import MASTER, Election
from floyd.journal import now_ns
from floyd.state import TICK_MS, Shared

LOOPBACK = "127.0.0.1"


class Roles:
    """Knows all connected switches, and hands them over when this instance is in charge."""

    def __init__(
        self, shared: Shared, welcome: Callable[[Any], None], dismiss: Callable[[], None]
    ) -> None:
        self._shared = shared
        self._config = shared.config
        self._welcome = welcome
        self._dismiss = dismiss
        self._connected: set[Any] = set()
        config = shared.config
        self._election = Election(
            config.instance, config.heartbeat_interval_ms, config.heartbeat_multiplier
        )
        #: A single instance is in charge from the start and asks for no role.
        shared.in_charge = config.instances == 1

    def connected(self, datapath: Any) -> None:
        """A switch has completed its handshake."""
        self._connected.add(datapath)
        self._claim(datapath)

    def disconnected(self, datapath: Any) -> None:
        self._connected.discard(datapath)

    def run(self) -> None:
        """Heartbeats to all others, and the election after everything that came in."""
        if self._config.instances == 1:
            return
        ears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        ears.bind((LOOPBACK, self._config.heartbeat_port + self._config.instance))
        ears.setblocking(False)
        next_beat_ms = 0.0
        while True:
            clock_ms = self._shared.role_clock.advance(now_ms())
            self._listen(ears, clock_ms)
            if self._election.decide(clock_ms, now_ns()):
                self._role_changed()
                next_beat_ms = 0.0
            if now_ms() >= next_beat_ms:
                self._beat(ears)
                next_beat_ms = now_ms() + self._config.heartbeat_interval_ms
            hub.sleep(TICK_MS / 1000)

    def _listen(self, ears: socket.socket, clock_ms: float) -> None:
        """Takes in everything that waits, so that a controller that was held up is not misled."""
        while True:
            try:
                word = json.loads(ears.recv(512, socket.MSG_DONTWAIT))
            except (BlockingIOError, ConnectionRefusedError):
                return
            self._election.heard(word["instance"], word["role"], word["generation"], clock_ms)

    def _beat(self, ears: socket.socket) -> None:
        election = self._election
        word = {"role": election.role, "generation": election.generation}
        text = json.dumps({"instance": self._config.instance, **word}).encode()
        for other in range(self._config.instances):
            if other != self._config.instance:
                try:
                    ears.sendto(text, (LOOPBACK, self._config.heartbeat_port + other))
                except OSError:
                    pass  # Nobody listens there at the moment: that is what silence is for.

    def _role_changed(self) -> None:
        election = self._election
        was_in_charge, self._shared.in_charge = self._shared.in_charge, election.role == MASTER
        self._shared.journal.emit(
            "role",
            instance=self._config.instance,
            role=election.role,
            generation=election.generation,
        )
        if was_in_charge and not self._shared.in_charge:
            self._dismiss()
        for datapath in list(self._connected):
            self._claim(datapath)

    def _claim(self, datapath: Any) -> None:
        """Asks one switch for the role of this instance; a master takes it over."""
        generation = self._election.generation
        if self._config.instances > 1 and generation > 0:
            message = wire.role_request(datapath, self._shared.in_charge, generation)
            datapath.send_msg(message)
        if self._shared.in_charge:
            hub.spawn(self._welcome, datapath)
