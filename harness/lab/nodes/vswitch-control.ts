/**
 * Sends a command to ovs-vswitchd by JSON-RPC on its control socket, as ovs-appctl(8) does. A trial
 * traces dozens of paths, also while traffic is measured: starting a program for each costs too much.
 */
import { createConnection } from 'node:net';
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';

const replySchema = z.object({ result: z.string().nullable(), error: z.unknown() });
const replyLimits = { characters: 16 * 1024 * 1024, depth: 4 };

/** `refused`: no listener, or the daemon returned an error; `unanswered`: no whole reply in time. */
export type ControlReply = { text: string } | { problem: 'refused' | 'unanswered' };

/** One command; never rejects. @param limitMs From the call to the whole reply. */
export function callVswitch(
  socketPath: string,
  method: string,
  params: readonly string[],
  limitMs: number,
): Promise<ControlReply> {
  return new Promise((resolve) => {
    let text = '';
    const socket = createConnection(socketPath);
    const finish = (reply: ControlReply) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(reply);
    };
    const limit = setTimeout(() => finish({ problem: 'unanswered' }), limitMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(JSON.stringify({ id: 0, method, params })));
    socket.on('data', (chunk: string) => {
      text += chunk;
      // The reply is one object; only its end can make it whole.
      if (text.length <= replyLimits.characters && !chunk.trimEnd().endsWith('}')) return;
      const reply = replyOf(text);
      if (reply) finish(reply);
    });
    socket.on('error', () => finish({ problem: 'refused' }));
    socket.on('close', () => finish({ problem: 'refused' }));
  });
}

/** Null: it is not whole yet. Pure. */
function replyOf(text: string): ControlReply | null {
  const read = readBoundedJson(text, replyLimits);
  if (!('value' in read)) {
    return text.length > replyLimits.characters ? { problem: 'refused' } : null;
  }
  const reply = replySchema.safeParse(read.value);
  const answer = reply.success ? reply.data.result : null;
  return answer === null ? { problem: 'refused' } : { text: answer };
}
