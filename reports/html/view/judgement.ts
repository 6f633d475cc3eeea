/** Expectations with their margins, the gate, fidelity, standards and who carried the packets. */

import type { GateResult } from '../../../harness/judge/gate/result.js';
import { worstDirection } from '../../../harness/judge/outage.js';
import type {
  DirectionResult,
  ExpectationResult,
  TrialResult,
} from '../../../harness/model/result.js';
import {
  formatCount,
  formatMs,
  formatPercent,
  formatQuantity,
  formatRoundMs,
  unknown,
} from '../../format.js';
import { gateColumns, gateRows } from '../../gate/table.js';
import { formatMeasured, formatOutage } from '../../headline.js';
import { machineLossText } from '../../machine-loss.js';
import { capitalized, nounOfAll } from '../../node-nouns.js';
import { sentencesOf } from '../../reasons/index.js';
import { detailText } from '../../reasons/reading.js';
import { type Html, html, type Insert, named } from '../markup.js';
import { verdictChip } from './first-screen.js';
import { termed } from './term.js';

function expectationRow(expectation: ExpectationResult): Html {
  const { unit, margin } = expectation;
  return html`<tr data-expectation="${expectation.id}" data-margin="${margin ?? 'null'}">
    <td>${verdictChip(expectation.verdict)}</td>
    <th scope="row" dir="auto">${expectation.text}</th>
    <td class="figure">${formatMeasured(expectation)}</td>
    <td class="figure">${expectation.bound !== null && unit === 'ms' ? formatRoundMs(expectation.bound) : formatQuantity(expectation.bound, unit)}</td>
    <td class="figure ${margin !== null && margin < 0 ? 'outside' : ''}">${margin === null ? '–' : `${formatQuantity(Math.abs(margin), unit)} ${margin < 0 ? 'outside' : 'inside'}`}</td>
    <td class="evidence" dir="auto">${detailText(expectation.detail)}</td>
  </tr>`;
}

export function expectations(trial: TrialResult): Html {
  if (trial.expectations.length === 0) return html`<p>The scenario states no expectation.</p>`;
  return html`<div class="scroll-x" tabindex="0" role="region" aria-label="Table of expectations"><table>
    <thead><tr><th scope="col">Verdict</th><th scope="col">Expectation</th><th scope="col" class="figure">Measured</th><th scope="col" class="figure">Bound</th><th scope="col" class="figure">Margin</th><th scope="col">Detail</th></tr></thead>
    <tbody>${trial.expectations.map(expectationRow)}</tbody></table></div>`;
}

/** The gate, metric by metric, in the cells that every report shows. */
export function gate(result: GateResult): Html {
  const reasons = [...sentencesOf(result.reasons), ...result.environment.differences];
  return html`<p class="verdict-line" data-gate="${result.verdict}">${verdictChip(result.verdict)} ${reasons.join('; ')}</p>
  <div class="scroll-x" tabindex="0" role="region" aria-label="Comparison with the baseline"><table class="gate">
    <thead><tr>${gateColumns.map((title) => html`<th scope="col">${title}</th>`)}</tr></thead>
    <tbody>${gateRows(result).map(
      (cells) =>
        html`<tr>${gateColumns.map((column) => html`<td>${column === 'verdict' ? verdictChip(cells[column]) : cells[column]}</td>`)}</tr>`,
    )}</tbody></table></div>`;
}

function facts(rows: Array<[Insert, Insert]>): Html {
  return html`<dl class="facts">${rows.map(([term, value]) => html`<div><dt>${term}</dt><dd>${value}</dd></div>`)}</dl>`;
}

/** Whether the machine was fit for the measurement. */
export function fidelity(trial: TrialResult): Html | null {
  const { fidelity: found } = trial;
  if (!found) return null;
  const lost = machineLossText([trial]);
  return html`<h3>${termed('fidelity', 'Fidelity')}</h3><p>${found.ok ? 'The machine kept up with the measurement.' : sentencesOf(found.reasons).join('; ')}</p>
  ${lost !== null && html`<p data-machine-loss>${lost}.</p>`}
  ${facts([
    ['Worst send lateness', formatMs(found.worstSendLatenessMs)],
    ['Worst send gap', formatMs(found.worstSendGapMs)],
    ['Processor pressure, highest', formatPercent(found.cpuSomePercentMax)],
    ['Packets lost before the fault', formatCount(found.baselinePacketsLost)],
    ['BFD flaps outside the fault', formatCount(found.bfdFlapsOutsideFault)],
    ['Processor time of the meter', formatPercent(found.meterCpuPercent)],
  ])}`;
}

