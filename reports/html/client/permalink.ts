/**
 * The address of what is shown: `#trial=3&at=8100` is trial 3 at 8.1 s. It follows the reader, so
 * that the address bar can be copied at any moment, and a page that is opened by it shows the same.
 */
import type { ReaderState } from './state.js';

/** Moments change with every frame of a replay; browsers limit how often an address may change. */
const settledMs = 250;

export interface Place {
  /** As people count: from 1. */
  trial: number;
  /** Milliseconds after the start of traffic; undefined = the moment that the page chooses. */
  atMs?: number;
}

/** The place in a fragment; undefined for one that is not an address of this kind. Pure. */
export function placeOf(fragment: string): Place | undefined {
  const words = new URLSearchParams(fragment.replace(/^#/, ''));
  const trial = Number(words.get('trial'));
  if (!words.has('trial') || !Number.isInteger(trial)) return undefined;
  const at = Number(words.get('at') ?? Number.NaN);
  return Number.isFinite(at) ? { trial, atMs: at } : { trial };
}

/** Goes where the address leads, and keeps it up to date from the first choice of the reader on. */
export function startPermalinks(state: ReaderState): void {
  // Without a drawing of the network there is no place for the link; the address follows all the same.
  const link = document.querySelector<HTMLAnchorElement>('#permalink');
  if (!state.trial) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let own = '';
  const fragment = () => `#trial=${state.trialIndex + 1}&at=${Math.round(state.atMs)}`;
  const write = () => {
    own = fragment();
    link?.setAttribute('href', own);
    history.replaceState(null, '', own);
  };
  const follow = () => {
    link?.setAttribute('href', fragment());
    clearTimeout(timer);
    timer = setTimeout(write, settledMs);
  };
  const go = () => {
    if (location.hash === own) return;
    const place = placeOf(location.hash);
    if (place === undefined) return;
    state.chooseTrial(place.trial - 1);
    if (place.atMs !== undefined) state.moveTo(place.atMs);
  };
  go();
  link?.setAttribute('href', fragment());
  state.on('trial', follow);
  state.on('moment', follow);
  addEventListener('hashchange', go);
  link?.addEventListener('click', (event) => {
    event.preventDefault();
    clearTimeout(timer);
    write();
    void navigator.clipboard?.writeText(location.href).then(
      () => {
        link.dataset.copied = 'yes';
      },
      () => {},
    );
  });
}
