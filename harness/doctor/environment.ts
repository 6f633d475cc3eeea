/** The machine and the versions a run was made with, for the head of its record. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Environment } from '../model/history/events.js';
import { packageRoot } from '../package-root.js';
import { hostMachine } from './host-machine.js';
import { kernelRelease, type Machine, osRelease } from './machine.js';
import { iperf3Version, ovsVersion } from './programs.js';
import { pythonFacts } from './python.js';

type Chosen = Pick<
  Environment,
  'datapath' | 'sandbox' | 'clock' | 'network' | 'labs' | 'substitutions'
>;
type Measured = Omit<Environment, keyof Chosen>;

const absent = 'not installed';

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return String(version);
}

/** The commit of the folder one works in, with `-dirty` when files differ from it. */
async function commit(machine: Machine): Promise<string | null> {
  const argv = ['git', '-C', process.cwd(), 'describe', '--always', '--dirty', '--abbrev=40'];
  const { stdout, exitCode } = await machine.run([...argv, '--exclude=*']);
  return exitCode === 0 ? stdout.trim() : null;
}

async function measure(machine: Machine): Promise<Measured> {
  const [python, ovs, iperf3, head] = await Promise.all([
    pythonFacts(machine),
    ovsVersion(machine),
    iperf3Version(machine),
    commit(machine),
  ]);
  return {
    kernel: `${kernelRelease(machine)} ${arch()}`,
    cores: availableParallelism(),
    distribution: osRelease(machine, 'PRETTY_NAME') || 'unknown',
    node: process.versions.node,
    python: python.python ?? absent,
    mininet: python.mininet ?? absent,
    ovs: ovs ?? absent,
    iperf3: iperf3 ?? absent,
    osken: python.osken ?? absent,
    failoverLab: ownVersion(),
    commit: head,
  };
}

let measured: Promise<Measured> | undefined;

/** Begins to measure, in parallel and once in a process; resolves when all is known. */
export function beginEnvironment(): Promise<Measured> {
  // Versions are wanted even on a busy machine: patience here is for the record, not for a reader.
  measured ??= measure(hostMachine(5000));
  return measured;
}

/** What was measured, and what the run decided for itself. */
export async function collectEnvironment(chosen: Chosen): Promise<Environment> {
  return { ...(await beginEnvironment()), ...chosen };
}
