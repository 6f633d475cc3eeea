/** Is there time for what the timeline plans and the expectations wait for? */

import { seenUntilMs, slowStartMs } from '../../model/flow-resolution.js';
import { formatDuration, writtenDuration } from '../../model/units.js';
import { joinPath } from '../problems.js';
import type { PlannedStep } from '../resolve/timeline.js';
import type { Judged } from './judged.js';

/** So many probes within the sustained window show that contact holds. */
const probesToBelieve = 3;

/** Notes steps after the end, too early ones, and a duration too short to see recovery. */
export function checkTime(judged: Judged): void {
  for (const planned of judged.steps) {
    checkEnd(planned, judged);
    checkStart(planned, judged);
  }
  checkFlows(judged);
  checkOmissions(judged);
  checkMeters(judged);
}

/** Recovery is believed after the sustained window: a meter must send some probes within it. */
function checkMeters({ resolved, places, problems }: Judged): void {
  const { sustainedMs } = resolved.limits;
  for (const { id, rateHz } of resolved.meters) {
    const neededMs = Math.ceil((probesToBelieve * 1000) / rateHz);
    if (neededMs <= sustainedMs) continue;
    const what = `sends ${probesToBelieve} probes in ${formatDuration(neededMs)}, but limits.sustainedFor is ${formatDuration(sustainedMs)}`;
    const hint = `raise limits.sustainedFor to '${writtenDuration(neededMs)}', or rateHz`;
    problems.add(joinPath(places.get(id) ?? 'traffic', ['rateHz']), what, hint);
  }
}

function checkStart({ step, path }: PlannedStep, { resolved, problems }: Judged): void {
  const { cleanMs } = resolved.limits;
  if (step.action.kind !== 'inject' || step.when.kind !== 'at' || step.when.ms >= cleanMs) return;
  problems.add(
    joinPath(path, ['time']),
    `the fault comes at ${formatDuration(step.when.ms)}, but traffic must run clean for ${formatDuration(cleanMs)} before it`,
    `move it to '${writtenDuration(cleanMs)}' or later, or lower limits.cleanFor`,
  );
}

function checkEnd({ step, path, earliestMs }: PlannedStep, judged: Judged): void {
  const { resolved, statedDurationMs: endMs, problems } = judged;
  if (endMs === undefined) return;
  const end = formatDuration(endMs);
  if (earliestMs >= endMs) {
    const when = formatDuration(earliestMs);
    const hint = `raise limits.duration above '${writtenDuration(earliestMs)}'`;
    problems.add(path, `happens at ${when} at the earliest, but the run ends at ${end}`, hint);
    return;
  }
  if (step.action.kind !== 'inject') return;
  const phaseMs = step.phase?.periodMs ?? 0;
  const { recoveryDeadlineMs } = resolved.limits;
  const neededMs = earliestMs + phaseMs + recoveryDeadlineMs;
  if (neededMs <= endMs) return;
  const phase = phaseMs === 0 ? '' : ` + up to ${formatDuration(phaseMs)} to its phase`;
  problems.add(
    'limits.duration',
    `${end} is too short for ${path}: ${formatDuration(earliestMs)}${phase} + ${formatDuration(recoveryDeadlineMs)} to recover = ${formatDuration(neededMs)}`,
    `write duration: '${writtenDuration(neededMs)}' or more, or lower limits.recoverWithin`,
  );
}

/** A fault that comes while rows are omitted, or just behind, has nothing to be compared with. */
function checkOmissions({ resolved, steps, places, problems }: Judged): void {
  for (const { id, startMs, omitMs } of resolved.flows) {
    if (omitMs === undefined) continue;
    const neededMs = startMs + omitMs + slowStartMs;
    const early = steps.find(
      ({ step, earliestMs }) =>
        step.action.kind === 'inject' && earliestMs >= startMs && earliestMs < neededMs,
    );
    if (early === undefined) continue;
    const what = `rows of flow '${id}' are omitted until ${formatDuration(startMs + omitMs)}, but the fault '${early.step.id}' comes at ${formatDuration(early.earliestMs)} or later; ${formatDuration(slowStartMs)} between them must count`;
    const hint = `omit less, or move the fault to '${writtenDuration(neededMs)}' or later`;
    problems.add(joinPath(places.get(id) ?? 'traffic', ['omit']), what, hint);
  }
}

function checkFlows({ resolved, places, problems }: Judged): void {
  const { durationMs, sustainedMs } = resolved.limits;
  for (const flow of resolved.flows) {
    const seenMs = seenUntilMs(flow, sustainedMs);
    if (seenMs <= durationMs) continue;
    const stops = flow.stopMs !== null;
    const when = stops
      ? `stops at ${formatDuration(seenMs)}`
      : `starts at ${formatDuration(flow.startMs)} and is measured for ${formatDuration(sustainedMs)} (limits.sustainedFor)`;
    problems.add(
      joinPath(places.get(flow.id) ?? 'traffic', [stops ? 'stop' : 'start']),
      `${when}, but the run ends at ${formatDuration(durationMs)}`,
      `write limits: { duration: '${writtenDuration(seenMs)}' } or more`,
    );
  }
}
