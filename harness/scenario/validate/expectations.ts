/** Will any sample speak to each expectation? */
import { joinPath } from '../problems.js';
import type { ResolvedExpectation } from '../resolved.js';
import type { Judged } from './judged.js';

type Metric = ResolvedExpectation['metric'];

const ofTcp: ReadonlySet<Metric> = new Set([
  'tcpStallMs',
  'recoveredTo90Ms',
  'stalls',
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
  'controllerOutageMs',
]);

/** What the traffic as a whole shows, without a fault. */
const ofWhole: ReadonlySet<Metric> = new Set([
  'networkOutageMs',
  'tcpStallMs',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'keepsContact',
  'flowChanges',
  'baselineBps',
]);

/** Notes expectations that nothing measures: they would make every run inconclusive. */
export function checkExpectations(judged: Judged): void {
  const { resolved, steps, problems } = judged;
  if (steps.length === 0 && resolved.expectations.some(({ metric }) => !ofWhole.has(metric))) {
    problems.add('expect', 'expects something of a fault, but the timeline injects none');
    return;
  }
  for (const expectation of judged.resolved.expectations) {
    const path = `expect[${Number(expectation.id.replace('expect-', '')) - 1}]`;
    checkSource(expectation, path, judged);
    if (ofReversion.has(expectation.metric)) checkHealed(expectation, path, judged);
    if (expectation.metric === 'controllerOutageMs') checkController(expectation, path, judged);
  }
}

function checkSource({ metric, of }: ResolvedExpectation, path: string, judged: Judged): void {
  const { resolved, problems } = judged;
  if (ofNeither.has(metric)) return;
  const tcp = ofTcp.has(metric);
  const sources = tcp ? resolved.flows.filter((flow) => flow.protocol === 'tcp') : resolved.meters;
  const ids = sources.map(({ id }) => id);
  if (ids.length === 0) {
    const missing = tcp ? 'an iperf3 flow over TCP' : 'a meter';
    problems.add(path, `needs ${missing}, and there is none in traffic`);
  } else if (of !== null && !ids.includes(of)) {
    const wants = tcp ? 'a TCP flow' : 'a meter';
    problems.add(joinPath(path, ['of']), `must name ${wants} (${ids.join(', ')}), got '${of}'`);
  }
}

function checkController({ step }: ResolvedExpectation, path: string, judged: Judged): void {
  const faults = judged.steps.filter((planned) => planned.step.action.kind === 'inject');
  const named = step === null ? faults[0] : faults.find((planned) => planned.step.id === step);
  const action = named?.step.action;
  if (action?.kind === 'inject' && action.fault.target.kind === 'controller') return;
  const message = 'speaks about a controller that dies, and the fault is another one';
  judged.problems.add(path, message, 'inject controllerCrash(), or name the fault with { after }');
}

function checkHealed({ step }: ResolvedExpectation, path: string, judged: Judged): void {
  const first = judged.steps.find((planned) => planned.step.action.kind === 'inject');
  const fault = step ?? first?.step.id;
  const healed = judged.steps.some(
    ({ step: { action } }) => action.kind === 'heal' && action.faultId === fault,
  );
  if (fault === undefined || healed) return;
  const message = `speaks about the heal of '${fault}', but no step heals it`;
  judged.problems.add(path, message, "add after(recovered, '5s', heal())");
}
