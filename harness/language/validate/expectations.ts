/** Will there be a sample for each expectation? */
import { finestHoleMs, slowStartMs } from '../../model/flow-resolution.js';
import type { ResolvedExpectation, ResolvedFlow } from '../../model/resolved.js';
import { formatDuration } from '../../model/units.js';
import { joinPath } from '../problems.js';
import type { PlannedStep } from '../resolve/timeline.js';
import { metricWords } from '../schema/expectation.js';
import type { Judged } from './judged.js';

type Metric = ResolvedExpectation['metric'];

/** Metrics of iperf3 flows. */
const ofFlows: ReadonlySet<Metric> = new Set([
  'tcpStallMs',
  'recoveredTo90Ms',
  'stalls',
  'baselineBps',
  'rateDuringFaultBps',
]);

/** What the rows of a UDP flow show as well, where an expectation names it. */
const ofUdp: ReadonlySet<Metric> = new Set([
  'networkOutageMs',
  'packetsLost',
  'lossPercent',
  'reversionOutageMs',
  'reversionPacketsLost',
  'baselineBps',
  'rateDuringFaultBps',
]);

const ofReversion: ReadonlySet<Metric> = new Set(['reversionOutageMs', 'reversionPacketsLost']);

const ofNeither: ReadonlySet<Metric> = new Set([
  'detectedMs',
  'controllerToldMs',
  'firstFlowChangeMs',
  'lastFlowChangeMs',
  'flowChanges',
  'routeChanges',
  'controllerOutageMs',
]);

/** What a heal may end. */
const ofHeals: ReadonlySet<Metric> = new Set(['networkOutageMs', 'tcpStallMs', 'recoveredTo90Ms']);

/** What holds for the whole traffic as well, where nothing is broken. */
const ofTraffic: ReadonlySet<Metric> = new Set([
  'networkOutageMs',
  'receiverSilenceMs',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'keepsContact',
  'losesContact',
  'staysDark',
  'tcpStallMs',
  'stalls',
  'baselineBps',
  'flowChanges',
  'routeChanges',
]);

/** Notes expectations that nothing measures: they would make every run inconclusive. */
export function checkExpectations(judged: Judged): void {
  const { resolved, steps, problems } = judged;
  for (const expectation of resolved.expectations) {
    const path = `expect[${Number(expectation.id.replace('expect-', '')) - 1}]`;
    if (steps.length === 0 && !ofTraffic.has(expectation.metric)) {
      problems.add(path, 'refers to a fault, but the timeline injects none');
      continue;
    }
    checkSource(expectation, path, judged);
    if (expectation.healCounts !== undefined) checkHealCounts(expectation, path, judged);
    if (ofReversion.has(expectation.metric)) checkHealed(expectation, path, judged);
    if (expectation.metric === 'controllerOutageMs') checkController(expectation, path, judged);
  }
}

function checkSource(expectation: ResolvedExpectation, path: string, judged: Judged): void {
  const { metric, of } = expectation;
  const { flows, meters } = judged.resolved;
  if (ofNeither.has(metric)) return;
  const named = flows.find(({ id }) => id === of);
  if (named?.protocol === 'udp') {
    checkUdp(expectation, named, path, judged);
    return;
  }
  const byFlow = ofFlows.has(metric);
  const sources = byFlow ? flows.filter((flow) => flow.protocol === 'tcp') : meters;
  const ids = sources.map(({ id }) => id);
  if (ids.length === 0) {
    const missing = byFlow ? 'an iperf3 flow over TCP' : 'a meter';
    judged.problems.add(path, `needs ${missing}, but traffic has none`);
  } else if (of !== null && !ids.includes(of)) {
    judged.problems.add(joinPath(path, ['of']), wrongSource(metric, ids, of, judged));
  } else if (byFlow) {
    const meant = flows.filter(({ id }) => (of === null ? ids.includes(id) : id === of));
    checkPresent(expectation, meant, path, judged);
  }
}

function wrongSource(metric: Metric, ids: string[], of: string, { resolved }: Judged): string {
  const udps = resolved.flows.filter(({ protocol }) => protocol === 'udp').map(({ id }) => id);
  const wants = `${ofFlows.has(metric) ? 'a TCP flow' : 'a meter'} (${ids.join(', ')})`;
  const also = udps.length > 0 && ofUdp.has(metric) ? ` or a UDP flow (${udps.join(', ')})` : '';
  return `must name ${wants}${also}, got '${of}'`;
}

