"""Between the planner's rules and OpenFlow 1.3 messages."""

from __future__ import annotations

import zlib
from typing import Any, Iterable, Mapping, Optional

from os_ken.ofproto import nicira_ext
from os_ken.ofproto import ofproto_v1_3 as ofproto
from os_ken.ofproto import ofproto_v1_3_parser as parser

from floyd.frame import LLDP_ETHERTYPE
from floyd.plan import Bucket, Rule

#: Every flow of ours carries this cookie; the low bits say what it is for.
COOKIE = 0xF10D_0000_0000_0000
COOKIE_MASK = 0xFFFF_0000_0000_0000
COOKIE_HOST = COOKIE | 1
COOKIE_BASE = COOKIE | 2
COOKIE_DELIVER = COOKIE | 3
COOKIE_LISTEN = COOKIE | 4
PRIORITY_LISTEN = 200
PRIORITY_HOST = 100
PRIORITY_LINK_DROP = 1


def role_request(datapath: Any, master: bool, generation: int) -> Any:
    """Asks a switch to make this controller master or slave."""
    role = ofproto.OFPCR_ROLE_MASTER if master else ofproto.OFPCR_ROLE_SLAVE
    return parser.OFPRoleRequest(datapath, role, generation)


def group_number(key: str) -> int:
    """The group of a destination: the same after a restart of the controller."""
    return zlib.crc32(key.encode()) & 0x7FFF_FFFF


def _bucket_actions(bucket: Bucket) -> list[Any]:
    actions: list[Any] = []
    if bucket.bounce:
        # OpenFlow never sends a packet back by its ingress port; without an ingress port it may.
        field = nicira_ext.ofs_nbits(0, 15)
        actions.append(parser.NXActionRegLoad(ofs_nbits=field, dst="in_port_nxm", value=0))
    if bucket.rewrite:
        actions.append(parser.OFPActionSetField(eth_dst=bucket.rewrite))
    actions.append(parser.OFPActionOutput(bucket.port))
    return actions


def _read_bucket(actions: Iterable[Any]) -> Optional[Bucket]:
    port, rewrite, bounce = None, None, False
    for action in actions:
        if isinstance(action, parser.OFPActionOutput):
            port = action.port
        elif isinstance(action, parser.OFPActionSetField):
            rewrite = action.value
        elif isinstance(action, parser.NXActionRegLoad):
            bounce = True
    return None if port is None else Bucket(port, rewrite, bounce)


def rule_messages(datapath: Any, key: str, rule: Optional[Rule], old: Optional[Rule]) -> list[Any]:
    """The messages that turn `old` (what is installed) into `rule`; None means no rule."""
    messages: list[Any] = []
    match = parser.OFPMatch(eth_dst=key)
    had_group = old is not None and old.kind == "group"
    if rule is None:
        messages.append(
            parser.OFPFlowMod(
                datapath,
                command=ofproto.OFPFC_DELETE_STRICT,
                priority=PRIORITY_HOST,
                match=match,
                out_port=ofproto.OFPP_ANY,
                out_group=ofproto.OFPG_ANY,
            )
        )
    elif rule.kind == "group":
        group = group_number(key)
        buckets = [
            parser.OFPBucket(0, bucket.port, ofproto.OFPG_ANY, _bucket_actions(bucket))
            for bucket in rule.buckets
        ]
        command = ofproto.OFPGC_MODIFY if had_group else ofproto.OFPGC_ADD
        if not had_group:
            # A group left over from before a controller restart would make the addition fail.
            messages.append(_group_deletion(datapath, group))
        messages.append(parser.OFPGroupMod(datapath, command, ofproto.OFPGT_FF, group, buckets))
        if not had_group:
            messages.append(_flow(datapath, match, [parser.OFPActionGroup(group)]))
    else:
        cookie = COOKIE_DELIVER if rule.kind == "deliver" else COOKIE_HOST
        messages.append(_flow(datapath, match, _bucket_actions(rule.buckets[0]), cookie=cookie))
    if had_group and (rule is None or rule.kind != "group"):
        messages.append(_group_deletion(datapath, group_number(key)))
    return messages


def _group_deletion(datapath: Any, group: int) -> Any:
    return parser.OFPGroupMod(datapath, ofproto.OFPGC_DELETE, ofproto.OFPGT_FF, group, [])


