/** The drawing of the network and the scrubber that moves time through it. */

import { escapeXml } from '../../escape.js';
import { formatMs } from '../../format.js';
import { faultAtMs, momentAt, pathStretches, recoveredAtMs } from '../view/moment.js';
import { eras, momentText, topologySvg } from '../view/topology.js';
import type { ReaderState } from './state.js';
import { need } from './unpack.js';

interface Jump {
  label: string;
  atMs: number;
}

function jumpsOf(state: ReaderState): Jump[] {
  const { trial } = state;
  if (!trial) return [];
  const fault = faultAtMs(trial);
  if (fault === null) return [];
  const recovered = recoveredAtMs(trial);
  const healed = trial.episodes.find((episode) => episode.change === 'healed');
  const darkUntil = recovered ?? healed?.injectedAtMs ?? state.endMs;
  const jumps: Array<Jump | null> = [
    { label: 'Before', atMs: Math.max(0, fault - 100) },
    { label: 'Fault', atMs: fault },
    { label: 'During', atMs: (fault + darkUntil) / 2 },
    recovered === null ? null : { label: 'Recovered', atMs: recovered },
    healed ? { label: 'Healed', atMs: healed.injectedAtMs } : null,
    { label: 'End', atMs: state.endMs },
  ];
  return jumps.filter((jump) => jump !== null);
}

/** Plays from just before the fault to just after recovery in about six seconds. */
function play(state: ReaderState, button: HTMLButtonElement): void {
  const { trial } = state;
  const fault = trial ? faultAtMs(trial) : null;
  if (!trial || fault === null) return;
  const recovered = recoveredAtMs(trial) ?? Math.min(state.endMs, fault + 5000);
  const lead = Math.max(20, (recovered - fault) * 0.3);
  const from = Math.max(0, fault - lead);
  const to = Math.min(state.endMs, recovered + lead);
  const began = performance.now();
  button.dataset.playing = 'yes';
  const frame = (now: number) => {
    if (button.dataset.playing !== 'yes') return;
    const share = Math.min(1, (now - began) / 6000);
    state.moveTo(from + (to - from) * share);
    if (share < 1) requestAnimationFrame(frame);
    else delete button.dataset.playing;
  };
  requestAnimationFrame(frame);
}

export function startNetworkPanel(state: ReaderState): void {
  const { drawing } = state.data;
  if (!drawing || !document.getElementById('topology')) return;
  const picture = need('#topology');
  const text = need('#moment');
  const range = need<HTMLInputElement>('#scrubber');
  const button = need<HTMLButtonElement>('#play');
  let shown = '';

  const draw = () => {
    if (!state.trial) return;
    const moment = momentAt(state.trial, state.chart, state.atMs);
    const svg = topologySvg(drawing, moment).text;
    const words = momentText(moment);
    range.value = String(Math.round(state.atMs));
    range.setAttribute('aria-valuetext', `${formatMs(state.atMs)}, ${words}`);
    text.textContent = `${formatMs(state.atMs)}: ${words}`;
    const key = svg.replace(/aria-label="[^"]*"/, '');
    if (key !== shown) picture.innerHTML = svg;
    shown = key;
  };
  const renew = () => {
    range.max = String(Math.ceil(state.endMs));
    need('#jumps').innerHTML = jumpsOf(state)
      .map(
        (jump) =>
          `<button type="button" data-at="${jump.atMs}">${escapeXml(jump.label)} <span>${formatMs(jump.atMs)}</span></button>`,
      )
      .join('');
    if (state.trial) need('#eras').innerHTML = eras(pathStretches(state.trial)).text;
    draw();
  };

  range.addEventListener('input', () => {
    delete button.dataset.playing;
    state.moveTo(Number(range.value));
  });
  need('#jumps').addEventListener('click', (event) => {
    const at = (event.target as Element).closest<HTMLElement>('[data-at]')?.dataset.at;
    delete button.dataset.playing;
    if (at !== undefined) state.moveTo(Number(at));
  });
  button.addEventListener('click', () => {
    if (button.dataset.playing === 'yes') delete button.dataset.playing;
    else play(state, button);
  });
  state.on('trial', renew);
  state.on('moment', draw);
  renew();
}
