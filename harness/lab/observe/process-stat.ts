/** What the kernel reports of a process by its id. */
import { readFileSync } from 'node:fs';

/** What follows the program's name in `/proc/<pid>/stat`: state, parent, process group … */
export function statFields(pid: number | string): string[] {
  const text = readOr(`/proc/${pid}/stat`);
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

/** False for a process that is gone, and for one that only waits for its parent to hear of it. */
export function isAlive(pid: number): boolean {
  const [state = ''] = statFields(pid);
  return state !== '' && !/^[ZX]/.test(state);
}

/** The text of a file of the kernel's; empty when it is not there. */
export function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
