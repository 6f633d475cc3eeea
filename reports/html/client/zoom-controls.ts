/** Zoom by buttons and keys, for those who do not drag. */
import { faultAtMs, recoveredAtMs } from '../view/moment.js';
import type { ReaderState } from './state.js';
import { need } from './unpack.js';

/** From a little before the fault to a little after everything was back. */
function zoomToFault(state: ReaderState): void {
  const { trial } = state;
  const fault = trial ? faultAtMs(trial) : null;
  if (!trial || fault === null) return;
  const back = Math.max(
    recoveredAtMs(trial) ?? fault + (trial.network ? 5000 : 1000),
    fault + (trial.tcp?.movingAgainMs ?? 0),
  );
  const room = Math.max(50, (back - fault) * 0.35);
  state.zoomTo(fault - room, back + room);
}

const byName: Record<string, (state: ReaderState) => void> = {
  fault: zoomToFault,
  in: (state) => state.zoomBy(0.5),
  out: (state) => state.zoomBy(2),
  all: (state) => state.zoomTo(0, state.endMs),
};

const byKey: Record<string, (state: ReaderState) => void> = {
  '+': (state) => state.zoomBy(0.5),
  '=': (state) => state.zoomBy(0.5),
  '-': (state) => state.zoomBy(2),
  '0': (state) => state.zoomTo(0, state.endMs),
  Escape: (state) => state.zoomTo(0, state.endMs),
  ArrowLeft: (state) => state.pan(-0.2),
  ArrowRight: (state) => state.pan(0.2),
};

export function startZoomControls(state: ReaderState): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-zoom]')) {
    if (button.id === 'charts') continue;
    button.addEventListener('click', () => byName[button.dataset.zoom ?? '']?.(state));
  }
  need('#charts').addEventListener('keydown', (event) => {
    const act = byKey[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act(state);
  });
}
