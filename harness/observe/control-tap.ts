/**
 * Watches the control channels of all switches and controllers, and says whose each message is.
 * How the wire is read is in `tap/tap.py`.
 */
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';
import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import type { Emit } from '../history/emit.js';
import { packageRoot } from '../package-root.js';
import type { ResolvedTopology } from '../scenario/resolved.js';
import { channelAddressOf, controllerAddress } from '../topology/control-network.js';
import { kindOf, type OpenFlowMessage, tellingKind, wordsFor } from './openflow-wire.js';
import { readTapLine, type TapMessage, type TapTally } from './tap-line.js';
import { tappedInterfaces } from './tapped-interfaces.js';

/** Its name among the processes of a record. */
const tapName = 'watch of the control channels';

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
    topology.nodes
      .filter((node) => node.kind !== 'host')
      .map(({ name }) => [channelAddressOf(topology, name), name]),
  );
  const argv = [
    ...['-B', join(packageRoot(), 'harness/observe/tap/tap.py')],
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
  const lines = createInterface({ input: child.stdout });
  let stopping = false;
  const started = new Promise<void>((resolve, reject) => {
    lines.on('line', (text) => {
      const line = readTapLine(text);
      if (line === null) return;
      if ('ready' in line) resolve();
      else if ('counts' in line) tellCounts(line, nodes, emit);
      else tellMessage(line, nodes, ports, emit);
    });
    void child.then((result) => {
      const exitCode = result.exitCode ?? null;
      const signal = result.signal ?? null;
      const text = `The ${tapName} ended at start with ${signal ?? `status ${exitCode}`}.`;
      const hint = `What it said is in ${logFile}.`;
      reject(new LabError('WATCH_FAILED', text, { hint }));
      emit({
        ...{ kind: 'process.exit', atNs: nowNs(), process: tapName, node: null },
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

function tellMessage(
  line: TapMessage,
  nodes: ReadonlyMap<string, string>,
  ports: readonly number[],
  emit: Emit,
): void {
  const node = nodes.get(line.switch);
  if (node === undefined) return;
  const { version, type, xid } = line;
  const seen: OpenFlowMessage = { version, type, xid, body: Buffer.from(line.body, 'hex') };
  const kind = tellingKind(kindOf(seen));
  if (kind === undefined) return;
  emit({
    kind: 'observe.openflow',
    atNs: line.atNs,
    node,
    message: kind,
    detail: wordsFor(seen),
    ...(ports.length > 1 ? { instance: ports.indexOf(line.port) } : {}),
  });
}

function tellCounts(line: TapTally, nodes: ReadonlyMap<string, string>, emit: Emit): void {
  if (line.lost > 0) {
    const text = `${line.lost} packets of the control channels passed unread: what was in them is not in the record.`;
    emit({ kind: 'warning', atNs: line.atNs, text });
  }
  // A silent second counts as well: rates are messages over all seconds.
  for (const [address, node] of nodes) {
    const sums = { packetIn: 0, packetOut: 0, flowMod: 0, other: 0 };
    for (const [key, number] of Object.entries(line.counts[address] ?? {})) {
      // Negative: of OpenFlow 1.0, whose numbers mean other things.
      const type = Math.abs(Number(key));
      const kind = kindOf({
        version: Number(key) < 0 ? 1 : 4,
        type,
        xid: 0,
        body: Buffer.alloc(0),
      });
      if (kind === 'packet-in') sums.packetIn += number;
      else if (kind === 'packet-out') sums.packetOut += number;
      else if (kind === 'flow-mod') sums.flowMod += number;
      else if (kind !== 'hello') sums.other += number;
    }
    const { atNs, windowMs } = line;
    emit({ kind: 'observe.messages', atNs, node, windowMs, ...sums });
  }
}
