/** The first screen: verdict, the two numbers side by side, who died, who took over, and why. */

import type { Environment } from '../../harness/model/history/events.js';
import {
  decidedBy,
  type JudgedRun,
  type NetworkResult,
  type TrialResult,
} from '../../harness/model/result.js';
import { adviceOf } from '../advice/index.js';
import { controllerStory } from '../controller.js';
import { darkFlowsText } from '../dark-flows.js';
import { programsText } from '../environment-text.js';
import { escapeText } from '../escape.js';
import { explanationText } from '../explanation.js';
import { forecastText } from '../forecast.js';
import { formatBps, formatCount, formatCounted, formatReading } from '../format.js';
import {
  carried,
  faultName,
  formatOutage,
  formatStall,
  formatTo90,
  formatTo90Briefly,
  formatUdpOutage,
  headlineEpisode,
} from '../headline.js';
import { nounOfAll } from '../node-nouns.js';
import { sentencesOf } from '../reasons/index.js';
import { silenceText } from '../receiver-silence.js';
import { evidenceText } from '../recorded/evidence.js';
import { directionLabel, endpointsOf, verdictWord } from '../vocabulary.js';
import { whyTheyDiffer } from '../why-they-differ.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { verdictStyle } from './style.js';
import { renderTable } from './table.js';
import { clip, labelled, wrapText } from './wrap.js';

const labelWidth = 17;

/** Verdict, scenario, controller, and the question that the run answers. */
export function renderTitle(run: JudgedRun, layout: Layout): string[] {
  const { result } = run;
  const { styles, columns } = layout;
  const word = verdictWord(result.verdict);
  const facts = [
    escapeText(result.scenario),
    escapeText(decidedBy(result)),
    formatCounted(result.trials.length, 'trial'),
    `seed ${result.seed}`,
  ];
  const title = clip(facts.join(' · '), columns - word.length - 2);
  const reasons = [
    ...new Set(
      sentencesOf([...result.reasons, ...result.trials.flatMap((trial) => trial.reasons)]),
    ),
  ];
  return [
    `${styles.bold(verdictStyle(styles, result.verdict)(word))}  ${styles.bold(title)}`,
    ...wrapText(escapeText(result.question), columns),
    styles.dim(clip(environmentLine(result.environment), columns)),
    ...reasons.slice(0, 8).flatMap((reason) => reasonLines(reason, layout)),
    ...(reasons.length > 8 ? [`  … and ${formatCounted(reasons.length - 8, 'more reason')}`] : []),
    ...adviceOf(result).flatMap((advice) =>
      labelled('  →', escapeText(advice), { labelWidth: 4, columns, style: styles.bold }),
    ),
  ];
}

/** What the numbers were taken on, in one line; the whole of it stands at the end. */
function environmentLine(environment: Environment): string {
  return escapeText(programsText(environment));
}

function reasonLines(reason: string, { styles, columns }: Layout): string[] {
  return labelled('  •', escapeText(reason), { labelWidth: 4, columns, style: styles.yellow });
}

/** Network outage in each direction and TCP stall, side by side, each with its resolution. */
export function renderNumbers(trial: TrialResult, layout: Layout): string[] {
  if (trial.network === null) return ['', '  nothing was measured'];
  const { styles, columns } = layout;
  const { forward, reverse } = trial.network;
  const ends = endpointsOf(trial);
  const tcp = trial.tcp;
  const name = (direction: 'forward' | 'reverse'): string =>
    clip(escapeText(directionLabel(direction, ends)), Math.max(16, Math.floor(columns / 4)));
  const lost = (count: number): string => `${formatCount(count)} lost`;
  const rows = [
    [
      name('forward'),
      styles.bold(formatOutage(forward)),
      lost(forward.packetsLost),
      tcp === null ? 'no TCP flow' : styles.bold(formatStall(tcp)),
    ],
    [
      name('reverse'),
      styles.bold(formatOutage(reverse)),
      lost(reverse.packetsLost),
      tcp === null ? '' : ninetyPercent(trial),
    ],
  ];
  return [
    '',
    ...renderTable(
      [
        { title: '', align: 'left', shrinks: true },
        { title: 'NETWORK OUTAGE', align: 'left' },
        { title: '', align: 'right' },
        { title: '  TCP STALL', align: 'left' },
      ],
      rows.map(([direction, outage, packets, stall]) => [
        direction ?? '',
        outage ?? '',
        packets ?? '',
        `  ${stall ?? ''}`,
      ]),
      { columns, indent: 2, headStyle: styles.dim },
    ),
    ...flowLines(trial.network, name),
    '',
  ];
}

function flowLines(
  network: NonNullable<TrialResult['network']>,
  name: (direction: 'forward' | 'reverse') => string,
): string[] {
  return (['forward', 'reverse'] as const).flatMap((direction) => {
    const text = darkFlowsText(network[direction]);
    return text === null ? [] : [`  ${name(direction)}: ${text}`];
  });
}

function ninetyPercent({ tcp }: TrialResult): string {
  if (tcp === null) return '';
  if (tcp.baselineBps === 0) return 'no rate before the fault';
  const goal = `90 % of ${formatBps(tcp.baselineBps)}`;
  return formatTo90Briefly(tcp, goal);
}

