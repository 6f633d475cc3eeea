/**
 * Just enough of OpenFlow 1.0–1.3 to watch a control channel: what a message is, and what the few
 * that matter to a recovery state. Pure. By hand: libraries for it read whole
 * messages, and the tap passes on only the beginning of each.
 */
import {
  controllerRoles,
  modCommands,
  type OpenFlowFacts,
  type PortMod,
  type PortStatus,
  type portSettings,
} from '../../model/openflow-facts.js';

export interface OpenFlowMessage {
  version: number;
  type: number;
  xid: number;
  body: Buffer;
}

/** What a message is, as far as phases and the controllers' own recoveries care. */
export type WatchedKind =
  | 'hello'
  | 'echo-request'
  | 'packet-in'
  | 'packet-out'
  | 'flow-mod'
  | 'group-mod'
  | 'port-status'
  | 'port-mod'
  | 'handshake'
  | 'role'
  | 'error'
  | 'barrier'
  | 'other';

/** Type numbers differ between 1.0 and 1.3 above 15 (OpenFlow 1.3.5 §7.1, 1.0.0 §5.1). */
export function kindOf(message: OpenFlowMessage): WatchedKind {
  const old = message.version === 1;
  switch (message.type) {
    case 0:
      return 'hello';
    case 1:
      return 'error';
    case 2:
      return 'echo-request';
    case 6:
      return 'handshake';
    case 10:
      return 'packet-in';
    case 12:
      return 'port-status';
    case 13:
      return 'packet-out';
    case 14:
      return 'flow-mod';
    case 15:
      return old ? 'port-mod' : 'group-mod';
    case 16:
      return old ? 'other' : 'port-mod';
    case 18:
      return old ? 'barrier' : 'other';
    case 20:
      return old ? 'other' : 'barrier';
    case 24:
    case 25:
      return old ? 'other' : 'role';
    default:
      return 'other';
  }
}

const telling = [
  'flow-mod',
  'group-mod',
  'port-status',
  'port-mod',
  'role',
  'handshake',
  'error',
] as const satisfies readonly WatchedKind[];

/** The kind, if such messages are recorded one by one; the others are counted. */
export function tellingKind(kind: WatchedKind): (typeof telling)[number] | undefined {
  return telling.find((one) => one === kind);
}

const portChanges = ['added', 'deleted', 'modified'] as const;

/** What a message states: which port and state, which command; nothing for a cut-off body. */
export function factsOf(message: OpenFlowMessage): OpenFlowFacts {
  if (message.body.length < shortestBody(message)) return {};
  try {
    return read(message);
  } catch (thrown) {
    // A controller may send anything: a message cut short is reported as malformed.
    if (thrown instanceof RangeError) return { malformed: true };
    throw thrown;
  }
}

/**
 * Seconds without packets after which the flow of a flow-mod that adds or changes one expires; null
 * for other messages, and for flows that stay.
 */
export function idleTimeoutOf(message: OpenFlowMessage): number | null {
  const { body, version } = message;
  const old = version === 1;
  const [commandAt, idleAt] = old ? [48, 50] : [17, 18];
  if (kindOf(message) !== 'flow-mod' || body.length < idleAt + 2) return null;
  const command = old ? body.readUInt16BE(commandAt) : body.readUInt8(commandAt);
  const seconds = body.readUInt16BE(idleAt);
  return command <= 2 && seconds > 0 ? seconds : null;
}

/** Bytes of the body that `read` looks at. */
function shortestBody(message: OpenFlowMessage): number {
  const old = message.version === 1;
  switch (kindOf(message)) {
    case 'port-status':
      return old ? 40 : 48;
    case 'flow-mod':
      return old ? 50 : 18;
    case 'group-mod':
      return 8;
    default:
      return 0;
  }
}

function read(message: OpenFlowMessage): OpenFlowFacts {
  const { body, version } = message;
  switch (kindOf(message)) {
    case 'port-status':
      return { portStatus: readPortStatus(body, version) };
    case 'flow-mod': {
      const command = version === 1 ? body.readUInt16BE(48) : body.readUInt8(17);
      return { mod: { command: modCommands[command] ?? command } };
    }
    case 'group-mod': {
      const command = body.readUInt16BE(0);
      return { mod: { command: modCommands[command] ?? command, group: body.readUInt32BE(4) } };
    }
    case 'port-mod':
      return { portMod: readPortMod(body, version) };
    case 'role': {
      const direction = message.type === 24 ? 'request' : 'reply';
      return { role: { direction, role: controllerRoles[body.readUInt32BE(0)] ?? 'unknown' } };
    }
    default:
      return {};
  }
}

/** ofp_port_mod: 1.3 number 4, pad 4, MAC 6, pad 2, config 4, mask 4; 1.0 without the padding. */
function readPortMod(body: Buffer, version: number): PortMod {
  const old = version === 1;
  const configAt = old ? 8 : 16;
  const config = body.readUInt32BE(configAt);
  const mask = body.readUInt32BE(configAt + 4);
  const bits: Array<[number, (typeof portSettings)[number]]> = [
    [1, 'down'],
    [1 << 2, 'no receive'],
    [1 << 5, 'no forward'],
  ];
  const changed = bits.filter(([bit]) => mask & bit);
  const settings = (is: boolean) =>
    changed.filter(([bit]) => Boolean(config & bit) === is).map(([, setting]) => setting);
  return {
    port: old ? body.readUInt16BE(0) : body.readUInt32BE(0),
    set: settings(true),
    cleared: settings(false),
  };
}

/** ofp_port_status: reason, pad 7, then ofp_port (1.3: number 4, pad 4, MAC 6, pad 2, name 16 …). */
function readPortStatus(body: Buffer, version: number): PortStatus {
  const nameAt = version === 1 ? 8 + 8 : 8 + 16;
  const zero = body.indexOf(0, nameAt);
  const end = zero < 0 ? body.length : zero;
  const state = body.readUInt32BE(nameAt + 16 + 4);
  return {
    port: body.toString('latin1', nameAt, Math.min(end, nameAt + 16)),
    change: portChanges[body.readUInt8(0)] ?? 'changed',
    linkUp: (state & 1) === 0,
    live: version > 1 ? (state & 4) !== 0 : null,
  };
}
