/** A finding as a scenario file: the searched scenario with another timeline, ready to be committed. */
import { dirname, extname, isAbsolute, relative } from 'node:path';
import { callOf } from '../kinds/call.js';
import { faultOf } from '../kinds/fault-tables.js';
import type { Topology, TopologyPart } from '../language/topology/parts.js';
import type { Scenario } from '../language/written/scenario.js';
import type { ScheduledFailure } from '../model/finding.js';
import type { FaultKind } from '../model/resolved.js';

export interface FindingScenario {
  /** Absolute paths of the file to be written, and of the searched scenario's. */
  file: string;
  base: string;
  /** The searched scenario, with the files that it names. */
  written: Scenario;
  /** One line each: what was found, and the command that shows it again. */
  finding: string;
  command: string;
  question: string;
  schedule: readonly ScheduledFailure[];
  /** Steps and expectations, as they are written. */
  timeline: object[];
  expect: object[];
}

/** The text of the file. It imports the searched scenario, so that it follows its network. */
export function findingFile(finding: FindingScenario): string {
  const { timeline, expect } = finding;
  const steps = timeline.map(stepText);
  const calls = new Set(['at', 'scenario', ...steps.flatMap(({ calls }) => calls)]);
  const names = [...calls].sort((one, other) => one.localeCompare(other, 'en'));
  return `/**
 * ${finding.finding}
 * Reproduce: ${finding.command}
 */
import { ${names.join(', ')} } from 'failover-lab';
import base from '${importPath(finding)}';

export default scenario({
  ...base,
${fromHere(finding)}  question: ${quoted(finding.question)},
  timeline: [
${steps.map(({ text }) => `    ${text},`).join('\n')}
  ],
  expect: [${expect.map((one) => `\n    ${literal(one)},`).join('')}${expect.length > 0 ? '\n  ' : ''}],
  allowNoEffect: true,
});
`;
}

function importPath({ file, base }: FindingScenario): string {
  const path = besides(file, base);
  return path.slice(0, path.length - extname(path).length) + extname(path).replace('ts', 'js');
}

/**
 * The parts of the scenario that name files by a path, which is relative to the scenario file: from
 * the file to be written it is another one.
 */
function fromHere({ file, written: { controller, topology } }: FindingScenario): string {
  const moved = (path: string) => (isAbsolute(path) ? besides(file, path) : path);
  const lines: string[] = [];
  if (controller?.kind === 'osken' && controller.applications.some(isAbsolute)) {
    const applications = controller.applications.map(moved);
    lines.push(`  controller: ${literal({ ...controller, applications })},\n`);
  }
  const parts = partsOf(topology);
  if (parts.some(({ kind }) => kind === 'mininet')) {
    const texts = parts.map((part) => {
      if (part.kind !== 'mininet') return literal(part);
      return literal({ ...part, file: moved(part.file), description: undefined });
    });
    lines.push(`  topology: [${texts.map((text) => `\n    ${text},`).join('')}\n  ],\n`);
  }
  return lines.join('');
}

function partsOf(topology: Topology): TopologyPart[] {
  return topology.flatMap((part) => ('kind' in part ? [part] : partsOf(part)));
}

/** A path to `other` from the folder of `file`, which begins with a dot. */
function besides(file: string, other: string): string {
  const path = relative(dirname(file), other);
  return path.startsWith('.') ? path : `./${path}`;
}

/** `at('2s', powerOff('r1', { as: 'failure-1' }))`; a kind with values of its own as plain data. */
function stepText(step: object): { text: string; calls: string[] } {
  const { time, action } = step as { time: string; action: Record<string, unknown> };
  const at = (text: string) => `at(${quoted(shortTime(time))}, ${text})`;
  if (action.kind === 'heal') {
    return { text: at(`heal(${quoted(String(action.fault))})`), calls: ['heal'] };
  }
  const { kind, target, as, ...rest } = action;
  const simple = typeof target === 'string' && Object.keys(rest).length === 0;
  if (!simple) return { text: at(literal(action)), calls: [] };
  const name = callOf(faultOf(kind as FaultKind));
  return { text: at(`${name}(${quoted(target)}, { as: ${quoted(String(as))} })`), calls: [name] };
}

/** `2000ms` is `2s`. */
function shortTime(time: string): string {
  const ms = Number.parseInt(time, 10);
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .map(([key, field]) => `${/^[a-z]\w*$/i.test(key) ? key : quoted(key)}: ${literal(field)}`);
  return `{ ${fields.join(', ')} }`;
}

function quoted(text: string): string {
  const plain = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${plain}'`;
}