/** The same numbers under the names that the RFCs give them. */
export function standards(trial: TrialResult): Html | null {
  const { standards: found } = trial;
  if (!found) return null;
  const { rfc6414, rfc8456, rfc6413 } = found;
  const { network } = trial;
  const back = trial.reversion?.network ?? null;
  const worst = network && worstDirection([network.forward, network.reverse]);
  const returned = back && worstDirection([back.forward, back.reverse]);
  // A censored time is shown by its lower bound, never as if nothing had been measured.
  const time = (ms: number | null, of: DirectionResult | null | undefined): string =>
    ms === null && of ? formatOutage(of) : formatMs(ms);
  return html`<h3>Metrics by RFC</h3>${facts([
    [
      html`RFC 6414 ${termed('failover time')} (${termed('TBM')})`,
      time(rfc6414.failoverTimeMs, worst),
    ],
    ['RFC 6414 failover packet loss', formatCount(rfc6414.failoverPacketLoss)],
    [
      html`RFC 6414 ${termed('reversion time')}`,
      rfc6414.reversionPacketLoss === null ? unknown : time(rfc6414.reversionTimeMs, returned),
    ],
    ['RFC 6414 reversion packet loss', formatCount(rfc6414.reversionPacketLoss)],
    [html`RFC 6414 ${termed('additive backup delay')}`, formatMs(rfc6414.additiveBackupDelayMs)],
    [
      html`RFC 8456 ${termed('forward, reverse disruption')}`,
      `${time(rfc8456.forwardDisruptionMs, network?.forward)}, ${time(rfc8456.reverseDisruptionMs, network?.reverse)}`,
    ],
    [
      html`RFC 8456 network ${termed('re-provisioning time')}`,
      formatMs(rfc8456.reprovisioningTimeMs),
    ],
    [
      'RFC 6413 accuracy',
      `${formatMs(rfc6413.accuracyMs.low)} to ${formatMs(rfc6413.accuracyMs.high)} around the reading`,
    ],
    [html`RFC 6413 ${termed('sampling interval')}`, formatMs(rfc6413.packetSamplingIntervalMs)],
    [html`RFC 6412 ${termed('sustained validation')}`, formatMs(rfc6413.sustainedValidationMs)],
  ])}`;
}

/** Who carried the packets before and after, and what the strategy costs at rest. */
export function carriers(trial: TrialResult): Html {
  const { relays, steadyState } = trial;
  const names = [
    ...new Set([...Object.keys(relays.packetsBefore), ...Object.keys(relays.packetsAfter)]),
  ];
  const noun = nounOfAll(relays.kinds, names);
  const role = (name: string) =>
    relays.died.includes(name) ? 'failed' : relays.tookOver.includes(name) ? 'backup' : '';
  return html`${
    names.length > 0 &&
    html`<h3>Packets per ${noun}</h3><div class="scroll-x" tabindex="0" role="region" aria-label="Packets carried"><table><thead><tr><th scope="col">${capitalized(noun)}</th><th scope="col" class="figure">Before</th><th scope="col" class="figure">After</th><th scope="col">Role</th></tr></thead><tbody>
    ${names.map((name) => html`<tr><th scope="row">${named(name)}</th><td class="figure">${formatCount(relays.packetsBefore[name] ?? 0)}</td><td class="figure">${formatCount(relays.packetsAfter[name] ?? 0)}</td><td>${role(name)}</td></tr>`)}</tbody></table></div>`
  }
  <h3>Cost in the steady state</h3>${facts([
    ['Control messages per second', formatQuantity(steadyState.controlMessagesPerSecond, '')],
    ['Probe packets per second', formatQuantity(steadyState.probePacketsPerSecond, '')],
    ['Controller', formatPercent(steadyState.controllerCpuPercent)],
    ['vswitchd', formatPercent(steadyState.vswitchdCpuPercent)],
  ])}`;
}
