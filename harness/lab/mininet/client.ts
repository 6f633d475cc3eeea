/** The runner's end of the bridge: what can be asked of the network, a method a verb. */
import * as z from 'zod';
import { LabError } from '../../errors.js';
import { hostTablePrefix } from '../../model/network/root-names.js';
import type { ResolvedTopology } from '../../model/resolved.js';
import { BridgeConnection, type BridgeOptions } from './connection.js';
import {
  type ChangeResult,
  type CommandResult,
  changeResult,
  commandResult,
  type LiveNode,
  type NetworkDescription,
  networkDescription,
  type SignalResult,
  signalResult,
} from './protocol.js';

/** What is to change in the database of a node's Open vSwitch: operations of RFC 7047, section 5.2. */
export interface NodeChange {
  node: string;
  operations: Array<Record<string, unknown>>;
}

/** A running bridge. Build one with `BridgeClient.start`. */
export class BridgeClient {
  readonly #connection: BridgeConnection;
  readonly #nodes = new Map<string, LiveNode>();
  #onHost = false;

  private constructor(connection: BridgeConnection) {
    this.#connection = connection;
  }

  /** Start the child and wait for its hello. Throws BRIDGE_FAILED or TIMED_OUT. */
  static async start(options: BridgeOptions): Promise<BridgeClient> {
    return new BridgeClient(await BridgeConnection.start(options));
  }

  /** Build the topology; afterwards nodes are known by name. */
  async build(
    topology: ResolvedTopology,
    datapath: 'kernel' | 'user',
    runFolder: string,
    logFolder: string,
  ): Promise<NetworkDescription> {
    // Building grows with the network, and a busy machine takes many times as long as an idle one.
    const timeoutMs = 30_000 + 500 * (topology.nodes.length + topology.links.length);
    const arguments_ = { topology, datapath, runFolder, logFolder };
    this.#onHost = topology.rootPrefix !== undefined;
    const built = await this.call('build', arguments_, networkDescription, timeoutMs);
    for (const node of built.nodes) this.#nodes.set(node.name, node);
    return built;
  }

  /** Before the names of nftables' tables: among the host's own, they say whose they are. */
  get tablePrefix(): string {
    return this.#onHost ? hostTablePrefix : '';
  }

  /** The live node of that name. Throws INTERNAL when the name is unknown: names are bound before. */
  node(name: string): LiveNode {
    const node = this.#nodes.get(name);
    if (!node) throw new LabError('INTERNAL', `${name} is not a node of the live network.`);
    return node;
  }

  /** argv prefix that runs a program in a node's namespaces. */
  enter(name: string): string[] {
    const { pid } = this.node(name);
    return pid === null ? [] : ['mnexec', '-a', String(pid)];
  }

  /** Read the nodes again: daemons get new process ids when they are restarted. */
  async refresh(): Promise<NetworkDescription> {
    const seen = await this.call('describe', {}, networkDescription);
    for (const node of seen.nodes) this.#nodes.set(node.name, node);
    return seen;
  }

  /** Run a program in a node's namespaces (null: the lab's root namespace). */
  run(
    node: string | null,
    argv: string[],
    timeoutMs = 5000,
    stdin?: string,
  ): Promise<CommandResult> {
    return this.call('run', { node, argv, timeoutMs, stdin }, commandResult, timeoutMs + 3000);
  }

  /** Like `run`, but a failure is BUILD_FAILED with what the program said. */
  async check(
    node: string | null,
    argv: string[],
    timeoutMs = 5000,
    stdin?: string,
  ): Promise<string> {
    const done = await this.run(node, argv, timeoutMs, stdin);
    if (done.status === 0) return done.stdout;
    const where = node ?? 'the lab';
    const how =
      done.status === null ? `did not end within ${timeoutMs} ms` : `failed (${done.status})`;
    throw new LabError(
      'BUILD_FAILED',
      `In ${where}, \`${argv.join(' ')}\` ${how}: ${done.stderr.trim()}`,
    );
  }

  vsctl(node: string, arguments_: string[]): Promise<string> {
    return this.call('vsctl', { node, arguments: arguments_ }, z.string(), 15_000);
  }

  /**
   * Change the databases of nodes, each instance of Open vSwitch in one transaction, and wait until
   * all have carried it out.
   */
  async transact(changes: readonly NodeChange[]): Promise<void> {
    const wanted = changes.filter(({ operations }) => operations.length > 0);
    if (wanted.length === 0) return;
    const timeoutMs = 15_000 + 200 * wanted.length;
    await this.call('transact', { changes: wanted }, z.unknown(), timeoutMs);
  }

  /** A change the bridge makes and reads back by itself. */
  change(
    verb: 'powerOff' | 'powerOn' | 'crashVswitchd' | 'restartVswitchd',
    node: string,
  ): Promise<ChangeResult> {
    return this.call(verb, { node }, changeResult, 30_000);
  }

  /** What only nodes of its kind can be asked or told; see `own_verb` of the kind's part of the bridge. */
  ownVerb<T>(node: string, verb: string, arguments_: object, shape: z.ZodType<T>): Promise<T> {
    return this.call('ownVerb', { node, verb, arguments: arguments_ }, shape, 30_000);
  }

  signal(pids: number[], number: number): Promise<SignalResult> {
    return this.call('signal', { pids, number }, signalResult);
  }

  /** One call of any verb, see `BridgeConnection.call`. */
  call<T>(
    verb: string,
    arguments_: object,
    shape: z.ZodType<T>,
    timeoutMs?: number | null,
  ): Promise<T> {
    return this.#connection.call(verb, arguments_, shape, timeoutMs);
  }

  /** Settles when it is certain whether the child goes on. */
  settled(): Promise<void> {
    return this.#connection.settled();
  }

  /** Stop the network and end the child; waits at most `timeoutMs` for each. */
  close(timeoutMs?: number): Promise<void> {
    return this.#connection.close(timeoutMs);
  }
}
