/** A machine from a recorded tree: test/fixtures/machines/<name>, its programs in machine.json. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult, Machine } from '../harness/doctor/machine.js';
import { packageRoot } from '../harness/package-root.js';

type Answer = Partial<CommandResult>;

export interface Facts {
  nodeVersion: string;
  userId: number;
  /** Devices that do not open, with the error code. */
  openErrors?: Record<string, string>;
  /** What programs answered, by the beginning of their command line; others are missing. */
  commands: Record<string, Answer>;
}

/** What differs from the record; a file of `null` is not there. */
export interface Changes {
  facts?: Partial<Facts>;
  commands?: Record<string, Answer>;
  files?: Record<string, string | null>;
}

function orNull<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}

export function recordedMachine(name: string, changes: Changes = {}): Machine {
  const root = join(packageRoot(), 'test/fixtures/machines', name);
  const recorded = JSON.parse(readFileSync(join(root, 'machine.json'), 'utf8')) as Facts;
  const facts: Facts = { ...recorded, ...changes.facts };
  const commands = { ...facts.commands, ...changes.commands };
  const changed = (path: string) => changes.files?.[path];
  const readBytes = (path: string): Buffer | null => {
    const own = changed(path);
    if (own !== undefined) return own === null ? null : Buffer.from(own);
    return orNull(() => readFileSync(join(root, path)));
  };
  return {
    nodeVersion: facts.nodeVersion,
    userId: facts.userId,
    readBytes,
    read: (path) => readBytes(path)?.toString('utf8') ?? null,
    exists: (path) => {
      const own = changed(path);
      return own === undefined ? existsSync(join(root, path)) : own !== null;
    },
    list: (path) => orNull(() => readdirSync(join(root, path))) ?? [],
    openError: (path) => facts.openErrors?.[path] ?? null,
    run: async (argv) => {
      const line = argv.join(' ');
      const key = Object.keys(commands).find((start) => line.startsWith(start));
      const answer = key === undefined ? { outcome: 'missing' as const } : commands[key];
      return { outcome: 'ended', exitCode: 0, stdout: '', stderr: '', ...answer };
    },
  };
}
