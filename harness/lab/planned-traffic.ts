/**
 * Starts what a scenario sends: the meters first, the flows when the network is ready or when the
 * scenario says, and stops them.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { nowNs } from '../clock.js';
import { addressedPort } from '../model/network/host-port.js';
import { nodesWith } from '../model/node-traits.js';
import type { ResolvedFlow, ResolvedHost } from '../model/resolved.js';
import type { CleanupStack } from './cleanup-stack.js';
import { momentsOfFlow } from './flow-moments.js';
import type { Lab } from './lab.js';
import { plannedHoleMs } from './readiness/planned-loss.js';
import type { RateWatch } from './readiness/rate.js';
import type { TrafficContext } from './traffic/context.js';
import { type RunningFlow, startFlow } from './traffic/iperf3.js';
import { type RunningMeter, startMeter } from './traffic/meter.js';
import { startSampler } from './traffic/sampler.js';

export class Traffic {
  readonly meters: RunningMeter[] = [];
  readonly flows: RunningFlow[] = [];
  readonly #context: TrafficContext;
  readonly #hosts: ResolvedHost[];
  readonly #lab: Lab;

  constructor(lab: Lab, signal: AbortSignal) {
    this.#lab = lab;
    this.#hosts = nodesWith(lab.topology.nodes, 'end-point');
    this.#context = {
      enter: (node) => lab.bridge.enter(node),
      interfaceOf: (host) =>
        addressedPort(lab.topology, host) ?? lab.bridge.node(host).interfaces[0] ?? `${host}-eth0`,
      emit: lab.journal.emit,
      nowNs,
      logDir: lab.plan.logFolder,
      signal,
    };
  }

  async startMeters(cleanup: CleanupStack): Promise<void> {
    for (const meter of this.#lab.plan.scenario.meters) {
      const holeNs = plannedHoleMs(this.#lab.topology, meter.rateHz) * 1e6;
      const running = await startMeter(this.#context, meter, this.#hosts, holeNs);
      cleanup.defer(`ending meter ${meter.id}`, () => running.stop());
      this.meters.push(running);
    }
  }

  /** Start the sampler of the hosts, and every flow that begins with the traffic. */
  async startFlows(cleanup: CleanupStack): Promise<void> {
    const { flows } = this.#lab.plan.scenario;
    const sampler = await startSampler(this.#context, [
      ...new Set(flows.flatMap((f) => [f.from, f.to])),
    ]);
    cleanup.defer('ending the sampler', () => sampler.stop());
    await Promise.all(
      flows.filter((flow) => flow.startMs === 0).map((flow) => this.#start(flow, cleanup)),
    );
  }

  /**
   * Start and stop the other flows at their moments after `startNs`. Resolves when each has been
   * started, stopped and seen as planned; rejects with the reason of `signal`.
   */
  async followFlows(
    startNs: number,
    rates: RateWatch,
    cleanup: CleanupStack,
    signal: AbortSignal,
  ): Promise<void> {
    const { flows, limits } = this.#lab.plan.scenario;
    const until = async (ms: number) => {
      const waitMs = ms - (nowNs() - startNs) / 1e6;
      if (waitMs > 0) await sleep(waitMs, undefined, { signal });
      signal.throwIfAborted();
    };
    const follow = async (flow: ResolvedFlow) => {
      const moments = momentsOfFlow(flow, limits);
      if (moments.clientMs > 0) {
        await until(moments.serverMs);
        await this.#start(flow, cleanup, () => until(moments.clientMs));
        rates.flowStarted([flow.from, flow.to]);
      }
      await until(moments.seenMs);
      if (moments.stopMs === null) return;
      rates.flowStops([flow.from, flow.to]);
      await this.flows.find(({ id }) => id === flow.id)?.stop();
    };
    await Promise.all(flows.map(follow));
  }

  async #start(
    flow: ResolvedFlow,
    cleanup: CleanupStack,
    due?: () => Promise<void>,
  ): Promise<void> {
    const running = await startFlow(this.#context, flow, this.#hosts, due);
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
