/** Brings report.html to life. What can be read without it is already in the page. */
import 'uplot/dist/uPlot.min.css';
import './report.css';
import type { TrialChart } from '../../../harness/model/result.js';
import type { PageData } from '../data.js';
import { trialParts } from '../view/trial-parts.js';
import { startCompareChart } from './compare-chart.js';
import { startDownloads } from './downloads.js';
import { startEventTable } from './event-table.js';
import { startLogs } from './logs.js';
import { startNetworkPanel } from './network-panel.js';
import { startPermalinks } from './permalink.js';
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
  for (const [id, part] of Object.entries(trialParts(data, trialIndex))) {
    need(`#${id}`).innerHTML = part.text;
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
  document.documentElement.dataset.script = 'yes';
  followTheme(state);
  startTrialChoice(state);
  startNetworkPanel(state);
  startDownloads(state);
  if (document.getElementById('charts')) {
    startZoomControls(state);
    await breath();
    startTimeCharts(state);
  }
  await breath();
  startCompareChart(state);
  const list = await startEventTable(state);
  await startLogs(state, list);
  startPermalinks(state);
  document.documentElement.dataset.ready = 'yes';
}

void start();
