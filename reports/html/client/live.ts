/** Brings the pages of `failover-lab show` to life. */
import 'uplot/dist/uPlot.min.css';
import './report.css';
import uPlot from 'uplot';
import { medianTrial } from '../../../harness/judge/median-trial.js';
import type { HistoryEvent } from '../../../harness/model/history/events.js';
import type { JudgedRun } from '../../../harness/model/result.js';
import { formatBps, formatCount, formatMs } from '../../format.js';
import { html } from '../markup.js';
import { type Moment, momentAt } from '../view/moment.js';
import { trialNumbers } from '../view/numbers.js';
import { momentText, topologySvg } from '../view/topology.js';
import { LiveState, windowS } from './live-state.js';
import { startRunList } from './run-list.js';
import { colour, startTheme } from './theme.js';
import { need } from './unpack.js';

function text(selector: string, words: string): void {
  const place = need(selector);
  if (place.textContent !== words) place.textContent = words;
}

function seconds(state: LiveState, atNs: number): string {
  return state.trafficNs === null ? '' : `${((atNs - state.trafficNs) / 1e9).toFixed(1)} s`;
}

class LiveView {
  readonly state = new LiveState();
  connected = false;
  /** Once the run has ended: what its report says. */
  #judged: JudgedRun | null = null;
  #unjudged = '';
  #chart: uPlot | undefined;
  #picture = '';
  #due = false;

  /** Draws once in the next frame, however much news there was. */
  changed(): void {
    if (this.#due) return;
    this.#due = true;
    requestAnimationFrame(() => {
      this.#due = false;
      this.#draw();
    });
  }

  /** From now on the page shows what the report shows, by the same judge. */
  async showJudged(address: string): Promise<void> {
    try {
      const answer = await fetch(address);
      if (!answer.ok) throw new Error((await answer.text()).trim());
      this.#judged = (await answer.json()) as JudgedRun;
    } catch (error) {
      this.#unjudged = error instanceof Error ? error.message : String(error);
    }
    this.changed();
  }

  renewChart(): void {
    this.#chart?.destroy();
    const axis = {
      stroke: colour('muted'),
      grid: { stroke: colour('line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui, sans-serif',
    };
    this.#chart = new uPlot(
      {
        width: Math.max(280, need('#live-chart').clientWidth),
        height: 220,
        padding: [8, 14, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false } },
        scales: {
          x: {
            time: false,
            range: (_chart, _min, max) => [
              Math.max(0, (max ?? 0) - windowS),
              Math.max(10, max ?? 0),
            ],
          },
          y: { range: (_chart, _min, max) => [0, Math.max(1, (max ?? 1) * 1.08)] },
        },
        axes: [
          { ...axis, values: (_chart, values) => values.map((value) => `${value} s`) },
          {
            ...axis,
            size: 78,
            values: (_chart, values) => values.map((value) => formatBps(value)),
          },
        ],
        series: [
          {},
          {
            stroke: colour('series-0'),
            fill: colour('series-0-fill'),
            width: 1.75,
            points: { show: false },
          },
        ],
      },
      this.#rates(),
      need<HTMLElement>('#live-chart'),
    );
  }

  #rates(): uPlot.AlignedData {
    const { rates } = this.state;
    return [rates.map(([atS]) => atS), rates.map(([, bps]) => bps)];
  }

  #draw(): void {
    const { state } = this;
    need('#main').dataset.updates = String(Number(need('#main').dataset.updates ?? 0) + 1);
    text('#question', state.header?.scenario.question ?? 'Waiting for the record…');
    if (this.#judged) this.#drawJudged(this.#judged);
    else this.#drawLive();
    const news =
      html`${state.news.map((each) => html`<li><span class="figure">${seconds(state, each.atNs)}</span> <span dir="auto">${each.text}</span></li>`)}`
        .text;
    if (need('#news').dataset.text !== news) need('#news').innerHTML = news;
    need('#news').dataset.text = news;
    this.#chart?.setData(this.#rates());
  }

  #drawLive(): void {
    const { state } = this;
    text(
      '#live-state',
      state.ended ? state.ended.reason : this.connected ? 'running' : 'reconnecting',
    );
    text(
      '#live-phase',
      this.#unjudged || [state.phase, state.waiting].filter(Boolean).join(', waiting for '),
    );
    text(
      '#live-clock',
      state.trafficNs === null
        ? '–'
        : `${Math.max(0, (state.newestNs - state.trafficNs) / 1e9).toFixed(1)} s`,
    );
    text(
      '#live-trial',
      `after traffic start; trial ${state.trial + 1} of ${state.header?.trials ?? '?'}`,
    );
    text('#live-rate', formatBps(state.rates.at(-1)?.[1] ?? null));
    text('#live-host', state.receiver === null ? '' : `arriving at ${state.receiver}`);
    text('#live-lost', formatCount(state.missing));
    text(
      '#live-silence',
      state.silent.length > 0
        ? state.silent
            .map(
              (direction) => `no packets ${direction} for ${formatMs(state.silenceOf(direction))}`,
            )
            .join(', ')
        : 'packets arrive in both directions',
    );
    this.#drawTopology(state.moment);
  }

  /** The numbers of the trial that the report shows first, and the network at its end. */
  #drawJudged(run: JudgedRun): void {
    const { verdict, trials } = run.result;
    const chosen = medianTrial(run);
    text('#live-state', verdict);
    need('#live-state').className = `chip ${verdict}`;
    const which = chosen && trials.length > 1 ? `, trial ${chosen.trial.index + 1} is shown` : '';
    text('#live-phase', `ended: ${this.state.ended?.reason ?? ''}${which}`);
    if (!chosen) return;
    need('#live-numbers').innerHTML = trialNumbers(run.result, chosen.trial).text;
    text('#network-title', 'The network at the end of the traffic');
    const endMs = chosen.chart?.trafficEndMs ?? Number.MAX_SAFE_INTEGER;
    this.#drawTopology(momentAt(chosen.trial, chosen.chart, endMs));
  }

  #drawTopology(moment: Moment): void {
    const { drawing } = this.state;
    if (!drawing) return;
    text('#moment', momentText(moment));
    const svg = topologySvg(drawing, moment).text;
    const key = svg.replace(/aria-label="[^"]*"/, '');
    if (key !== this.#picture) need('#topology').innerHTML = svg;
    this.#picture = key;
  }
}

function startLive(address: string): void {
  const view = new LiveView();
  startTheme(() => view.renewChart());
  const source = new EventSource(address);
  source.onopen = () => {
    view.connected = true;
    view.changed();
  };
  source.onerror = () => {
    view.connected = false;
    view.changed();
  };
  source.addEventListener('restart', () => location.reload());
  source.onmessage = ({ data }) => {
    for (const line of String(data).split('\n')) {
      try {
        view.state.take(JSON.parse(line) as HistoryEvent);
      } catch {
        // A line that is not an event is left out; the report states it when it reads the record.
      }
    }
    if (view.state.ended) {
      source.close();
      void view.showJudged(need('#main').dataset.judged ?? '');
    }
    view.changed();
  };
}

const address = need('#main').dataset.live;
if (address !== undefined) startLive(address);
else {
  startTheme(() => {});
  if (document.getElementById('runs')) startRunList();
}
