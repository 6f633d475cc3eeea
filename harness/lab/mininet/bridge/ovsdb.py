"""A database of Open vSwitch, asked by its own JSON-RPC (RFC 7047): any number of changes are one
transaction, and no program is started for it."""

from __future__ import annotations

import json
import socket
from contextlib import closing
from typing import Any

from protocol import BridgeError

Operation = dict[str, Any]
NAME = "Open_vSwitch"


def transact(path: str, operations: list[Operation], timeout_s: float = 10.0) -> list[Any]:
    """Carry out all of them or none; returns what each answers. Raises BridgeError with the
    database's own words."""
    request = json.dumps({"id": 0, "method": "transact", "params": [NAME, *operations]})
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as client:
        client.settimeout(timeout_s)
        try:
            client.connect(path)
            client.sendall(request.encode())
            reply = _reply(client)
        except (TimeoutError, socket.timeout) as cause:
            raise BridgeError(f"the database {path} did not answer within {timeout_s:g} s",
                              timedOut=True) from cause
        except OSError as cause:
            raise BridgeError(f"the database {path} cannot be asked: {cause}") from cause
    if reply.get("error"):
        raise BridgeError(f"the database {path} refused a transaction: {words(reply['error'])}")
    for answer in reply["result"]:
        if answer and "error" in answer:
            raise BridgeError(f"the database {path} refused a change: {words(answer)}")
    answers: list[Any] = reply["result"]
    return answers


def _reply(client: socket.socket) -> dict[str, Any]:
    text = b""
    while True:
        got = client.recv(1 << 18)
        if not got:
            raise OSError("it closed the connection")
        text += got
        # Of most pieces of a long reply this shows that more is to come, without parsing them.
        if not text.endswith(b"}"):
            continue
        try:
            reply: dict[str, Any] = json.loads(text)
        except ValueError:
            continue
        return reply


def words(refusal: Any) -> str:
    """An error of the database as one line."""
    if isinstance(refusal, dict):
        return ": ".join(str(refusal[key]) for key in ("error", "details") if key in refusal)
    return str(refusal)


def value(plain: Any) -> Any:
    """A dict as a map, a list as a set, everything else as it is (RFC 7047, section 5.1)."""
    if isinstance(plain, dict):
        return ["map", [[key, one] for key, one in plain.items()]]
    if isinstance(plain, list):
        return ["set", plain]
    return plain


def row(columns: dict[str, Any]) -> dict[str, Any]:
    """Columns of a row, each as `value`."""
    return {name: value(one) for name, one in columns.items()}


def configured(operations: list[Operation]) -> list[Operation]:
    """The operations, with a number that ovs-vswitchd returns when it has carried them out: the
    last answer has it as `next_cfg`, and `cur_cfg` of the database reaches it."""
    count = {"op": "mutate", "table": NAME, "where": [], "mutations": [["next_cfg", "+=", 1]]}
    return [*operations, count,
            {"op": "select", "table": NAME, "where": [], "columns": ["next_cfg"]}]


def number_of(answers: list[Any]) -> int:
    """What `configured` added, from the answers."""
    return int(answers[-1]["rows"][0]["next_cfg"])


def reached(path: str) -> int:
    """The last number that ovs-vswitchd has carried out."""
    select = {"op": "select", "table": NAME, "where": [], "columns": ["cur_cfg"]}
    return int(transact(path, [select])[0]["rows"][0]["cur_cfg"])
