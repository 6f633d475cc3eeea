/** Mininet's own topology files, described by Mininet itself. */
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { basename, isAbsolute, resolve } from 'node:path';
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { LabError, messageOf } from '../../errors.js';
import { type MininetDescription, mininetDescription } from '../../model/mininet-description.js';
import { printable, quoted } from '../../model/units.js';
import { openRegular } from '../../safe-files.js';
import { answerLimits, runPython, timeLimitMs } from './python-program.js';

/** What the file would have done while it was read. */
const refusal = z.object({
  refused: z.enum(['function', 'network', 'program', 'socket']),
  what: z.string(),
  line: z.number().nullable(),
});
const failure = z.object({
  error: z.string(),
  line: z.number().nullable(),
  /** By sys.exit, as argparse does. */
  ended: z.boolean().optional(),
  /** A call with arguments of a wrong number or type. */
  arguments: z.boolean().optional(),
});
const answer = z.union([mininetDescription, refusal, failure]);

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
  const done = await runPython('describe.py', [file, topology, textOf(file, parameters)]);
  if (done.timedOut) throw unreadable(`${file} did not finish loading in ${timeLimitMs / 1000} s`);
  if (done.signal !== undefined) {
    throw unreadable(`${file}: Python was killed by ${done.signal} while reading the file`);
  }
  if (done.exitCode !== 0 && done.printed.length > 0) {
    const lines = done.printed.slice(-3).join('\n  ');
    const hint = /No module named '?mininet/.test(lines)
      ? 'failover-lab doctor reports whether Mininet is installed'
      : undefined;
    throw unreadable(`Mininet could not load ${file}:\n  ${lines}`, hint);
  }
  const json = readBoundedJson(done.answer, answerLimits);
  const read = answer.safeParse('value' in json ? json.value : undefined);
  if (!read.success) {
    const what = 'Python exited before the file was read, with status';
    throw unreadable(
      `${file}: ${what} ${done.exitCode}`,
      'remove os._exit(…) and os.write(…); a topology file defines only its classes and topos',
    );
  }
  if ('refused' in read.data) throw refused(file, topology, read.data);
  if ('error' in read.data) throw failed(file, topology, parameters, read.data, done.printed);
  return read.data;
}

/** The arguments as JSON. */
function textOf(file: string, parameters: readonly unknown[]): string {
  try {
    return JSON.stringify(parameters);
  } catch (cause) {
    const reason = messageOf(cause).split('\n')[0];
    throw unreadable(
      `the arguments of mininetTopology('${file}', …) cannot be passed to Python: ${reason}`,
      'pass numbers, strings, true, false, null, and lists and objects of them',
    );
  }
}

/** What the file raised, where, and what may help. */
function failed(
  file: string,
  topology: string,
  parameters: readonly unknown[],
  { error, line, ended, arguments: wrongArguments }: z.output<typeof failure>,
  printed: readonly string[],
): LabError {
  const [message] = placed(file, line, printable(error, 500));
  if (ended) {
    const lines = printed.slice(-3).map((text) => `\n  it printed: ${text}`);
    const hint =
      'the file is read without command-line arguments; give them defaults, or pass values with mininetTopology(file, name, …)';
    return unreadable(message + lines.join(''), hint);
  }
  if (!wrongArguments || line !== null) return unreadable(message);
  const count = `${parameters.length} argument${parameters.length === 1 ? '' : 's'}`;
  const hint = `the scenario passes ${count} to ${quoted(topology)}; write them after its name: mininetTopology(file, name, …)`;
  return unreadable(message, hint);
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
    function: `${quoted(read.what)} is a function that is not listed in topos; it was not called, because a function may build a network`,
    network: `the file builds a network itself, with ${read.what}; nothing was built`,
    program: `the file starts a program while it is loaded, ${quoted(read.what)}; it was not started`,
    socket: `the file opens a ${read.what} while it is loaded, which can create interfaces; it was not opened`,
  };
  const name = read.refused === 'function' ? read.what : topology;
  const cls = /^[a-z]\w*$/i.test(name) ? `${name[0]?.toUpperCase()}${name.slice(1)}` : 'Lab';
  const example = [
    'the lab builds the network itself, from a description; make it a Topo:',
    '  from mininet.topo import Topo',
    `  class ${cls}(Topo):`,
    '      def build(self):',
    "          self.addHost('h1', ip='10.0.0.1/8')",
    "          self.addSwitch('s1')",
    "          self.addLink('h1', 's1')",
    `  topos = {'${name}': ${cls}}`,
    `or write a scenario from the script: failover-lab import ${basename(file)}`,
  ].join('\n');
  const hint =
    read.refused === 'program'
      ? 'compute the value in Python (os.cpu_count(), platform.release()), or pass it with mininetTopology(file, name, …)'
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
