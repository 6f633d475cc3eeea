/** One live lab: the network, its controller, what watches it, and the undo of each. */

import { nowNs } from '../clock.js';
import { LabError } from '../errors.js';
import { controlAddressOf } from '../model/network/control-network.js';
import type { TracedPath } from '../model/network/traced-path.js';
import { controlledNodes, nodesWith } from '../model/node-traits.js';
import { openFlowPort } from '../model/open-flow.js';
import type { RunnerPlan } from '../model/plan.js';
import type { ResolvedTopology } from '../model/resolved.js';
import { markVariable, ownerVariable } from '../sites/mark.js';
import type { CleanupStack } from './cleanup-stack.js';
import type { RunningController } from './controllers/controller.js';
import { startController } from './controllers/start.js';
import { Handshakes } from './handshakes.js';
import type { Journal } from './journal.js';
import { processGroups, shellsOf } from './lab-processes.js';
import { BridgeClient, type NodeChange } from './mininet/client.js';
import { watchedOf } from './monitored-tables.js';
import { tapControllers } from './observe/control-tap.js';
import { type PortCounters, readCounters } from './observe/counters.js';
import { watchDrops } from './observe/drop-watch.js';
import { monitorOvsdb, type OvsdbMonitor } from './observe/ovsdb-monitor.js';
import { watchPressure } from './observe/pressure.js';
import { watchProcesses } from './observe/process-watch.js';
import { watchRouting } from './observe/routing-watch.js';
import { bfdSettings, connecting, givingBfd, hastening, oncePerInstance } from './ovsdb-changes.js';
import type { Failures } from './root-cause.js';
import { tracedPath } from './traced-path.js';

/** Where everything of a lab lives inside the sandbox. */
export const labFolder = '/run/lab';

export class Lab {
  /** The trial that built it. */
  readonly firstTrial: number;
  readonly firstAttempt: number;
  /** When a fault was healed last; null = none was. */
  healedNs: number | null = null;

  readonly handshakes = new Handshakes();

  private constructor(
    /** Of the trial that is going on. */
    public plan: RunnerPlan,
    readonly journal: Journal,
    readonly bridge: BridgeClient,
    readonly monitors: OvsdbMonitor[],
    public controller: RunningController,
    readonly failures: Failures,
  ) {
    this.firstTrial = plan.trial;
    this.firstAttempt = plan.attempt;
  }

  get topology(): ResolvedTopology {
    return this.plan.scenario.topology;
  }