/** iperf3's rows are coarse: what they cannot show of a UDP flow is refused, never guessed. */
function checkUdp(
  expectation: ResolvedExpectation,
  flow: ResolvedFlow,
  path: string,
  judged: Judged,
): void {
  const { metric } = expectation;
  const { problems, resolved } = judged;
  const meters = resolved.meters.map(({ id }) => id).join(', ');
  const [words, unit] = metricWords[metric];
  if (!ofUdp.has(metric)) {
    const tcpAlone = ofFlows.has(metric);
    const message = `'${flow.id}' is a UDP flow, but ${words} is measured only for ${tcpAlone ? 'TCP flows' : 'meters'}`;
    const hint = tcpAlone ? 'name a TCP flow' : `name a meter (${meters}), or omit 'of'`;
    problems.add(joinPath(path, ['of']), message, hint);
    return;
  }
  const finestMs = finestHoleMs(flow);
  for (const key of ['atMost', 'atLeast'] as const) {
    const bound = expectation[key];
    if (unit !== 'ms' || bound === null || bound === 0 || bound >= finestMs) continue;
    problems.add(
      joinPath(path, [key]),
      `${formatDuration(bound)} is finer than the resolution of the rows of UDP flow '${flow.id}' (${formatDuration(Math.ceil(finestMs))})`,
      `name a meter (${meters}), which resolves 1 ms, or write 0ms for no gap at all`,
    );
  }
  checkPresent(expectation, [flow], path, judged);
}

/** A flow that cannot be running when the fault comes has nothing to say about it. */
function checkPresent(
  { step, metric }: ResolvedExpectation,
  flows: readonly ResolvedFlow[],
  path: string,
  { steps, problems }: Judged,
): void {
  const injected = steps.find(
    (planned) =>
      planned.step.action.kind === 'inject' && (step === null || planned.step.id === step),
  );
  const about = ofReversion.has(metric) ? healOf(injected, steps) : injected;
  if (about === undefined) return;
  const whys = flows.map((flow) => whyAbsent(flow, about));
  if (whys.some((why) => why === null)) return;
  const message = `no flow would measure '${about.step.id}': ${whys.join('; ')}`;
  problems.add(path, message, 'start the flow at least 1 s before the fault');
}

function healOf(injected: PlannedStep | undefined, steps: readonly PlannedStep[]) {
  return steps.find(
    ({ step: { action } }) => action.kind === 'heal' && action.faultId === injected?.step.id,
  );
}

function whyAbsent({ id, startMs, stopMs }: ResolvedFlow, about: PlannedStep): string | null {
  if (stopMs !== null && stopMs <= about.earliestMs) {
    return `flow '${id}' stops at ${formatDuration(stopMs)}, and it comes at ${formatDuration(about.earliestMs)} or later`;
  }
  if (startMs === 0 || startMs + slowStartMs <= about.latestMs) return null;
  return `flow '${id}' starts at ${formatDuration(startMs)}, and it comes at ${formatDuration(about.latestMs)} or earlier`;
}

function checkController({ step }: ResolvedExpectation, path: string, judged: Judged): void {
  const faults = judged.steps.filter((planned) => planned.step.action.kind === 'inject');
  const named = step === null ? faults[0] : faults.find((planned) => planned.step.id === step);
  const action = named?.step.action;
  if (action?.kind === 'inject' && action.fault.target.kind === 'controller') return;
  const message = 'refers to the crash of a controller, but the fault is a different one';
  judged.problems.add(path, message, 'inject controllerCrash(), or name the fault with { after }');
}

function checkHealCounts(
  { metric }: ResolvedExpectation,
  path: string,
  { problems }: Judged,
): void {
  if (ofHeals.has(metric)) return;
  const [words] = metricWords[metric];
  const allowed = [...ofHeals].map((each) => metricWords[each][0]).join(', ');
  problems.add(
    joinPath(path, ['healCounts']),
    `has no meaning for '${words}'; it is allowed for: ${allowed}`,
    'omit healCounts',
  );
}

function checkHealed({ step }: ResolvedExpectation, path: string, judged: Judged): void {
  const first = judged.steps.find((planned) => planned.step.action.kind === 'inject');
  const fault = step ?? first?.step.id;
  const healed = judged.steps.some(
    ({ step: { action } }) => action.kind === 'heal' && action.faultId === fault,
  );
  if (fault === undefined || healed) return;
  const message = `refers to the heal of '${fault}', but no step heals it`;
  judged.problems.add(path, message, "add after(recovered, '5s', heal())");
}
