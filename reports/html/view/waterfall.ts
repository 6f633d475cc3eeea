/** The phases of a recovery, one bar each, from the fault to 90 % of the old rate. */
import type { Episode } from '../../../harness/model/result.js';
import { onlyAfterHeal, seenText } from '../../evidence.js';
import { explanationText } from '../../explanation.js';
import { formatMs, formatMsAt } from '../../format.js';
import { type PhaseKey, phaseLabel, phaseStretches } from '../../vocabulary.js';
import { type Html, html, named } from '../markup.js';
import { termed } from './term.js';

interface Bar {
  key: string;
  title: string;
  startMs: number;
  /** End of the drawn stretch; null = this phase was not observed. */
  endMs: number | null;
  stampMs: number | null;
  /** The stamp in words, no finer than it was taken. */
  at: string;
  evidence: string;
}

/** Why a phase has no stamp: nothing was interrupted, or its end was not observed. */
function unseenWords(
  { networks: [network], tcps: [tcp], phaseEvidence }: Episode,
  phase: PhaseKey,
): string {
  if (phaseEvidence[phase]?.by === 'heal') return onlyAfterHeal;
  const whole =
    (phase === 'firstPacketForwardMs' && network?.forward.outageMs === 0) ||
    (phase === 'firstPacketReverseMs' && network?.reverse.outageMs === 0) ||
    (phase === 'tcpMovingMs' && tcp?.stallMs === 0);
  return whole ? 'was not interrupted' : 'not observed';
}

/** TCP's phases are as coarse as iperf3's intervals; the others come with finer stamps. */
function stampWords(episode: Episode, phase: PhaseKey): string {
  const stampMs = episode.phases[phase];
  if (stampMs === null) return unseenWords(episode, phase);
  const byTcp = phase === 'tcpMovingMs' || phase === 'tcp90Ms';
  const stamps = Object.values(episode.phases).map((each) => each ?? 0);
  const fineMs = Math.max(...stamps) < 1000 ? 0.1 : 1;
  return `+${formatMsAt(stampMs, byTcp ? (episode.tcps[0]?.resolutionMs ?? 1) : fineMs)}`;
}

function barsOf(episode: Episode): Bar[] {
  const network = episode.networks[0];
  const ends = network ? { from: network.from, to: network.to } : null;
  return phaseStretches(episode.phases).map(({ phase, startMs, endMs }) => ({
    key: phase,
    title: phaseLabel(phase, ends, episode.phaseEvidence),
    startMs,
    endMs,
    stampMs: episode.phases[phase],
    at: stampWords(episode, phase),
    evidence: seenText(episode.phaseEvidence[phase]),
  }));
}

function row(bar: Bar, scaleMs: number): Html {
  const place = (ms: number) => Math.max(0, Math.min(1000, (ms / scaleMs) * 1000));
  const drawing =
    bar.endMs === null
      ? html`<rect class="unseen" x="${place(bar.startMs)}" y="3" width="${1000 - place(bar.startMs)}" height="10"/>`
      : html`<rect class="span" x="${Math.min(996, place(bar.startMs))}" y="3" width="${Math.max(4, place(bar.endMs) - place(bar.startMs))}" height="10"/>`;
  return html`<tr data-phase="${bar.key}" data-value="${bar.stampMs ?? 'null'}">
    <th scope="row">${bar.title}</th>
    <td class="figure">${bar.at}</td>
    <td class="bar"><svg viewBox="0 0 1000 16" preserveAspectRatio="none" aria-hidden="true">${drawing}</svg></td>
    <td class="evidence" dir="auto">${bar.evidence}</td>
  </tr>`;
}

/** The waterfall of one fault or heal. */
export function waterfall(episode: Episode): Html {
  const bars = barsOf(episode);
  const scaleMs = Math.max(1, ...bars.map((bar) => bar.endMs ?? 0));
  const targets = episode.targets.map((target, index) => [index > 0 && ', ', named(target)]);
  return html`<figure class="waterfall">
    <figcaption><strong>${episode.kind}</strong> ${episode.change} on ${targets}, ${termed('t0')} = ${formatMs(episode.injectedAtMs)} ± ${formatMs(episode.uncertaintyMs)}</figcaption>
    <p dir="auto">${explanationText(episode.explanation)}</p>
    <div class="scroll-x phases" tabindex="0" role="region" aria-label="Phases of ${episode.kind} ${episode.change}"><table>
      <thead><tr><th scope="col">Phase</th><th scope="col" class="figure">After the fault</th><th scope="col">0 to ${formatMs(scaleMs)}</th><th scope="col">Evidence</th></tr></thead>
      <tbody>${bars.map((bar) => row(bar, scaleMs))}</tbody>
    </table></div>
  </figure>`;
}
