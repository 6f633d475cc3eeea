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
]);

/** What holds for the whole traffic as well, where nothing is broken. */
const ofTraffic: ReadonlySet<Metric> = new Set([
  'networkOutageMs',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'keepsContact',
  'losesContact',
  'tcpStallMs',
  'stalls',
  'baselineBps',
]);

/** Notes expectations that nothing measures: they would make every run inconclusive. */
export function checkExpectations(judged: Judged): void {
  const { resolved, steps, problems } = judged;
  for (const expectation of resolved.expectations) {
    const path = `expect[${Number(expectation.id.replace('expect-', '')) - 1}]`;
    if (steps.length === 0 && !ofTraffic.has(expectation.metric)) {
      problems.add(path, 'expects something of a fault, but the timeline injects none');
      continue;
    }
    checkSource(expectation, path, judged);
    if (ofReversion.has(expectation.metric)) checkHealed(expectation, path, judged);
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
