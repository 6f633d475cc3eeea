/** Runs one flow: an iperf3 server for one test, its client, and what both of them tell. */
import type { ResolvedFlow, ResolvedHost } from '../../model/resolved.js';
import { addressOf, hostNamed } from './addresses.js';
import { waitUntil } from './child.js';
import type { TrafficContext } from './context.js';
import { iperf3Abilities } from './iperf3/abilities.js';
import { clientArgv, serverArgv } from './iperf3/argv.js';
import { firstData, writtenBytes } from './iperf3/first-data.js';
import { listensOn } from './iperf3/listening.js';
import { segmentSize } from './iperf3/segment-size.js';
import { Iperf3Side, reverseFlowId } from './iperf3/side.js';

export interface RunningFlow {
  id: string;
  /** Resolves when the client has ended, whoever ended it. */
  ended: Promise<void>;
  /** Why the flow is no longer sending although nobody stopped it; null while it is. */
  failure(): string | null;
  /** Bytes that the sending process has handed to its kernel so far, or null when it has ended. */
  writtenBytes(): number | null;
  /** Ends both sides within 8 s, however dead the path is, and emits their rows. Never throws. */
  stop(): Promise<void>;
}

const listenTimeoutMs = 5_000;
/** How long the server has to detect that the client ended, before it is ended itself. */
const serverGraceMs = 500;

/**
 * Starts a flow's server, then at `due` its client, and returns when both run; data moves a moment
 * later.
 * @param due Resolves when the client may start; the server listens by then. Left out: at once.
 * @throws LabError TRAFFIC_FAILED when the server does not listen, MACHINE_LACKS without iperf3.
 */
export async function startFlow(
  context: TrafficContext,
  flow: ResolvedFlow,
  hosts: readonly ResolvedHost[],
  due: () => Promise<void> = () => Promise.resolve(),
): Promise<RunningFlow> {
  const abilities = await iperf3Abilities();
  const from = addressOf(hostNamed(hosts, flow.from).address);
  const to = addressOf(hostNamed(hosts, flow.to).address);
  const server = new Iperf3Side(context, flow, 'server', serverArgv(flow, to, abilities));
  try {
    await waitUntil(
      `The iperf3 server of flow ${flow.id}`,
      listenTimeoutMs,
      context.signal,
      () => server.pid !== undefined && listensOn(server.pid, flow.port),
      () => server.failure(),
    );
    await due();
  } catch (error) {
    await server.end(0);
    throw error;
  }
  const client = new Iperf3Side(context, flow, 'client', clientArgv(flow, from, to, abilities));
  return new Flow(context, flow, server, client);
}

class Flow implements RunningFlow {
  readonly id: string;
  readonly ended: Promise<void>;
  readonly #over = new AbortController();
  readonly #mssBytes: Promise<number | null>;
  #stopped: Promise<void> | undefined;

  readonly #context: TrafficContext;
  readonly #flow: ResolvedFlow;
  readonly #server: Iperf3Side;
  readonly #client: Iperf3Side;

  constructor(context: TrafficContext, flow: ResolvedFlow, server: Iperf3Side, client: Iperf3Side) {
    this.#context = context;
    this.#flow = flow;
    this.#server = server;
    this.#client = client;
    this.id = flow.id;
    this.ended = client.ended;
    this.#mssBytes = this.#watchStart();
  }

  failure(): string | null {
    return this.#client.failure() ?? this.#server.failure();
  }

  writtenBytes(): number | null {
    const pid = this.#sender().pid;
    return pid === undefined ? null : writtenBytes(pid);
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stopOnce();
    return this.#stopped;
  }

  async #stopOnce(): Promise<void> {
    this.#over.abort();
    this.#server.expectEnd();
    await this.#client.end(0);
    await this.#server.end(serverGraceMs);
    const mssBytes = await this.#mssBytes;
    this.#client.report(mssBytes);
    this.#server.report(mssBytes);
  }

  #sender(): Iperf3Side {
    return this.#flow.reverse && !this.#flow.bidirectional ? this.#server : this.#client;
  }

  /** Tells when the first data moved; resolves with the segment size in use, where TCP has one. */
  async #watchStart(): Promise<number | null> {
    const { bidirectional, protocol, from, to } = this.#flow;
    const sender = this.#sender();
    if (sender.pid === undefined) return null;
    const first = await firstData(sender.pid, this.#context.nowNs, this.#over.signal);
    if (first === null) return null;
    const { atNs: startNs, uncertaintyNs } = first;
    for (const flow of bidirectional ? [this.id, reverseFlowId(this.id)] : [this.id]) {
      const atNs = this.#context.nowNs();
      this.#context.emit({ kind: 'iperf.aligned', atNs, flow, startNs, uncertaintyNs });
    }
    if (protocol === 'udp') return null;
    return segmentSize(this.#context, this.#flow, sender === this.#client ? from : to);
  }
}