/** Who died, who took over, why the numbers differ, where the time went. */
export function renderStory(trial: TrialResult, layout: Layout): string[] {
  const columns = layout.columns - 2;
  const line = (label: string, text: string): string[] =>
    labelled(label, text, { labelWidth, columns });
  const lines: string[] = [];
  const { fault } = trial;
  if (fault === null) lines.push(...line('Fault', 'none recorded'));
  else {
    const evidence = evidenceText(headlineEpisode(trial)?.evidence ?? '');
    const proof = fault.verified
      ? `read back${evidence === '' ? '' : `: ${escapeText(evidence)}`}`
      : 'NOT confirmed to have taken effect';
    lines.push(
      ...line(
        'Fault',
        `${escapeText(faultName(trial) ?? '')} at ${formatReading(fault.injectedAtMs, fault.uncertaintyMs)}, ${proof}`,
      ),
    );
  }
  for (const { label, text } of controllerStory(trial)) lines.push(...line(label, text));
  const { died, tookOver, kinds } = trial.relays;
  const carriers = (word: string, names: readonly string[]) => {
    const label = `${word} ${nounOfAll(kinds, names.length > 0 ? names : died)}`;
    // A long noun stands with the name, where there is room for it.
    const fits = label.length < labelWidth;
    const texts = names.map((name) =>
      fits ? withCounts(trial, name) : `${nounOfAll(kinds, [name])} ${withCounts(trial, name)}`,
    );
    return line(fits ? label : `${word} node`, texts.join('; ') || 'none observed');
  };
  if (died.length > 0) lines.push(...carriers('Failed', died));
  if (died.length > 0 || tookOver.length > 0) lines.push(...carriers('Backup', tookOver));
  const late = trial.tcp !== null && trial.tcp.recoveredTo90Ms === null && formatTo90(trial.tcp);
  if (late && trial.tcp !== null) {
    lines.push(...line('TCP at 90 %', `90 % of ${formatBps(trial.tcp.baselineBps)} ${late}`));
  }
  const silence = silenceText(trial);
  if (silence !== null) lines.push(...line('Receiver silent', escapeText(silence)));
  const why = whyTheyDiffer(trial);
  if (why !== null) lines.push(...line('Why they differ', why));
  const named = fault !== null && (trial.tcpFault ?? null) === null;
  const forecast = named && trial.tcp !== null ? forecastText(trial.tcp.prediction) : '';
  if (forecast !== '' && trial.tcp !== null) {
    const seen = `${escapeText(forecast)} Measured: ${formatStall(trial.tcp)}.`;
    lines.push(...line('TCP forecast', seen));
  }
  if (trial.explanation !== null)
    lines.push(...line('Where time went', escapeText(explanationText(trial.explanation))));
  return indented(lines);
}

/** `relay2 (121,004 packets before, 0 after)` */
function withCounts(trial: TrialResult, node: string): string {
  const before = carried(trial, node, 'before');
  const after = carried(trial, node, 'after');
  const counts = [before && `${before} before the fault`, after && `${after} after`].filter(
    Boolean,
  );
  const name = escapeText(node);
  return counts.length === 0 ? name : `${name} (${counts.join(', ')})`;
}

/** Further meters and flows, when a run measures more than one of either. */
export function renderOthers(trial: TrialResult, layout: Layout): string[] {
  const faults = trial.episodes.filter((episode) => episode.change === 'injected');
  const rows = faults.flatMap((episode) => [
    ...episode.networks.flatMap((network) => networkRows(network, escapeText(episode.stepId))),
    ...episode.tcps.map((tcp) => [
      escapeText(episode.stepId),
      `TCP ${escapeText(tcp.flow)}`,
      formatStall(tcp),
      '',
      'stall',
    ]),
    ...episode.udps.map((udp) => [
      escapeText(episode.stepId),
      `UDP ${escapeText(udp.flow)}`,
      formatUdpOutage(udp),
      formatCount(udp.packetsLost),
      'outage',
    ]),
  ]);
  const networks = faults.reduce((sum, episode) => sum + episode.networks.length, 0);
  const tcps = faults.reduce((sum, episode) => sum + episode.tcps.length, 0);
  const udps = faults.reduce((sum, episode) => sum + episode.udps.length, 0);
  if (networks <= 1 && tcps <= 1 && udps === 0) return [];
  return renderTable(
    [
      { title: 'step', align: 'left' },
      { title: 'measured', align: 'left', shrinks: true },
      { title: 'reading', align: 'right' },
      { title: 'lost', align: 'right' },
      { title: '', align: 'left' },
    ],
    rows,
    { columns: layout.columns, indent: 2, headStyle: layout.styles.dim },
  );
}

function networkRows(network: NetworkResult, step: string): string[][] {
  return (['forward', 'reverse'] as const).map((direction) => [
    step,
    escapeText(directionLabel(direction, network)),
    formatOutage(network[direction]),
    formatCount(network[direction].packetsLost),
    'outage',
  ]);
}
