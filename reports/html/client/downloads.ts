/** Saves what the page carries as files. */
import { chartCsv } from '../../chart-csv.js';
import type { ReaderState } from './state.js';
import { unpackedText } from './unpack.js';

function save(name: string, type: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}

export function startDownloads(state: ReaderState): void {
  const actions: Record<string, () => void> = {
    result: () =>
      save('result.json', 'application/json', `${JSON.stringify(state.data.result, null, 2)}\n`),
    history: () =>
      void unpackedText('event-data').then((text) =>
        save('history.ndjson', 'application/x-ndjson', `${text}\n`),
      ),
    charts: () => {
      const { chart, trialIndex } = state;
      if (chart) save(`trial-${trialIndex + 1}.csv`, 'text/csv', chartCsv(chart));
    },
  };
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-download]')) {
    button.addEventListener('click', () => actions[button.dataset.download ?? '']?.());
  }
}
