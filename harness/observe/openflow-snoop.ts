/**
 * Watches a switch's control channel through OVS's snoop socket, which repeats every message
 * between the switch and its controllers. Works with any controller, since it asks none.
 */
import { createConnection, type Socket } from 'node:net';
import { nowNs } from '../clock.js';
import { messageOf } from '../errors.js';
import type { Emit } from '../history/emit.js';
import {
  kindOf,
  type OpenFlowMessage,
  OpenFlowSplitter,
  tellingKind,
  wordsFor,
} from './openflow-wire.js';

export interface Snoop {
  stop(): void;
}

const retryMs = 250;
const countEveryMs = 1000;
/** HELLO offering versions 1.0 to 1.3 (version bitmap, OpenFlow 1.3.5 §7.5.1). */
const hello = Buffer.from([4, 0, 0, 16, 0, 0, 0, 1, 0, 1, 0, 8, 0, 0, 0, 0x1e]);

/**
 * Snoop on bridge `bridge` of the instance whose sockets lie in `folder`, and go on when the
 * daemon is restarted.
 */
export function snoop(node: string, folder: string, bridge: string, emit: Emit): Snoop {
  const counts = { packetIn: 0, packetOut: 0, flowMod: 0, other: 0 };
  let windowStart = nowNs();
  let socket: Socket | undefined;
  let stopped = false;

  const connect = () => {
    if (stopped) return;
    const splitter = new OpenFlowSplitter();
    socket = createConnection(`${folder}/${bridge}.snoop`);
    socket.on('connect', () => socket?.write(hello));
    socket.on('data', (chunk) => {
      const atNs = nowNs();
      try {
        for (const message of splitter.push(chunk)) watch(message, atNs);
      } catch (thrown) {
        // What follows an impossible header cannot be cut into messages: begin anew.
        emit({ kind: 'warning', atNs, text: `The snoop on ${node}: ${messageOf(thrown)}.` });
        socket?.destroy();
      }
    });
    socket.on('error', () => {
      // The daemon is dead or not up yet; 'close' follows and retries.
    });
    socket.on('close', () => setTimeout(connect, retryMs).unref());
  };

  const watch = (message: OpenFlowMessage, atNs: number) => {
    const kind = kindOf(message);
    if (kind === 'packet-in') counts.packetIn++;
    else if (kind === 'packet-out') counts.packetOut++;
    else if (kind === 'flow-mod') counts.flowMod++;
    else if (kind !== 'hello') counts.other++;
    const telling = tellingKind(kind);
    if (telling) {
      emit({ kind: 'observe.openflow', atNs, node, message: telling, detail: wordsFor(message) });
    }
  };

  const timer = setInterval(() => {
    const atNs = nowNs();
    const windowMs = (atNs - windowStart) / 1e6;
    emit({ kind: 'observe.messages', atNs, node, windowMs, ...counts });
    Object.assign(counts, { packetIn: 0, packetOut: 0, flowMod: 0, other: 0 });
    windowStart = atNs;
  }, countEveryMs);
  connect();

  return {
    stop() {
      stopped = true;
      clearInterval(timer);
      socket?.destroy();
    },
  };
}
