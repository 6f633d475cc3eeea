/** Brings report.html to life. What can be read without it is already in the page. */
import 'uplot/dist/uPlot.min.css';
import './report.css';
import type { TrialChart } from '../../../harness/model/result.js';
import type { PageData } from '../data.js';
import { html } from '../markup.js';
import { trialHead } from '../view/first-screen.js';
import { flows } from '../view/flows.js';
import { carriers, expectations, fidelity, standards } from '../view/judgement.js';
import { trialStrips, trialTable } from '../view/trials.js';
import { waterfall } from '../view/waterfall.js';
import { startCompareChart } from './compare-chart.js';
import { startDownloads } from './downloads.js';
import { startEventTable } from './event-table.js';
import { startLogs } from './logs.js';
import { startNetworkPanel } from './network-panel.js';
import { ReaderState } from './state.js';
import { followTheme } from './theme.js';
import { startTimeCharts } from './time-charts.js';
import { breath, elementText, need, unpackedText } from './unpack.js';
import { startZoomControls } from './zoom-controls.js';

/** The parts that are text about the chosen trial. */
function showTrial(state: ReaderState): void {
  const { trial, data, trialIndex } = state;
  if (!trial) return;
  need('#main').dataset.trial = String(trialIndex);
  need('#trial-head').innerHTML = trialHead(data, trialIndex).text;
  need('#waterfalls').innerHTML =
    html`${trial.episodes.map(waterfall)}${trial.episodes.length === 0 && html`<p>No fault was injected, so there are no phases of a recovery.</p>`}`.text;
  need('#expectation-table').innerHTML = expectations(trial).text;
  need('#evidence-parts').innerHTML =
    html`${flows(trial)}${fidelity(trial)}${carriers(trial)}${standards(trial)}`.text;
  if (data.result.trials.length > 1) {
    need('#strips').innerHTML = trialStrips(data, trialIndex).text;
    need('#trial-table').innerHTML = trialTable(data, trialIndex).text;
  }
}

function startTrialChoice(state: ReaderState): void {
  document.getElementById('trials')?.addEventListener('click', (event) => {
    const chosen = (event.target as Element).closest<HTMLElement>('[data-trial]')?.dataset.trial;
    if (chosen === undefined) return;
    state.chooseTrial(Number(chosen));
    need(`#trial-table button[data-trial="${chosen}"]`).focus({ preventScroll: true });
  });
  state.on('trial', () => showTrial(state));
}

async function start(): Promise<void> {
  const data = JSON.parse(elementText('page-data')) as PageData;
  const charts = JSON.parse(await unpackedText('chart-data')) as TrialChart[];
  const state = new ReaderState(data, charts, Number(need('#main').dataset.trial));
  followTheme(state);
  showTrial(state);
  startTrialChoice(state);
  startNetworkPanel(state);
  startDownloads(data);
  if (document.getElementById('charts')) {
    startZoomControls(state);
    await breath();
    startTimeCharts(state);
  }
  await breath();
  startCompareChart(state);
  const list = await startEventTable(state);
  await startLogs(state, list);
  document.documentElement.dataset.ready = 'yes';
}

void start();
