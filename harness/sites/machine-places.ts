/** The places where programs run: this machine, and others that ssh reaches. */
import { runToEnd } from './program-end.js';
import { spawnGuarded } from './program-guard.js';
import type { ProgramPlace } from './program-place.js';

/** This machine. */
export const thisMachine: ProgramPlace = placeBehind('this machine', [], (words) => [...words]);

/**
 * Another machine.
 * @param via An ssh-like program and its options: what follows is the destination, then one command
 *   for that machine's shell.
 */
export function placeBySsh(via: readonly string[], destination: string): ProgramPlace {
  const prefix = [...via, ...(isSsh(via) ? sshOptions : []), destination];
  return placeBehind(destination, prefix, (words) => [words.map(quoted).join(' ')]);
}

/**
 * No question can be answered here, a way that is dead for 6 s is given up, and another session's
 * connection is not used, so that it is known when this one breaks. ssh takes the first value of an
 * option, so those in `via` stand.
 */
const sshOptions = [
  ...['-T', '-o', 'BatchMode=yes', '-o', 'ConnectTimeout=10', '-o', 'ControlPath=none'],
  ...['-o', 'ServerAliveInterval=2', '-o', 'ServerAliveCountMax=3'],
];

function isSsh([program = '']: readonly string[]): boolean {
  return program === 'ssh' || program.endsWith('/ssh');
}

/** As one word of a POSIX shell. Pure. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

function placeBehind(
  name: string,
  prefix: readonly string[],
  commandOf: (words: readonly string[]) => string[],
): ProgramPlace {
  return {
    name,
    exec: (words, limits) => runToEnd([...prefix, ...commandOf(words)], limits),
    spawn: (words, farewell) => spawnGuarded([...prefix, ...commandOf(words)], farewell),
  };
}
