/** What the lines of the tap say of the lab's switches, as events. Pure. */
import type { NewEvent } from '../../model/history/emit.js';
import {
  factsOf,
  idleTimeoutOf,
  kindOf,
  type OpenFlowMessage,
  tellingKind,
} from './openflow-wire.js';
import type { TapLine, TapMessage, TapTally } from './tap-line.js';

/**
 * The events of one line.
 * @param nodes Switches by the addresses of their control channels.
 * @param ports OpenFlow ports of the controller's instances, in order.
 */
export function eventsOfTapLine(
  line: TapLine,
  nodes: ReadonlyMap<string, string>,
  ports: readonly number[],
): NewEvent[] {
  if ('ready' in line) return [];
  return 'counts' in line ? eventsOfTally(line, nodes) : eventsOfMessage(line, nodes, ports);
}

function eventsOfMessage(
  line: TapMessage,
  nodes: ReadonlyMap<string, string>,
  ports: readonly number[],
): NewEvent[] {
  const node = nodes.get(line.switch);
  if (node === undefined) return [];
  const { version, type, xid } = line;
  const seen: OpenFlowMessage = { version, type, xid, body: Buffer.from(line.body, 'hex') };
  const message = tellingKind(kindOf(seen));
  if (message === undefined) return [];
  const instance = ports.indexOf(line.port);
  const whose = ports.length > 1 && instance >= 0 ? { instance } : {};
  const idleTimeoutS = idleTimeoutOf(seen);
  const expires = idleTimeoutS === null ? {} : { idleTimeoutS };
  const { atNs } = line;
  return [
    { kind: 'observe.openflow', atNs, node, message, ...factsOf(seen), ...whose, ...expires },
  ];
}

function eventsOfTally(line: TapTally, nodes: ReadonlyMap<string, string>): NewEvent[] {
  const { atNs, windowMs } = line;
  const warning = { code: 'control-packets-missed' as const, data: { packets: line.lost } };
  const lost: NewEvent[] = line.lost > 0 ? [{ kind: 'warning', atNs, warning }] : [];
  // A silent second counts as well: rates are messages over all seconds.
  const counted = [...nodes].map(([address, node]): NewEvent => {
    const sums = sumsOf(line.counts[address] ?? {});
    return { kind: 'observe.messages', atNs, node, windowMs, ...sums };
  });
  return [...lost, ...counted];
}

function sumsOf(counts: Record<string, number>) {
  const sums = { packetIn: 0, packetOut: 0, flowMod: 0, other: 0 };
  for (const [key, number] of Object.entries(counts)) {
    // Negative: of OpenFlow 1.0, whose numbers mean other things.
    const type = Math.abs(Number(key));
    const version = Number(key) < 0 ? 1 : 4;
    const kind = kindOf({ version, type, xid: 0, body: Buffer.alloc(0) });
    if (kind === 'packet-in') sums.packetIn += number;
    else if (kind === 'packet-out') sums.packetOut += number;
    else if (kind === 'flow-mod') sums.flowMod += number;
    else if (kind !== 'hello') sums.other += number;
  }
  return sums;
}
