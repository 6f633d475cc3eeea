"""What the runner asks of this controller: one JSON file, named by FLOYD_CONFIG."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional

REACTIONS = ("none", "timeout", "bfd", "groups")


class ConfigError(ValueError):
    """The configuration is not usable; the message names the field."""


@dataclass(frozen=True)
class Config:
    """The validated configuration. All times are milliseconds."""

    reaction: str = "none"
    decision_every_ms: float = 10_000.0
    probe_interval_ms: float = 100.0
    probe_multiplier: int = 3
    hold_ms: float = 3_000.0
    hysteresis: float = 0.1
    extra_detection_ms: float = 0.0
    #: Datapath id -> name; also the set of switches the first decision waits for.
    switch_names: Mapping[int, str] = field(default_factory=dict)
    #: Unordered pair of switch names -> cost in milliseconds of delay, instead of the measured one.
    costs_ms: Mapping[frozenset, float] = field(default_factory=dict)
    #: MAC -> name, for the journal alone: hosts are learned from their packets.
    host_names: Mapping[str, str] = field(default_factory=dict)
    bfd: bool = False
    #: Which of how many instances this is; the others hear it at heartbeat_port + instance.
    instance: int = 0
    instances: int = 1
    heartbeat_port: int = 6653
    heartbeat_interval_ms: float = 100.0
    heartbeat_multiplier: int = 3

    @property
    def reacts(self) -> bool:
        """Whether anything happens between two decisions."""
        return self.reaction != "none"

    def switch_name(self, dpid: int) -> str:
        return self.switch_names.get(dpid, f"{dpid:016x}")

    def host_name(self, mac: str) -> str:
        return self.host_names.get(mac, mac)


def _number(raw: Mapping[str, Any], name: str, default: float, least: float) -> float:
    value = raw.get(name, default)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value < least:
        raise ConfigError(f"{name}: a number of at least {least} is needed, got {value!r}")
    return value


def parse_config(raw: Mapping[str, Any]) -> Config:
    """Validates a decoded configuration. Raises ConfigError, naming the field."""
    reaction = raw.get("reaction", "none")
    if reaction not in REACTIONS:
        raise ConfigError(f"reaction: one of {', '.join(REACTIONS)} is needed, got {reaction!r}")
    names: dict[int, str] = {}
    for dpid, entry in raw.get("switches", {}).items():
        try:
            names[int(dpid, 16)] = str(entry["name"])
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"switches.{dpid}: 16 hex digits and a name are needed") from error
    costs: dict[frozenset, float] = {}
    for index, cost in enumerate(raw.get("costs") or []):
        try:
            costs[frozenset((cost["a"], cost["b"]))] = float(cost["costMs"])
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(f"costs[{index}]: a, b and costMs are needed") from error
    hosts = {str(host["mac"]).lower(): str(host["name"]) for host in raw.get("hosts") or []}
    return Config(
        reaction=reaction,
        decision_every_ms=_number(raw, "decisionEveryMs", 10_000, 100),
        probe_interval_ms=_number(raw, "probeIntervalMs", 100, 5),
        probe_multiplier=int(_number(raw, "probeMultiplier", 3, 1)),
        hold_ms=_number(raw, "holdMs", 3_000, 0),
        hysteresis=_number(raw, "hysteresis", 0.1, 0),
        extra_detection_ms=_number(raw, "extraDetectionMs", 0, 0),
        switch_names=names,
        costs_ms=costs,
        host_names=hosts,
        bfd=raw.get("bfd") is not None,
        instance=int(_number(raw, "instance", 0, 0)),
        instances=int(_number(raw, "instances", 1, 1)),
        heartbeat_port=int(_number(raw, "heartbeatPort", 6653, 1)),
        heartbeat_interval_ms=_number(raw, "heartbeatIntervalMs", 100, 10),
        heartbeat_multiplier=int(_number(raw, "heartbeatMultiplier", 3, 1)),
    )


def load_config(path: Optional[str]) -> Config:
    """Reads the configuration file; without a path the defaults hold."""
    if not path:
        return Config()
    with open(path, encoding="utf-8") as file:
        return parse_config(json.load(file))
