/** Mininet's own topology files, described by Mininet itself and turned into parts. */
import { closeSync, existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { LabError, messageOf } from '../errors.js';
import { packageRoot } from '../package-root.js';
import { openRegular } from '../safe-files.js';
import { quoted } from './units.js';

const element = { name: z.string(), options: z.record(z.string(), z.string()) };
/** Options and classes that the lab cannot build the same. */
const unknown = z.array(z.string());

/** What `describe.py` prints. */
export const mininetDescription = z.object({
  hosts: z.array(z.object({ ...element, unknown })),
  switches: z.array(z.object({ ...element, unknown, dpid: z.string().nullable() })),
  links: z.array(
    z.object({
      ...element,
      unknown,
      a: z.string(),
      b: z.string(),
      ports: z.tuple([z.string(), z.string()]),
    }),
  ),
});

export type MininetDescription = z.output<typeof mininetDescription>;

const answer = z.union([
  mininetDescription,
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
  const refuse = (message: string, hint?: string) =>
    new LabError('SCENARIO_UNREADABLE', message, hint === undefined ? {} : { hint });
  if (!existsSync(file)) throw refuse(`there is no file ${file}`);
  try {
    closeSync(openRegular(file).descriptor);
  } catch (cause) {
    throw refuse(`${file} cannot be read: ${messageOf(cause)}`);
  }
  const script = join(packageRoot(), 'harness/mininet/bridge/describe.py');
  const words = ['-B', script, file, topology, JSON.stringify(parameters)];
  const done = await execa(python, words, { reject: false, timeout: timeLimitMs, stdin: 'ignore' });
  if (done.timedOut) throw refuse(`${file} did not finish loading in ${timeLimitMs / 1000} s`);
  if (done.exitCode !== 0) {
    const lines = `${done.stderr}`.trim().split('\n').slice(-3).join('\n  ');
    const hint = 'failover-lab doctor tells whether Mininet is installed';
    throw refuse(`Mininet could not load ${file}:\n  ${lines}`, hint);
  }
  const said = answer.parse(JSON.parse(done.stdout));
  if (!('error' in said)) return said;
  if (said.line === null) throw refuse(`${file}: ${said.error}`);
  const code = readFileSync(file, 'utf8').split('\n')[said.line - 1]?.trimEnd() ?? '';
  throw refuse(`${file}:${said.line}: ${said.error}\n  ${said.line} | ${code}`);
}

/** Milliseconds of a delay as `tc` takes it: `5ms`, `100us`, `1s`; a bare number is microseconds. */
export function parseTcDelay(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(u|us|usecs?|ms|msecs?|s|secs?)?$/.exec(text);
  if (match === null) return undefined;
  const unit = match[2]?.replace(/ecs?$/, '') ?? 'us';
  const factor = unit.startsWith('m') ? 1 : unit === 's' ? 1000 : 0.001;
  return Number(match[1]) * factor;
}

/** The sentence for an element that cannot be built the same. */
export function notBuilt(what: string, name: string, options: readonly string[]): string {
  return `the ${what} ${quoted(name)} has what the lab does not build: ${options.join(', ')}`;
}
