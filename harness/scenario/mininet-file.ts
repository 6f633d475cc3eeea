/** Mininet's own topology files, described by Mininet itself. */
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { z } from 'zod';
import { LabError, messageOf } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { openRegular } from '../safe-files.js';
import { type MininetDescription, mininetDescription } from './mininet-description.js';
import { quoted } from './units.js';

/** What the file would have done while it was read. */
const refusal = z.object({
  refused: z.enum(['function', 'network', 'program', 'socket']),
  what: z.string(),
  line: z.number().nullable(),
});
const answer = z.union([
  mininetDescription,
  refusal,
  z.object({ error: z.string(), line: z.number().nullable() }),
]);

// The bridge's interpreter: another python3 may come first on PATH and lack Mininet.
const python = '/usr/bin/python3';
const timeLimitMs = 20_000;

/** A part of a topology that names a file; anything else is left to validation. */
interface FilePart {
  kind: 'mininet';
  file: string;
  topology: string;
  arguments: unknown[];
}

/**
 * A copy of a written topology in which every Mininet file is described and its path is absolute.
 *
 * @throws LabError SCENARIO_UNREADABLE, naming the Python file and its line.
 */
export async function describeMininetFiles(topology: unknown, folder: string): Promise<unknown> {
  if (Array.isArray(topology)) {
    return Promise.all(topology.map((part) => describeMininetFiles(part, folder)));
  }
  if (!isFilePart(topology)) return topology;
  const file = isAbsolute(topology.file) ? topology.file : resolve(folder, topology.file);
  const description = await describeFile(file, topology.topology, topology.arguments);
  return { ...topology, file, description };
}

function isFilePart(part: unknown): part is FilePart {
  if (typeof part !== 'object' || part === null || !('kind' in part)) return false;
  const { file, topology, arguments: list } = { ...part } as Partial<FilePart>;
  const texts = typeof file === 'string' && typeof topology === 'string';
  return part.kind === 'mininet' && texts && Array.isArray(list);
}

async function describeFile(
  file: string,
  topology: string,
  parameters: readonly unknown[],
): Promise<MininetDescription> {
  if (!existsSync(file)) throw unreadable(`there is no file ${file}`);
  try {
    closeSync(openRegular(file).descriptor);
  } catch (cause) {
    throw unreadable(`${file} cannot be read: ${messageOf(cause)}`);
  }
  const script = join(packageRoot(), 'harness/mininet/bridge/describe.py');
  const words = ['-B', script, file, topology, JSON.stringify(parameters)];
  // Most scenarios name no such file.
  const { execa } = await import('execa');
  const done = await execa(python, words, { reject: false, timeout: timeLimitMs, stdin: 'ignore' });
  if (done.timedOut) throw unreadable(`${file} did not finish loading in ${timeLimitMs / 1000} s`);
  if (done.exitCode !== 0) {
    const lines = `${done.stderr}`.trim().split('\n').slice(-3).join('\n  ');
    const hint = 'failover-lab doctor reports whether Mininet is installed';
    throw unreadable(`Mininet could not load ${file}:\n  ${lines}`, hint);
  }
  const read = answer.parse(JSON.parse(done.stdout));
  if ('refused' in read) throw refused(file, topology, read);
  if ('error' in read) throw unreadable(...placed(file, read.line, read.error));
  return read;
}

function unreadable(message: string, hint?: string): LabError {
  return new LabError('SCENARIO_UNREADABLE', message, hint === undefined ? {} : { hint });
}

/** The message with the file, and with the line that is to blame where there is one. */
function placed(file: string, line: number | null, message: string): [string] {
  if (line === null) return [`${file}: ${message}`];
  const code = readFileSync(file, 'utf8').split('\n')[line - 1]?.trimEnd() ?? '';
  return [`${file}:${line}: ${message}\n  ${line} | ${code}`];
}

/** What the file does while it is read, and how to state the network instead. */
function refused(file: string, topology: string, read: z.output<typeof refusal>): LabError {
  const messages = {
    function: `${quoted(read.what)} is a function that topos does not name; it is not called, since a function may build a network`,
    network: `the file builds a network itself, with ${read.what}; nothing was built`,
    program: `the file starts a program while it is read, ${quoted(read.what)}; it was not started`,
    socket: `the file opens a ${read.what} while it is read, by which interfaces are made; it was not opened`,
  };
  const name = read.refused === 'function' ? read.what : topology;
  const cls = /^[a-z]\w*$/i.test(name) ? `${name[0]?.toUpperCase()}${name.slice(1)}` : 'Lab';
  const example = [
    'the lab builds the network itself, from a description of it; make it a Topo:',
    '  from mininet.topo import Topo',
    `  class ${cls}(Topo):`,
    '      def build(self):',
    "          self.addHost('h1', ip='10.0.0.1/8')",
    "          self.addSwitch('s1')",
    "          self.addLink('h1', 's1')",
    `  topos = {'${name}': ${cls}}`,
  ].join('\n');
  const hint =
    read.refused === 'program'
      ? 'compute the value in Python (os.cpu_count(), platform.release()), or hand it over with mininetTopology(file, name, …)'
      : example;
  return unreadable(...placed(file, read.line, messages[read.refused]), hint);
}

/**
 * Milliseconds of a delay as `tc` takes it: `5ms`, `100us`, `1s`, in any case; a bare number is
 * microseconds. Undefined when `tc` would refuse it.
 */
export function parseTcDelay(text: string): number | undefined {
  const match = /^(\d+(?:\.\d*)?|\.\d+)(ns|nsecs?|u|us|usecs?|ms|msecs?|s|secs?)?$/i.exec(text);
  if (match === null) return undefined;
  const unit = (match[2] ?? 'us').toLowerCase();
  const factor = unit.startsWith('ms') ? 1 : unit.startsWith('s') ? 1000 : 0.001;
  return Number(match[1]) * (unit.startsWith('n') ? 1e-6 : factor);
}
