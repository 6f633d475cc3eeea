/** What stands below the charts: standards, reversion, expectations, fidelity. */

import { worstDirection } from '../../harness/judge/outage.js';
import type {
  DirectionResult,
  Fidelity,
  Standards,
  TrialResult,
} from '../../harness/model/result.js';
import { escapeText } from '../escape.js';
import { explanationText } from '../explanation.js';
import {
  formatAtLeastMs,
  formatCount,
  formatCounted,
  formatMs,
  formatPercent,
  formatQuantity,
  formatRoundMs,
  unknown,
} from '../format.js';
import { formatMeasured, formatOutage, formatStall } from '../headline.js';
import { machineLossText } from '../machine-loss.js';
import { sentencesOf } from '../reasons/index.js';
import { detailText } from '../reasons/reading.js';
import { directionLabel, type Endpoints, endpointsOf } from '../vocabulary.js';
import type { Layout } from './layout.js';
import { indented } from './section.js';
import { verdictStyle } from './style.js';
import { renderTable } from './table.js';
import { labelled, wrapText } from './wrap.js';

const labelWidth = 17;

/** RFC 6414, 8456 and 6413 by their own names. */
export function renderStandards(
  standards: Standards,
  { network, reversion: back }: Pick<TrialResult, 'network' | 'reversion'>,
  layout: Layout,
): string[] {
  const reversion = back?.network ?? null;
  const { rfc6414, rfc8456, rfc6413 } = standards;
  // A censored time is shown by its lower bound, never as if nothing had been measured.
  const worst = network && worstDirection([network.forward, network.reverse]);
  const time = (ms: number | null, of: DirectionResult | null | undefined = worst): string =>
    ms === null && of ? formatOutage(of) : formatMs(ms);
  const returned = reversion && worstDirection([reversion.forward, reversion.reverse]);
  const columns = layout.columns - 2;
  const line = (label: string, parts: string[]): string[] =>
    labelled(label, parts.join(' · '), { labelWidth, columns });
  return indented([
    ...line('RFC 6414', [
      `Failover Time ${time(rfc6414.failoverTimeMs)} (${rfc6414.method})`,
      `Failover Packet Loss ${formatCount(rfc6414.failoverPacketLoss)}`,
      `Reversion Time ${rfc6414.reversionPacketLoss === null ? unknown : time(rfc6414.reversionTimeMs, returned)}`,
      `Reversion Packet Loss ${formatCount(rfc6414.reversionPacketLoss)}`,
      `Additive Backup Delay ${signedDelay(rfc6414.additiveBackupDelayMs)}`,
    ]),
    ...line('RFC 8456', [
      `Network Re-provisioning Time ${meanTime(rfc8456.reprovisioningTimeMs, network)} (mean of ${time(rfc8456.forwardDisruptionMs, network?.forward)} forward and ${time(rfc8456.reverseDisruptionMs, network?.reverse)} reverse; maximum ${time(rfc8456.maximumMs)})`,
      `lost ${formatCount(rfc8456.lostForward)} forward, ${formatCount(rfc8456.lostReverse)} reverse`,
    ]),
    ...line('RFC 6413', [
      `method ${escapeText(rfc6413.method)}`,
      `true value within ${signed(rfc6413.accuracyMs.low)} … ${signed(rfc6413.accuracyMs.high)} ms of the reading`,
      `Packet Sampling Interval ${formatMs(rfc6413.packetSamplingIntervalMs)}`,
      `sustained for ${formatRoundMs(rfc6413.sustainedValidationMs)}`,
      `delay threshold ${formatRoundMs(rfc6413.forwardingDelayThresholdMs)}`,
    ]),
  ]);
}

/** The mean of both directions; where one is censored, the mean of what they lasted at least. */
function meanTime(ms: number | null, network: TrialResult['network']): string {
  if (ms !== null || network === null) return formatMs(ms);
  const { forward, reverse } = network;
  return formatAtLeastMs((forward.outageAtLeastMs + reverse.outageAtLeastMs) / 2);
}

function signed(value: number): string {
  if (value === 0) return '0';
  return value < 0 ? `−${Math.abs(value)}` : `+${value}`;
}

function signedDelay(ms: number | null): string {
  if (ms === null) return unknown;
  return `${signed(Number(ms.toFixed(2)))} ms`;
}

