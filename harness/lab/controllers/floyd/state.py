"""What the greenlets share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from floyd.channel import Channel, Counters
from floyd.config import Config
from floyd.costs import LinkCosts
from floyd.graph import Link
from floyd.journal import Journal
from floyd.liveness import LoopClock
from floyd.network import Network

#: The monitor's loop comes round this often.
TICK_MS = 10.0
#: A round of the loop later than this is the controller's own fault, not the link's.
TOLERANCE_MS = 10.0


@dataclass
class Shared:
    """One per controller; only code that does not yield in between changes several parts."""

    config: Config
    network: Network
    journal: Journal
    #: Switch name -> connection, for connected switches.
    channels: dict[str, Channel] = field(default_factory=dict)
    #: When a switch or link was last found; discovery is quiet some time after.
    changed_ms: float = 0.0
    #: Set once the first decision has been made: from here on hosts are served.
    settled: bool = False
    counters: Counters = field(default_factory=Counters)
    costs: LinkCosts = field(init=False)
    loop_clock: LoopClock = field(default_factory=lambda: LoopClock(TICK_MS, TOLERANCE_MS))
    role_clock: LoopClock = field(default_factory=lambda: LoopClock(TICK_MS, TOLERANCE_MS))
    #: Whether this instance steers the switches: always, unless another one is the master.
    in_charge: bool = True

    def __post_init__(self) -> None:
        self.costs = LinkCosts(self.config.hysteresis)

    def cost_us(self, link: Link) -> int:
        """The cost asked for by the configuration, or else the measured one."""
        fixed = self.config.costs_ms.get(frozenset((link.a, link.b)))
        return round(fixed * 1000) if fixed is not None else self.costs.cost_us(link)

    def link_fields(self, link: Link) -> dict[str, Any]:
        """A link as the journal names it: switches and port names."""

        def port_name(switch: str, number: int) -> str:
            port = self.network.port(switch, number)
            return port.name if port else str(number)

        return {
            "a": link.a,
            "aPort": port_name(link.a, link.a_port),
            "b": link.b,
            "bPort": port_name(link.b, link.b_port),
        }
