/** Serves the user's terminal with Mininet's command line until the user leaves. */
import * as z from 'zod';
import { LabError } from '../../errors.js';
import type { Lab } from '../lab.js';
import type { ArrivalQueue, DriveNote } from './drive.js';

/** The only order a shell takes from outside: Ctrl-C at the terminal, which the sandbox cannot see. */
export const controlC = { verb: 'control-c' } as const;

const controlCOrder = z.object({ verb: z.literal(controlC.verb) });

/** Returns when the shell ends; rejects when the lab has to end before, or loses its bridge. */
export async function serveShell(
  lab: Lab,
  orders: ArrivalQueue<unknown>,
  tell: (note: DriveNote) => void,
  signal: AbortSignal,
): Promise<void> {
  const { terminal } = lab.plan;
  if (!terminal) throw new LabError('INTERNAL', 'The shell needs a terminal.');
  tell({ note: 'ready', nodes: lab.topology.nodes.map((node) => node.name) });
  const ended = new AbortController();
  const words = { terminal: terminal.device, terminalType: terminal.type };
  const shell = lab.bridge.call('shell', words, z.unknown(), null);
  const passing = passOn(lab, orders, AbortSignal.any([signal, ended.signal]));
  const end = () => void lab.bridge.call('endShell', {}, z.unknown()).catch(() => {});
  signal.addEventListener('abort', end, { once: true });
  try {
    signal.throwIfAborted();
    await shell;
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener('abort', end);
    ended.abort();
    await passing;
  }
}

/** Turn every order into Ctrl-C inside, until `signal`. */
async function passOn(lab: Lab, orders: ArrivalQueue<unknown>, signal: AbortSignal): Promise<void> {
  try {
    for (let order = await orders.next(signal); order !== null; order = await orders.next(signal)) {
      controlCOrder.parse(order);
      await lab.bridge.call('interruptShell', {}, z.unknown());
    }
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
}
