/** What ran, on what, how long, and what was left: enough to run it again. */

import type { Environment } from '../../harness/model/history/events.js';
import type { JudgedRun, TrialResult } from '../../harness/model/result.js';
import { datapathText } from '../environment-text.js';
import { escapeText } from '../escape.js';
import { formatBriefMs, formatCounted } from '../format.js';
import { kernelDatapathText } from '../kernel-datapath.js';
import { mininetNoteTexts } from '../mininet-notes.js';
import { substitutionText } from '../recorded/substitution.js';
import { quoteCommand } from '../shell.js';
import { virtualClockText } from '../virtual-clock.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { labelled } from './wrap.js';

const labelWidth = 17;

/** Datapath, versions, seed and the command that does it again. */
export function renderFacts(run: JudgedRun, layout: Layout): string[] {
  const { result } = run;
  const { environment } = result;
  const columns = layout.columns - 2;
  const forwards = kernelDatapathText(result);
  const line = (label: string, text: string): string[] =>
    labelled(label, text, { labelWidth, columns });
  return indented([
    ...line(
      'Datapath',
      `${datapathText(environment) || 'none'} · sandbox ${environment.sandbox}` +
        (environment.labs ? ` · labs ${environment.labs}` : ''),
    ),
    ...(forwards === null ? [] : line('', forwards)),
    ...(environment.clock === 'virtual' ? line('Clock', virtualClockText) : []),
    ...line('Versions', versions(environment)),
    ...line('Machine', machine(environment)),
    ...environment.substitutions.flatMap((substitution, index) =>
      line(index === 0 ? 'Substitutions' : '', escapeText(substitutionText(substitution))),
    ),
    ...mininetNoteTexts(result.mininetNotes).flatMap((sentence, index) =>
      line(index === 0 ? 'Mininet file' : '', escapeText(sentence)),
    ),
    ...line(
      'Run',
      `${escapeText(result.runId)} · ${escapeText(result.wallTime)} · seed ${result.seed}`,
    ),
    ...line('Reproduce with', quoteCommand(result.command)),
  ]);
}

function versions(environment: Environment): string {
  const { failoverLab, commit, mininet, ovs, iperf3, osken, node, python } = environment;
  const own = commit === null ? failoverLab : `${failoverLab} (${commit.slice(0, 10)})`;
  return escapeText(
    `failover-lab ${own} · Mininet ${mininet} · Open vSwitch ${ovs} · iperf3 ${iperf3} · os-ken ${osken} · Node ${node} · Python ${python}`,
  );
}

function machine(environment: Environment): string {
  return escapeText(
    `${environment.distribution}${environment.image ? ` (image ${environment.image})` : ''} · kernel ${environment.kernel} · ${formatCounted(environment.cores, 'core')}`,
  );
}

/** Traffic, waiting for the controller, and the rest: the sum over all trials. */
export function renderTiming(trials: TrialResult[], layout: Layout): string[] {
  const sum = (of: (timing: TrialResult['timing']) => number): number =>
    trials.reduce((total, trial) => total + of(trial.timing), 0);
  const parts = new Map<string, number>();
  for (const trial of trials) {
    for (const [part, ms] of Object.entries(trial.timing.parts)) {
      parts.set(part, (parts.get(part) ?? 0) + ms);
    }
  }
  const text =
    `${formatBriefMs(sum((timing) => timing.totalMs))}: traffic ${formatBriefMs(sum((timing) => timing.trafficMs))}` +
    ` · waiting for the controller ${formatBriefMs(sum((timing) => timing.controllerWaitMs))}` +
    ` · rest ${formatBriefMs(sum((timing) => timing.overheadMs))}`;
  const detail = [...parts]
    .map(([part, ms]) => `${escapeText(part)} ${formatBriefMs(ms)}`)
    .join(', ');
  const columns = layout.columns - 2;
  return indented([
    ...labelled('Wall time', text, { labelWidth, columns }),
    ...(detail === '' ? [] : labelled('', `(${detail})`, { labelWidth, columns })),
  ]);
}

/** What `mn -c` did inside the sandbox, and what was still there afterwards. */
export function renderCleanup(run: JudgedRun, layout: Layout): string[] {
  const { trials, cleanup } = run.result;
  const columns = layout.columns - 2;
  const slowest = Math.max(0, ...trials.map((trial) => trial.cleanup.mnCleanMs ?? 0));
  const removed = [...new Set(trials.flatMap((trial) => trial.cleanup.mnCleanRemoved))];
  const inSandbox = [...new Set(trials.flatMap((trial) => trial.cleanup.leftovers))];
  const onHost = cleanup.leftovers.filter((name) => !inSandbox.includes(name));
  const where =
    run.result.environment.network === 'host'
      ? "; it ran isolated from the host's bridges, links, processes and files, and those of the lab were removed by their mark"
      : '';
  const mnClean =
    cleanup.mnCleanExitCode === null
      ? 'did not run; the end of the sandbox removed everything'
      : `exit ${cleanup.mnCleanExitCode} in ${formatBriefMs(slowest)}, removed ${listed(removed)}${where}`;
  const style = onHost.length === 0 ? undefined : layout.styles.red;
  const ended = inSandbox.length === 0 ? '' : `; removed with the sandbox: ${listed(inSandbox)}`;
  const leftovers = listed(onHost) + ended;
  return indented([
    ...labelled('mn -c', mnClean, { labelWidth, columns }),
    ...labelled('Leftovers', leftovers, { labelWidth, columns, ...(style && { style }) }),
  ]);
}

function listed(names: string[]): string {
  if (names.length === 0) return 'nothing';
  const shown = names.slice(0, 12).map(escapeText).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}
