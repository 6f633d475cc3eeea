/**
 * Watches one Open vSwitch database: link state, BFD state and controller connections, each
 * stamped when the change arrives. Speaks OVSDB's own JSON-RPC (RFC 7047 §4.1.5) on its socket,
 * so that one connection replaces a polling program per node.
 */
import { createConnection, type Socket } from 'node:net';
import { countOf } from '../../bounded-json.js';
import { nowNs } from '../../clock.js';
import type { Emit } from '../../model/history/emit.js';
import {
  mapOf,
  messageLimits,
  monitorId,
  type RowUpdate,
  readOvsdbMessage,
  splitJson,
  wordOf,
} from './ovsdb-message.js';

/** What of a database is the lab's: the host's may hold more. */
export interface Watched {
  /** The switch that a port belongs to; undefined: none of the lab's. */
  nodeOf: (port: string) => string | undefined;
  isOwnController: (target: string) => boolean;
  /** Named for events that belong to the whole instance. */
  owner: string;
}

export interface OvsdbMonitor {
  /** Whether every configured controller connection is up; false when there is none. */
  controllersConnected(): boolean;
  /** Ports whose BFD session forwards. */
  forwardingPorts(): Set<string>;
  stop(): void;
}

const monitorRequest = {
  id: monitorId,
  method: 'monitor',
  params: [
    'Open_vSwitch',
    null,
    {
      Interface: { columns: ['name', 'link_state', 'bfd_status'] },
      Controller: { columns: ['target', 'is_connected', 'role'] },
    },
  ],
};

const retryMs = 250;

/** Monitor the database behind `socketPath`, and go on when its server is restarted. */
export function monitorOvsdb(
  { nodeOf, isOwnController, owner }: Watched,
  socketPath: string,
  emit: Emit,
): OvsdbMonitor {
  const connected = new Map<string, boolean>();
  const forwarding = new Set<string>();
  let socket: Socket | undefined;
  let stopped = false;
  let seenBefore = false;

  const connect = () => {
    if (stopped) return;
    let text = '';
    socket = createConnection(socketPath);
    socket.setEncoding('utf8');
    socket.on('connect', () => socket?.write(JSON.stringify(monitorRequest)));
    socket.on('data', (chunk: string) => {
      text += chunk;
      if (text.length > messageLimits.characters) socket?.destroy();
      const { messages, rest } = splitJson(text);
      text = rest;
      const atNs = nowNs();
      for (const message of messages) handle(message, atNs);
    });
    socket.on('error', () => {
      // The server is dead or not up yet; 'close' follows and retries.
    });
    socket.on('close', () => {
      connected.clear();
      forwarding.clear();
      setTimeout(connect, retryMs).unref();
    });
  };

  const handle = (raw: string, atNs: number) => {
    const message = readOvsdbMessage(raw);
    if (message?.kind === 'echo')
      socket?.write(JSON.stringify({ id: 'echo', result: [], error: null }));
    if (message?.kind !== 'tables') return;
    const { tables, first } = message;
    for (const change of Object.values(tables.Interface ?? {})) onInterface(change, atNs);
    for (const [id, change] of Object.entries(tables.Controller ?? {}))
      onController(id, change, atNs);
    seenBefore ||= first;
  };

  const onController = (id: string, change: RowUpdate, atNs: number) => {
    if (!change.new) {
      connected.delete(id);
      return;
    }
    if (!isOwnController(wordOf(change.new.target))) return;
    const now = change.new.is_connected === true;
    const before = connected.get(id);
    connected.set(id, now);
    if (before === now || (before === undefined && !now)) return;
    const message = now ? 'connected' : 'disconnected';
    const target = wordOf(change.new.target);
    emit({ kind: 'observe.openflow', atNs, node: owner, message, target });
  };

  const onInterface = (change: RowUpdate, atNs: number) => {
    if (!change.new) return;
    const port = wordOf(change.new.name);
    const node = nodeOf(port);
    if (node === undefined) return;
    const link = change.new.link_state;
    const oldLink = change.old?.link_state;
    if (typeof link === 'string' && (oldLink !== undefined || !seenBefore)) {
      emit({ kind: 'observe.link', atNs, node, port, state: link });
    }
    const bfd = mapOf(change.new.bfd_status);
    if (bfd.size === 0) return;
    const alive = bfd.get('forwarding') === 'true';
    if (alive) forwarding.add(port);
    else forwarding.delete(port);
    if (change.old && change.old.bfd_status === undefined) return;
    const old = mapOf(change.old?.bfd_status);
    if (old.get('forwarding') === bfd.get('forwarding') && old.get('state') === bfd.get('state'))
      return;
    emit({
      kind: 'observe.bfd',
      atNs,
      node,
      port,
      state: bfd.get('state') ?? 'unknown',
      forwarding: alive,
      flapCount: countOf(bfd.get('flap_count') ?? 0),
      diagnostic: bfd.get('diagnostic') ?? '',
    });
  };

  connect();
  return {
    controllersConnected: () => connected.size > 0 && [...connected.values()].every(Boolean),
    forwardingPorts: () => new Set(forwarding),
    stop() {
      stopped = true;
      socket?.destroy();
    },
  };
}
