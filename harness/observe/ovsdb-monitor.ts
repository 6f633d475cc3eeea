/**
 * Watches one Open vSwitch database: link state, BFD state and controller connections, each
 * stamped when the change arrives. Speaks OVSDB's own JSON-RPC (RFC 7047 §4.1.5) on its socket,
 * so that one connection replaces a polling program per node.
 */
import { createConnection, type Socket } from 'node:net';
import { z } from 'zod';
import { nowNs } from '../clock.js';
import type { Emit } from '../history/emit.js';

export interface OvsdbMonitor {
  /** Whether every configured controller connection is up; false when there is none. */
  controllersConnected(): boolean;
  /** Ports whose BFD session forwards. */
  forwardingPorts(): Set<string>;
  stop(): void;
}

const row = z.record(z.string(), z.unknown());
const tableUpdate = z.record(z.string(), z.object({ old: row.optional(), new: row.optional() }));
const updateMessage = z.object({
  method: z.literal('update'),
  params: z.tuple([z.unknown(), z.record(z.string(), tableUpdate)]),
});
const replyMessage = z.object({
  id: z.literal('monitor'),
  result: z.record(z.string(), tableUpdate),
});

const monitorRequest = {
  id: 'monitor',
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
const longestMessage = 16 * 1024 * 1024;

/** Monitor the database behind `socketPath`, and go on when its server is restarted. */
export function monitorOvsdb(
  nodeOf: (port: string) => string,
  owner: string,
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
      if (text.length > longestMessage) socket?.destroy();
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
    const message: unknown = JSON.parse(raw);
    if (typeof message === 'object' && message !== null && 'method' in message) {
      if (message.method === 'echo')
        socket?.write(JSON.stringify({ id: 'echo', result: [], error: null }));
    }
    const update = updateMessage.safeParse(message);
    const reply = replyMessage.safeParse(message);
    const tables = update.success ? update.data.params[1] : reply.success ? reply.data.result : {};
    for (const change of Object.values(tables.Interface ?? {})) onInterface(change, atNs);
    for (const [id, change] of Object.entries(tables.Controller ?? {}))
      onController(id, change, atNs);
    seenBefore ||= reply.success;
  };

  const onController = (id: string, change: z.infer<typeof tableUpdate>[string], atNs: number) => {
    if (!change.new) {
      connected.delete(id);
      return;
    }
    const now = change.new.is_connected === true;
    const before = connected.get(id);
    connected.set(id, now);
    if (before === now || (before === undefined && !now)) return;
    const message = now ? 'connected' : 'disconnected';
    const detail = String(change.new.target ?? '');
    emit({ kind: 'observe.openflow', atNs, node: owner, message, detail });
  };

  const onInterface = (change: z.infer<typeof tableUpdate>[string], atNs: number) => {
    if (!change.new) return;
    const port = String(change.new.name ?? '');
    const node = nodeOf(port);
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
      flapCount: Number(bfd.get('flap_count') ?? 0),
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

/** An OVSDB map, `["map", [[key, value], …]]` (RFC 7047 §5.1). */
function mapOf(value: unknown): Map<string, string> {
  if (!Array.isArray(value) || value[0] !== 'map' || !Array.isArray(value[1])) return new Map();
  return new Map(value[1].map((pair) => [String(pair[0]), String(pair[1])]));
}

/** OVSDB sends JSON values with nothing between them: split where the outermost brace closes. */
export function splitJson(text: string): { messages: string[]; rest: string } {
  const messages: string[] = [];
  let depth = 0;
  let start = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) {
      messages.push(text.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return { messages, rest: text.slice(start) };
}
