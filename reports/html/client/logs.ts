/** Log files, each line with its time in the trial where it carries one. */
import { html } from '../markup.js';
import type { EventList } from './event-list.js';
import type { ReaderState } from './state.js';
import { need, unpackedText } from './unpack.js';

const lineHeight = 20;

interface LogLine {
  /** Monotonic nanoseconds; null where the line and those before it carry no time. */
  atNs: number | null;
  text: string;
}

/** Difference between wall time and the monotonic clock, from the header of the history. */
function wallOffsetMs(list: EventList): number | null {
  const header = list.lines.find((line) => line.includes('"kind":"run.header"'));
  if (header === undefined) return null;
  const { atNs, wallTime } = JSON.parse(header) as { atNs: number; wallTime: string };
  const wallMs = Date.parse(wallTime);
  return Number.isNaN(wallMs) ? null : wallMs - atNs / 1e6;
}

const isoTime = /\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/;

/** The time of a line: its own monotonic stamp, or its wall time (in UTC where no zone is told). */
function timeOf(line: string, offsetMs: number | null): number | null {
  const stamp = /"(?:atNs|monotonicNs)"\s*:\s*(\d+)/.exec(line)?.[1];
  if (stamp !== undefined) return Number(stamp);
  const iso = isoTime.exec(line)?.[0];
  if (iso === undefined || offsetMs === null) return null;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`;
  const wallMs = Date.parse(zoned.replace(' ', 'T').replace(',', '.'));
  return Number.isNaN(wallMs) ? null : (wallMs - offsetMs) * 1e6;
}

function linesOf(text: string, offsetMs: number | null): LogLine[] {
  let atNs: number | null = null;
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      atNs = timeOf(line, offsetMs) ?? atNs;
      return { atNs, text: line };
    });
}

/** A virtual list of the lines of one log, which follows the scrubber when asked to. */
function showLog(
  state: ReaderState,
  place: HTMLElement,
  lines: LogLine[],
  follow: HTMLInputElement,
): () => void {
  place.innerHTML = '<div class="log-space"><div class="log-rows"></div></div>';
  const space = place.firstElementChild as HTMLElement;
  const rows = space.firstElementChild as HTMLElement;
  space.style.height = `${lines.length * lineHeight}px`;
  const zeroNs = () => state.data.zeroNs[state.trialIndex] ?? null;
  const nowNs = () => (zeroNs() ?? 0) + state.atMs * 1e6;
  const draw = () => {
    const first = Math.max(0, Math.floor(place.scrollTop / lineHeight) - 5);
    const count = Math.ceil(place.clientHeight / lineHeight) + 10;
    const zero = zeroNs();
    rows.style.transform = `translateY(${first * lineHeight}px)`;
    rows.innerHTML = lines
      .slice(first, first + count)
      .map(({ atNs, text }) => {
        const time = atNs === null || zero === null ? '' : ((atNs - zero) / 1e9).toFixed(3);
        const past = atNs !== null && zero !== null && atNs <= nowNs();
        return html`<div class="log-line ${past ? 'past' : ''}"><span class="figure">${time}</span><span>${text.slice(0, 2000)}</span></div>`
          .text;
      })
      .join('');
  };
  place.addEventListener('scroll', () => requestAnimationFrame(draw), { passive: true });
  return () => {
    if (follow.checked) {
      const next = lines.findIndex((line) => line.atNs !== null && line.atNs > nowNs());
      const at = next < 0 ? lines.length : next;
      place.scrollTop = Math.max(0, at * lineHeight - place.clientHeight / 2);
    }
    draw();
  };
}

export async function startLogs(state: ReaderState, list: EventList): Promise<void> {
  const place = need('#logs');
  const logs = JSON.parse(await unpackedText('log-data')) as Record<string, string>;
  const names = Object.keys(logs);
  if (names.length === 0) {
    place.textContent = 'This report contains no logs.';
    return;
  }
  place.innerHTML =
    html`<div class="toolbar"><label>File <select id="log-file">${names.map((name) => html`<option value="${name}">${name}</option>`)}</select></label>
    <label><input type="checkbox" id="log-follow" checked> follow the scrubber</label></div>
    <div class="log" tabindex="0" role="region" aria-label="Log file" dir="ltr"></div>`.text;
  const choice = need<HTMLSelectElement>('#log-file');
  const follow = need<HTMLInputElement>('#log-follow');
  const offsetMs = wallOffsetMs(list);
  let draw = () => {};
  const open = () => {
    const old = need('.log');
    const fresh = old.cloneNode(false) as HTMLElement;
    old.replaceWith(fresh);
    draw = showLog(state, fresh, linesOf(logs[choice.value] ?? '', offsetMs), follow);
    draw();
  };
  choice.addEventListener('input', open);
  follow.addEventListener('input', () => draw());
  state.on('moment', () => draw());
  open();
}
