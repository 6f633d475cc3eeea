/** What is known of each metric before anything is measured, and which change an expectation means. */
import type { ResolvedExpectation } from '../model/resolved.js';
import type { Phases } from '../model/result.js';
import type { EpisodeView } from './episode.js';
import { reverseHalf } from './throughput.js';

export type Metric = ResolvedExpectation['metric'];

export interface MetricFacts {
  unit:
    | 'ms'
    | 'packets'
    | 'flows'
    | 'loss periods'
    | '%'
    | 'bit/s'
    | 'flow changes'
    | 'route changes'
    | '';
  /** Only iperf3 measures it. */
  byFlow?: true;
  /** It is of the heal, not of the fault. */
  reverts?: true;
  /** It grows with every moment for which a switch or a controller waits for a processor. */
  growsWithWaiting?: true;
  /** The moment of a recovery that it is. */
  phase?: keyof Phases;
}

const growsWithWaiting = true;
const byFlow = true;

export const metricFacts: Readonly<Record<Metric, MetricFacts>> = {
  networkOutageMs: { unit: 'ms', growsWithWaiting },
  receiverSilenceMs: { unit: 'ms', growsWithWaiting },
  tcpStallMs: { unit: 'ms', byFlow, growsWithWaiting },
  recoveredTo90Ms: { unit: 'ms', byFlow, growsWithWaiting },
  packetsLost: { unit: 'packets', growsWithWaiting },
  lossPeriods: { unit: 'loss periods' },
  darkFlows: { unit: 'flows' },
  lossPercent: { unit: '%' },
  detectedMs: { unit: 'ms', phase: 'detectedMs', growsWithWaiting },
  controllerToldMs: { unit: 'ms', phase: 'controllerToldMs', growsWithWaiting },
  firstFlowChangeMs: { unit: 'ms', phase: 'firstFlowChangeMs', growsWithWaiting },
  lastFlowChangeMs: { unit: 'ms', phase: 'lastFlowChangeMs', growsWithWaiting },
  reversionOutageMs: { unit: 'ms', reverts: true, growsWithWaiting },
  reversionPacketsLost: { unit: 'packets', reverts: true, growsWithWaiting },
  keepsContact: { unit: 'ms' },
  losesContact: { unit: 'ms' },
  staysDark: { unit: 'ms' },
  stalls: { unit: '', byFlow },
  baselineBps: { unit: 'bit/s', byFlow },
  rateDuringFaultBps: { unit: 'bit/s', byFlow },
  flowChanges: { unit: 'flow changes' },
  routeChanges: { unit: 'route changes' },
  controllerOutageMs: { unit: 'ms', growsWithWaiting },
};

/** The change that an expectation is about; with `reverts`, the heal of that fault. */
export function viewMeantBy(
  { metric, step }: Pick<ResolvedExpectation, 'metric' | 'step'>,
  views: readonly EpisodeView[],
): EpisodeView | undefined {
  const named =
    step === null
      ? views.find((view) => view.change.change === 'injected')
      : views.find((view) => view.change.stepId === step);
  const { reverts } = metricFacts[metric];
  if (!reverts || named?.change.change === 'healed') return named;
  return views.find(
    ({ change }) =>
      change.change === 'healed' &&
      change.faultId === named?.change.faultId &&
      change.beforeNs > named.change.beforeNs,
  );
}

/** Whether a flow is the one that was named, or its way back. */
export function isOfFlow(flow: string, named: string | null): boolean {
  return named !== null && (flow === named || flow === reverseHalf(named));
}
