/**
 * Just enough of OpenFlow 1.0–1.3 to watch a control channel: the 8-byte header of every message,
 * and a word about the few that matter to a recovery. Pure.
 */

export interface OpenFlowMessage {
  version: number;
  type: number;
  xid: number;
  body: Buffer;
}

const headerBytes = 8;
const longestMessage = 65535;

/** Splits a byte stream into messages. Throws when a header is impossible. */
export class OpenFlowSplitter {
  #rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): OpenFlowMessage[] {
    let rest = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    const messages: OpenFlowMessage[] = [];
    while (rest.length >= headerBytes) {
      const length = rest.readUInt16BE(2);
      if (length < headerBytes || length > longestMessage) {
        throw new Error(`an OpenFlow header claims ${length} bytes`);
      }
      if (rest.length < length) break;
      messages.push({
        version: rest.readUInt8(0),
        type: rest.readUInt8(1),
        xid: rest.readUInt32BE(4),
        body: rest.subarray(headerBytes, length),
      });
      rest = rest.subarray(length);
    }
    this.#rest = Buffer.from(rest);
    return messages;
  }
}

/** What a message is, as far as phases care. */
export type WatchedKind =
  | 'hello'
  | 'echo-request'
  | 'packet-in'
  | 'packet-out'
  | 'flow-mod'
  | 'group-mod'
  | 'port-status'
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
    case 10:
      return 'packet-in';
    case 12:
      return 'port-status';
    case 13:
      return 'packet-out';
    case 14:
      return 'flow-mod';
    case 15:
      return old ? 'other' : 'group-mod';
    case 18:
      return old ? 'barrier' : 'other';
    case 20:
      return old ? 'other' : 'barrier';
    case 24:
      return old ? 'other' : 'role';
    default:
      return 'other';
  }
}

const portReasons = ['added', 'deleted', 'modified'];
const modCommands = ['add', 'modify', 'modify-strict', 'delete', 'delete-strict'];

/** A few words for the history: which port and state, which command; none for a cut-off body. */
export function wordsFor(message: OpenFlowMessage): string {
  return message.body.length < shortestBody(message) ? '' : describe(message);
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
    default:
      return '';
  }
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