def _flow(
    datapath: Any,
    match: Any,
    actions: list[Any],
    priority: int = PRIORITY_HOST,
    cookie: int = COOKIE_HOST,
) -> Any:
    instructions = []
    if actions:
        instructions = [parser.OFPInstructionActions(ofproto.OFPIT_APPLY_ACTIONS, actions)]
    return parser.OFPFlowMod(
        datapath, cookie=cookie, priority=priority, match=match, instructions=instructions
    )


def base_messages(datapath: Any, link_ports: Iterable[int]) -> list[Any]:
    """What every switch holds: our frames and unknown packets of hosts go to the controller."""
    to_controller = _to_controller()
    lldp = parser.OFPMatch(eth_type=LLDP_ETHERTYPE)
    return [
        # An earlier controller may have listened at ports whose hosts are known by now.
        _deletion(datapath, COOKIE_LISTEN, parser.OFPMatch()),
        _flow(datapath, lldp, to_controller, 0xFFFF, COOKIE_BASE),
        *[link_port_message(datapath, port) for port in link_ports],
        _flow(datapath, parser.OFPMatch(), to_controller, 0, COOKIE_BASE),
    ]


def _to_controller() -> list[Any]:
    return [parser.OFPActionOutput(ofproto.OFPP_CONTROLLER, ofproto.OFPCML_NO_BUFFER)]


def _deletion(datapath: Any, cookie: int, match: Any) -> Any:
    return parser.OFPFlowMod(
        datapath,
        cookie=cookie,
        cookie_mask=0xFFFF_FFFF_FFFF_FFFF,
        command=ofproto.OFPFC_DELETE,
        match=match,
        out_port=ofproto.OFPP_ANY,
        out_group=ofproto.OFPG_ANY,
    )


def listen_message(datapath: Any, port: int, listen: bool) -> Any:
    """Everything that comes in by this port goes to the controller first, or does no longer."""
    match = parser.OFPMatch(in_port=port)
    if listen:
        return _flow(datapath, match, _to_controller(), PRIORITY_LISTEN, COOKIE_LISTEN)
    return _deletion(datapath, COOKIE_LISTEN, match)


def link_port_message(datapath: Any, port: int) -> Any:
    """Unknown packets that come in by a link are dropped, so that none can flood the controller."""
    match = parser.OFPMatch(in_port=port)
    return _flow(datapath, match, [], PRIORITY_LINK_DROP, COOKIE_BASE)


def packet_out(datapath: Any, ports: Iterable[int], data: bytes) -> Any:
    return parser.OFPPacketOut(
        datapath=datapath,
        buffer_id=ofproto.OFP_NO_BUFFER,
        in_port=ofproto.OFPP_CONTROLLER,
        actions=[parser.OFPActionOutput(port) for port in ports],
        data=data,
    )


def flow_request(datapath: Any) -> Any:
    return parser.OFPFlowStatsRequest(
        datapath,
        table_id=ofproto.OFPTT_ALL,
        out_port=ofproto.OFPP_ANY,
        out_group=ofproto.OFPG_ANY,
        cookie=COOKIE,
        cookie_mask=COOKIE_MASK,
    )


def read_rules(flows: Iterable[Any], groups: Iterable[Any]) -> dict[str, Rule]:
    """The rules a switch holds already, from its flow and group descriptions."""
    buckets_of: Mapping[int, tuple[Bucket, ...]] = {
        group.group_id: tuple(
            bucket for raw in group.buckets if (bucket := _read_bucket(raw.actions))
        )
        for group in groups
    }
    rules: dict[str, Rule] = {}
    for flow in flows:
        key = flow.match.get("eth_dst")
        actions = [a for i in flow.instructions for a in getattr(i, "actions", [])]
        if key is None or not actions:
            continue
        if isinstance(actions[0], parser.OFPActionGroup):
            rules[key] = Rule("group", buckets_of.get(actions[0].group_id, ()))
        else:
            bucket = _read_bucket(actions)
            if bucket:
                kind = "deliver" if flow.cookie == COOKIE_DELIVER else "forward"
                rules[key] = Rule(kind, (bucket,))
    return rules