  /** Build the network and start the controller. Every undo goes onto `cleanup` first. */
  static async open(
    plan: RunnerPlan,
    journal: Journal,
    cleanup: CleanupStack,
    failures: Failures,
  ): Promise<Lab> {
    const { topology } = plan.scenario;
    journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'build' });
    const bridge = await BridgeClient.start({
      python: plan.python,
      logFolder: plan.logFolder,
      environment: childEnvironment(),
      onExit: ({ exitCode, signal, expected, cause }) =>
        journal.emit({
          kind: 'process.exit',
          atNs: nowNs(),
          process: { role: 'bridge' },
          node: null,
          exitCode,
          signal,
          expected,
          lastLines: cause === null ? [] : [cause],
        }),
    });
    cleanup.defer('stopping Mininet', () => bridge.close());
    failures.lookBy(() => bridge.settled());
    const build = () => bridge.build(topology, plan.datapath, labFolder, plan.logFolder);
    // Flows are written when the switches are there.
    if (plan.scenario.controller.kind === 'static-flows') await build();
    // A controller boots while Mininet builds: each takes about a second.
    const controller = startController({
      scenario: plan.scenario,
      controller: plan.scenario.controller,
      port: openFlowPort,
      logFolder: plan.logFolder,
      workFolder: `${labFolder}/controller`,
      environment: childEnvironment(),
      emit: journal.emit,
    });
    cleanup.defer('ending the controller', () => controller.stop());
    if (plan.scenario.controller.kind !== 'static-flows') await build();
    const monitors = monitorAll(bridge, topology, controller, journal, cleanup);
    journal.emit({ kind: 'phase', atNs: nowNs(), phase: 'controller' });
    return new Lab(plan, journal, bridge, monitors, controller, failures);
  }

  /** Watch control channels and processors until `cleanup` runs. */
  async watch(cleanup: CleanupStack): Promise<void> {
    const { emit } = this.journal;
    if (this.controller.ports.length > 0) await this.#tapControllers(cleanup);
    const drops = await watchDrops({
      python: this.plan.python,
      scenario: this.plan.scenario,
      pidOf: (node) => this.bridge.node(node).pid,
      everyMs: this.plan.countDropsEveryMs,
      logFile: `${this.plan.logFolder}/dropped-packets.log`,
      emit,
    });
    cleanup.defer('ending the counting of dropped packets', () => drops.stop());
    if (nodesWith(this.topology.nodes, 'routes').length > 0 || this.topology.bonds) {
      const routing = await watchRouting({
        python: this.plan.python,
        topology: this.topology,
        pidOf: (node) => this.bridge.node(node).pid,
        logFolder: this.plan.logFolder,
        emit,
      });
      cleanup.defer('ending the watch of routers and bonds', () => routing.stop());
    }
    const groups = () => processGroups(this.bridge, this.topology, this.controller);
    const pressure = watchPressure(groups, emit);
    cleanup.defer('ending the pressure watch', () => pressure.stop());
    const shells = watchProcesses(shellsOf(this.bridge, this.topology), emit);
    cleanup.defer('ending the watch of the nodes', () => shells.stop());
    this.failures.lookBy(() => shells.look());
  }

  async #tapControllers(cleanup: CleanupStack): Promise<void> {
    const tap = await tapControllers({
      python: this.plan.python,
      topology: this.topology,
      ports: this.controller.ports,
      logFile: `${this.plan.logFolder}/control-tap.log`,
      emit: (event) => {
        this.handshakes.note(event);
        this.journal.emit(event);
      },
    });
    cleanup.defer('ending the watch of the control channels', () => tap.stop());
  }

  /** The nodes that are connected to the controller. */
  #managed() {
    return controlledNodes(this.topology.nodes);
  }

  /** Point every switch at the controller's instances, after they listen. */
  async connectSwitches(): Promise<void> {
    const { ports } = this.controller;
    if (ports.length === 0) return;
    this.handshakes.reset();
    const limits = packetInLimits(this.plan.scenario.controller.kind);
    const changes = this.#managed().map(({ name }, place): NodeChange => {
      const { ovs } = this.bridge.node(name);
      if (!ovs) return { node: name, operations: [] };
      const targets = ports.map((port) => this.#target(name, port));
      return { node: name, operations: connecting(ovs.bridge, place, targets, limits) };
    });
    await this.bridge.transact(changes);
  }

  /** Where a node calls an instance of the controller. */
  #target(node: string, port: number): string {
    return `tcp:${controlAddressOf(this.topology, node)}:${port}`;
  }

  /**
   * Make switches that lose a controller call it again every second, as Mininet asks of its own.
   * Open vSwitch before 3.3 gives settings only to connections that exist, so this comes after they do;
   * set before, they would call after 1, 2, 4 and 8 seconds. The same goes for a relay that was started
   * again, which takes the setting it has when it changes. It counts whole seconds, so a number of
   * milliseconds of each trial's own changes nothing else.
   */
  async hastenReconnects(): Promise<void> {
    if (this.controller.ports.length === 0) return;
    const setting = 1000 + (this.plan.trial % 1000);
    // Switches of one instance have the same targets, so the first change stands for all of them.
    const changes = this.#managed().flatMap(({ name }): NodeChange[] => {
      if (!this.bridge.node(name).ovs) return [];
      const targets = this.controller.ports.map((port) => this.#target(name, port));
      return [{ node: name, operations: hastening(targets, setting) }];
    });
    await this.bridge.transact(oncePerInstance(changes, (node) => this.bridge.node(node).ovs));
  }

  /** Switch BFD on at both ends of every tunnel, once both ends exist. */
  async startBfd(): Promise<void> {
    const { bfd, tunnels } = this.topology;
    if (!bfd) return;
    const ends = tunnels.flatMap((tunnel) => [tunnel.a, tunnel.b]);
    const settings = bfdSettings(bfd);
    await this.bridge.transact(
      ends.map(({ node, port }) => ({ node, operations: [givingBfd(port, settings)] })),
    );
  }

  /**
   * The kernel remembers of a closed connection how its path was, and lets the next one to the same
   * host begin with that. Where several trials share a lab, each connection is to be the first.
   */
  async forgetPastConnections(): Promise<void> {
    const hosts = nodesWith(this.topology.nodes, 'end-point');
    const words = ['sysctl', '-q', '-w', 'net.ipv4.tcp_no_metrics_save=1'];
    await Promise.all(hosts.map(({ name }) => this.bridge.check(name, words)));
  }

  /** The installed way from one host to another, recorded. */
  async path(from: string, to: string, label: string): Promise<TracedPath> {
    const path = await tracedPath(
      {
        bridge: this.bridge,
        topology: this.topology,
        meters: this.plan.scenario.meters,
        warn: this.journal.warn,
      },
      from,
      to,
    );
    this.journal.emit({ kind: 'path', atNs: nowNs(), label, from, to, ...path });
    return path;
  }

  /** Record the port counters of every switch. */
  counters(label: string): PortCounters[] {
    const ports = this.readCounters();
    this.journal.emit({ kind: 'counters', atNs: nowNs(), label, ports });
    return ports;
  }

  /** The port counters of every switch, without a record. */
  readCounters(): PortCounters[] {
    return readCounters(this.bridge, this.topology);
  }
}

/**
 * Until the first flows are there every probe of the meter goes to the controller, which floyd on
 * a busy machine cannot bear: its own frames wait behind them for seconds, and no link is found.
 * Open vSwitch serves its ports in turn, so what is dropped comes from the port that floods.
 * Other people's controllers are left as they are.
 */
function packetInLimits(kind: string): Record<string, number> {
  return kind === 'floyd' ? { controller_rate_limit: 300, controller_burst_limit: 100 } : {};
}

/** The short allow-list of variables that programs of the lab get. */
export function childEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'LANG', 'TMPDIR', markVariable, ownerVariable];
  return Object.fromEntries(kept.map((name) => [name, process.env[name] ?? '']));
}

function monitorAll(
  bridge: BridgeClient,
  topology: ResolvedTopology,
  controller: RunningController,
  journal: Journal,
  cleanup: CleanupStack,
): OvsdbMonitor[] {
  const monitors: OvsdbMonitor[] = [];
  const databases = new Set<string>();
  for (const { name } of nodesWith(topology.nodes, 'open-vswitch')) {
    const { ovs } = bridge.node(name);
    if (!ovs) throw new LabError('BUILD_FAILED', `${name} has no Open vSwitch.`);
    if (databases.has(ovs.folder)) continue;
    databases.add(ovs.folder);
    const watched = watchedOf(topology, name, controller.ports);
    const monitor = monitorOvsdb(watched, `${ovs.folder}/db.sock`, journal.emit);
    monitors.push(monitor);
    cleanup.defer(`ending the monitor of ${name}`, () => monitor.stop());
  }
  return monitors;
}
