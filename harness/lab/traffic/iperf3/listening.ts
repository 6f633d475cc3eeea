/** Whether a process's network namespace has a TCP socket listening on a port. */
import { readFileSync } from 'node:fs';

const listenState = '0A';

/** False as well when the process is gone. */
export function listensOn(pid: number, port: number): boolean {
  return ['tcp', 'tcp6'].some((table) => {
    try {
      return hasListener(readFileSync(`/proc/${pid}/net/${table}`, 'utf8'), port);
    } catch {
      return false;
    }
  });
}

/** Looks for the port in a table in the form of /proc/net/tcp. */
export function hasListener(table: string, port: number): boolean {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return table.split('\n').some((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    return state === listenState && local?.endsWith(suffix) === true;
  });
}
