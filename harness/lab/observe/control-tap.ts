/**
 * Watches the control channels of all switches and controllers, and says whose each message is.
 * How the wire is read is in `tap/tap.py`.
 */
import type { Emit } from '../../model/history/emit.js';
import { channelAddressOf, controllerAddress } from '../../model/network/control-network.js';
import { nodesWith } from '../../model/node-traits.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { eventsOfTapLine } from './tap-events.js';
import { readTapLine, tapLineLimits } from './tap-line.js';
import { tappedInterfaces } from './tapped-interfaces.js';
import { startWatch } from './watch-program.js';

const self = { role: 'watch', of: 'control-channels' } as const;

/** Messages reported one by one; which of them are recorded depends on the version. */
const toldTypes = [1, 6, 12, 14, 15, 16, 24, 25];

export interface TapOptions {
  python: string;
  topology: ResolvedTopology;
  /** OpenFlow ports of the instances, in order. */
  ports: readonly number[];
  logFile: string;
  emit: Emit;
}

/** Start watching; resolves once everything that passes is seen. Throws WATCH_FAILED. */
export function tapControllers(options: TapOptions): Promise<{ stop(): Promise<void> }> {
  const { python, topology, ports, emit, logFile } = options;
  const nodes = new Map(
    nodesWith(topology.nodes, 'calls-controller').map(({ name }) => [
      channelAddressOf(topology, name),
      name,
    ]),
  );
  const words = [
    ...interfaceWords(topology),
    ...['--first-port', String(Math.min(...ports)), '--last-port', String(Math.max(...ports))],
    ...['--controller-address', controllerAddress, '--types', toldTypes.join(',')],
  ];
  return startWatch({
    ...{ python, program: 'tap/tap.py', words, process: self, logFile, emit },
    charactersMax: tapLineLimits.characters,
    onLine(text) {
      const line = readTapLine(text);
      if (line === null) return false;
      for (const event of eventsOfTapLine(line, nodes, ports)) emit(event);
      return 'ready' in line;
    },
  });
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
