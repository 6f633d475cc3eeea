"""Host ports behind which no host is known hand every packet to the controller.

Hosts are learned from packets that no flow covers. On a busy machine a link may take long to answer
and count as a host port meanwhile, so that a host is learned behind it, and is forgotten when the
link is found. By then flows may cover all that the host sends: without this it would never be
learned again.
"""

from __future__ import annotations

from floyd import wire
from floyd.channel import Channel
from floyd.state import Shared


def listen_for_unknown_hosts(shared: Shared) -> None:
    """Brings every switch to it; sends nothing where it is so already."""
    known = {(host.switch, host.port) for host in shared.network.hosts.values()}
    for name, ports in shared.network.edge_ports().items():
        channel = shared.channels.get(name)
        if channel is not None:
            _bring(channel, {port for port in ports if (name, port) not in known})


def _bring(channel: Channel, wanted: set[int]) -> None:
    changed = wanted ^ channel.listening
    messages = [
        wire.listen_message(channel.datapath, port, listen=port in wanted)
        for port in sorted(changed)
    ]
    if messages and channel.send(messages):
        channel.listening = wanted


def stop_listening(channel: Channel, port: int) -> None:
    """The port has turned out to be a link's: what comes in by it may be on its way elsewhere."""
    _bring(channel, channel.listening - {port})