/** What the return of the dead one cost. */
export function renderReversion(trial: TrialResult, layout: Layout): string[] {
  if (trial.reversion === null) return [];
  const { network, tcp } = trial.reversion;
  const ends = endpointsOf(trial);
  const rows = (['forward', 'reverse'] as const).flatMap((direction) =>
    network === null
      ? []
      : [
          [
            escapeText(directionLabel(direction, ends)),
            darkBefore(trial, direction, ends) ?? formatOutage(network[direction]),
            formatCounted(network[direction].packetsLost, 'packet'),
          ],
        ],
  );
  if (tcp !== null) rows.push(['TCP', formatStall(tcp), '']);
  const lost =
    network !== null &&
    [network.forward, network.reverse].some(
      (one) => one.packetsLost + (one.otherLoss?.packets ?? 0) > 0,
    );
  const table = renderTable(
    [
      { title: '', align: 'left', shrinks: true },
      { title: 'outage', align: 'left' },
      { title: 'lost', align: 'right' },
    ],
    rows,
    { columns: layout.columns, indent: 2, headStyle: layout.styles.dim },
  );
  return lost ? [...table, ...explanationOfHeal(trial, layout)] : table;
}

/** A direction that the heal did not bring back: no outage began, because the old one went on. */
function darkBefore(
  { darkAtEnd, episodes, fault }: TrialResult,
  direction: 'forward' | 'reverse',
  ends: Endpoints | null,
): string | null {
  const heal = episodes.find(
    ({ change, injectedAtMs }) => change === 'healed' && injectedAtMs >= (fault?.injectedAtMs ?? 0),
  );
  if (ends === null || heal === undefined) return null;
  const [from, to] = direction === 'forward' ? [ends.from, ends.to] : [ends.to, ends.from];
  const dark = (darkAtEnd ?? []).find(
    (one) => one.from === from && one.to === to && one.sinceMs < heal.injectedAtMs,
  );
  return dark === undefined ? null : 'still dark since before';
}

/** When the packets of a return were lost, and what the network did then. */
function explanationOfHeal(trial: TrialResult, layout: Layout): string[] {
  const heal = trial.episodes.find(
    ({ change, injectedAtMs }) =>
      change === 'healed' && injectedAtMs >= (trial.fault?.injectedAtMs ?? 0),
  );
  const text = escapeText(explanationText(heal?.explanation ?? null));
  return wrapText(text, layout.columns - 2).map((line) => `  ${line}`);
}

/** Every expectation with what was measured and how far inside (or outside) its bound that is. */
export function renderExpectations(trial: TrialResult, layout: Layout): string[] {
  const { styles, columns } = layout;
  const rows = trial.expectations.map((expectation) => [
    verdictStyle(styles, expectation.verdict)(expectation.verdict),
    escapeText(expectation.text),
    formatMeasured(expectation),
    expectation.margin === null
      ? ''
      : `${formatQuantity(Math.abs(expectation.margin), expectation.unit)} ${expectation.margin < 0 ? 'outside' : 'to spare'}`,
  ]);
  if (rows.length === 0) return [];
  const details = trial.expectations
    .filter((expectation) => expectation.verdict !== 'pass' && expectation.detail !== null)
    .flatMap((expectation) =>
      indented(
        wrapText(
          `${escapeText(expectation.id)}: ${escapeText(detailText(expectation.detail))}`,
          columns - 2,
        ),
      ),
    );
  return [
    ...renderTable(
      [
        { title: '', align: 'left' },
        { title: 'expected', align: 'left', shrinks: true },
        { title: 'measured', align: 'right' },
        { title: 'margin', align: 'right' },
      ],
      rows,
      { columns, indent: 2, headStyle: styles.dim },
    ),
    ...details,
  ];
}

/** How far the measuring itself can be trusted. */
export function renderFidelity(fidelity: Fidelity, layout: Layout): string[] {
  const parts = [
    `sender at most ${formatMs(fidelity.worstSendLatenessMs)} late`,
    `longest send gap ${formatMs(fidelity.worstSendGapMs)}`,
    ...known(fidelity.cpuSomePercentMax, (percent) => `processor pressure up to ${percent}`),
    `${formatCounted(fidelity.baselinePacketsLost, 'packet')} lost before the fault`,
    `${formatCounted(fidelity.bfdFlapsOutsideFault, 'BFD flap')} outside the fault`,
    ...known(fidelity.meterCpuPercent, (percent) => `meter ${percent} of a core`),
  ];
  const word = fidelity.ok ? 'good' : 'poor';
  const columns = layout.columns - 2;
  const style = fidelity.ok ? undefined : layout.styles.yellow;
  return indented([
    ...labelled('Measurement', `${word}: ${parts.join(' · ')}`, { labelWidth, columns }),
    ...sentencesOf(fidelity.reasons).flatMap((reason) =>
      labelled('', escapeText(reason), { labelWidth, columns, ...(style && { style }) }),
    ),
  ]);
}

/** What this machine dropped in all trials, where it dropped anything. */
export function renderMachineLoss(trials: readonly TrialResult[], layout: Layout): string[] {
  const text = machineLossText(trials);
  if (text === null) return [];
  const { columns, styles } = layout;
  const options = { labelWidth, columns: columns - 2, style: styles.yellow };
  return indented(labelled('Machine loss', escapeText(text), options));
}

function known(percent: number | null, words: (percent: string) => string): string[] {
  return percent === null ? [] : [words(formatPercent(percent))];
}
