/** Starts what a scenario sends: the meters first, the flows when the network is ready. */
import { nowNs } from '../clock.js';
import type { ResolvedFlow, ResolvedHost } from '../scenario/resolved.js';
import type { TrafficContext } from '../traffic/context.js';
import { type RunningFlow, startFlow } from '../traffic/iperf3.js';
import { type RunningMeter, startMeter } from '../traffic/meter.js';
import { startSampler } from '../traffic/sampler.js';
import type { CleanupStack } from './cleanup-stack.js';
import type { Lab } from './lab.js';

export class Traffic {
  readonly meters: RunningMeter[] = [];
  readonly flows: RunningFlow[] = [];
  readonly #context: TrafficContext;
  readonly #hosts: ResolvedHost[];
  readonly #lab: Lab;

  constructor(lab: Lab, signal: AbortSignal) {
    this.#lab = lab;
    this.#hosts = lab.topology.nodes.filter((node) => node.kind === 'host');
    this.#context = {
      enter: (node) => lab.bridge.enter(node),
      interfaceOf: (host) => lab.bridge.node(host).interfaces[0] ?? `${host}-eth0`,
      emit: lab.journal.emit,
      nowNs,
      logDir: lab.plan.logFolder,
      signal,
    };
  }

  async startMeters(cleanup: CleanupStack): Promise<void> {
    for (const meter of this.#lab.plan.scenario.meters) {
      const running = await startMeter(this.#context, meter, this.#hosts);
      cleanup.defer(`ending meter ${meter.id}`, () => running.stop());
      this.meters.push(running);
    }
  }

  /** Start every flow that begins with the traffic; the others start on the timeline. */
  async startFlows(cleanup: CleanupStack): Promise<void> {
    const { flows } = this.#lab.plan.scenario;
    const sampler = await startSampler(this.#context, [
      ...new Set(flows.flatMap((f) => [f.from, f.to])),
    ]);
    cleanup.defer('ending the sampler', () => sampler.stop());
    await Promise.all(
      flows.filter((flow) => flow.startMs === 0).map((flow) => this.startFlow(flow, cleanup)),
    );
  }

  async startFlow(flow: ResolvedFlow, cleanup: CleanupStack): Promise<void> {
    const running = await startFlow(this.#context, flow, this.#hosts);
    cleanup.defer(`ending flow ${flow.id}`, () => running.stop());
    this.flows.push(running);
  }

  async stopFlows(): Promise<void> {
    await Promise.all(this.flows.map((flow) => flow.stop()));
  }

  async stopMeters(): Promise<void> {
    await Promise.all(this.meters.map((meter) => meter.stop()));
  }
}
