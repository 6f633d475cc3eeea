/** Whether anybody listens on a TCP port of this network namespace, at whatever address. */
import { readFileSync } from 'node:fs';

const listenState = '0A';

/** Looks without connecting: a controller would take that for a switch. */
export function anyoneListens(port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return ['tcp', 'tcp6'].some((table) =>
    linesOf(`/proc/self/net/${table}`).some((line) => {
      const [, local, , state] = line.trim().split(/\s+/);
      return state === listenState && local?.endsWith(suffix) === true;
    }),
  );
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}
