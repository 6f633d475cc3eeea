/**
 * Watches the control channels of all switches and controllers, and says whose each message is.
 * How the wire is read is in `tap/tap.py`.
 */

import { join } from 'node:path';
import { execa } from 'execa';
import { nowNs } from '../../clock.js';
import { LabError } from '../../errors.js';
import { readLines } from '../../line-reader.js';
import type { Emit } from '../../model/history/emit.js';
import { channelAddressOf, controllerAddress } from '../../model/network/control-network.js';
import { nodesWith } from '../../model/node-traits.js';
import { processName } from '../../model/process-id.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { packageRoot } from '../../package-root.js';
import { eventsOfTapLine } from './tap-events.js';
import { readTapLine, tapLineLimits } from './tap-line.js';
import { tappedInterfaces } from './tapped-interfaces.js';

const self = { role: 'watch', of: 'control-channels' } as const;

/** Messages told one by one; which of them are recorded, the version decides. */
const toldTypes = [1, 6, 12, 14, 15, 16, 24, 25];

export interface TapOptions {
  python: string;
  topology: ResolvedTopology;
  /** OpenFlow ports of the instances, in order. */
  ports: readonly number[];
  logFile: string;
  emit: Emit;
}

export interface ControlTap {
  stop(): Promise<void>;
}

/** Start watching; resolves once everything that passes is seen. Throws WATCH_FAILED. */
export async function tapControllers(options: TapOptions): Promise<ControlTap> {
  const { python, topology, ports, emit, logFile } = options;
  const nodes = new Map(
    nodesWith(topology.nodes, 'calls-controller').map(({ name }) => [
      channelAddressOf(topology, name),
      name,
    ]),
  );
  const argv = [
    ...['-B', join(packageRoot(), 'harness/lab/observe/tap/tap.py')],
    ...interfaceWords(topology),
    ...['--first-port', String(Math.min(...ports)), '--last-port', String(Math.max(...ports))],
    ...['--controller-address', controllerAddress, '--types', toldTypes.join(',')],
  ];
  const child = execa(python, argv, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: { file: logFile },
    buffer: false,
    reject: false,
  });
  let stopping = false;
  const started = new Promise<void>((resolve, reject) => {
    const onLine = (text: string) => {
      const line = readTapLine(text);
      if (line === null) return;
      if ('ready' in line) resolve();
      for (const event of eventsOfTapLine(line, nodes, ports)) emit(event);
    };
    readLines(child.stdout, {
      charactersMax: tapLineLimits.characters,
      onLine,
      // Like every line that cannot be read: the last one of a process that was killed, say.
      onTooLong: () => {},
    });
    void child.then((result) => {
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      const text = `The ${processName(self)} ended at start with ${signal ?? `status ${exitCode}`}.`;
      const hint = `Its output is in ${logFile}.`;
      reject(new LabError('WATCH_FAILED', text, { hint }));
      emit({
        ...{ kind: 'process.exit', atNs: nowNs(), process: self, node: null },
        ...{ exitCode, signal, expected: stopping, lastLines: [] },
      });
    });
  });
  await started;
  return {
    async stop() {
      stopping = true;
      child.stdin.end();
      await child;
    },
  };
}

function interfaceWords(topology: ResolvedTopology): string[] {
  const { bothWays, toControllers, fromControllers } = tappedInterfaces(topology);
  const words = {
    'both-ways': bothWays,
    'to-controllers': toControllers,
    'from-controllers': fromControllers,
  };
  return Object.entries(words).flatMap(([option, names]) =>
    names.length === 0 ? [] : [`--${option}`, names.join(',')],
  );
}
