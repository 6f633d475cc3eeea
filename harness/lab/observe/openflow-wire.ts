/**
 * Just enough of OpenFlow 1.0–1.3 to watch a control channel: what a message is, and a word about
 * the few that matter to a recovery. Pure.
 */

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

const portReasons = ['added', 'deleted', 'modified'];
const modCommands = ['add', 'modify', 'modify-strict', 'delete', 'delete-strict'];

/** A few words for the history: which port and state, which command; none for a cut-off body. */
export function wordsFor(message: OpenFlowMessage): string {
  if (message.body.length < shortestBody(message)) return '';
  try {
    return describe(message);
  } catch (thrown) {
    // Anybody's controller may send anything: a message cut short is told, and no more.
    if (thrown instanceof RangeError) return 'malformed';
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

/** Bytes of the body that `describe` looks at. */
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

function describe(message: OpenFlowMessage): string {
  const { body, version } = message;
  switch (kindOf(message)) {
    case 'port-status':
      return describePortStatus(body, version);
    case 'flow-mod': {
      const command = version === 1 ? body.readUInt16BE(48) : body.readUInt8(17);
      return modCommands[command] ?? `command ${command}`;
    }
    case 'group-mod':
      return `${modCommands[body.readUInt16BE(0)] ?? 'command'} group ${body.readUInt32BE(4)}`;
    case 'port-mod':
      return describePortMod(body, version);
    case 'role': {
      const word = message.type === 24 ? 'request' : 'reply';
      return `${word} ${roles[body.readUInt32BE(0)] ?? 'unknown'}`;
    }
    case 'handshake':
      return 'features reply';
    default:
      return '';
  }
}

/** OpenFlow 1.3.5 §7.3.9. */
const roles = ['nochange', 'equal', 'master', 'slave'];

/** ofp_port_mod: 1.3 number 4, pad 4, MAC 6, pad 2, config 4, mask 4; 1.0 without the padding. */
function describePortMod(body: Buffer, version: number): string {
  const old = version === 1;
  const port = old ? body.readUInt16BE(0) : body.readUInt32BE(0);
  const configAt = old ? 8 : 16;
  const config = body.readUInt32BE(configAt);
  const mask = body.readUInt32BE(configAt + 4);
  const bits: Array<[number, string]> = [
    [1, 'down'],
    [1 << 2, 'no receive'],
    [1 << 5, 'no forward'],
  ];
  const changed = bits.filter(([bit]) => mask & bit);
  const words = changed.map(([bit, word]) => (config & bit ? word : `not ${word}`));
  return [`port ${port}`, words.join(', ')].filter(Boolean).join(': ');
}

/** ofp_port_status: reason, pad 7, then ofp_port (1.3: number 4, pad 4, MAC 6, pad 2, name 16 …). */
function describePortStatus(body: Buffer, version: number): string {
  const reason = portReasons[body.readUInt8(0)] ?? 'changed';
  const nameAt = version === 1 ? 8 + 8 : 8 + 16;
  const zero = body.indexOf(0, nameAt);
  const end = zero < 0 ? body.length : zero;
  const name = body.toString('latin1', nameAt, Math.min(end, nameAt + 16));
  const stateAt = nameAt + 16 + 4;
  const state = body.readUInt32BE(stateAt);
  const words = [state & 1 ? 'link down' : 'link up'];
  if (version > 1) words.push(state & 4 ? 'live' : 'not live');
  return `${name} ${reason}: ${words.join(', ')}`;
}
