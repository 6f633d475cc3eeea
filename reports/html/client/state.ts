/** What the reader has chosen: trial, moment and stretch of time. Parts of the page follow it. */
import type { TrialChart, TrialResult } from '../../../harness/model/result.js';
import type { PageData } from '../data.js';
import { tellingMomentMs } from '../view/moment.js';

export type Change = 'trial' | 'moment' | 'zoom' | 'theme';

export class ReaderState {
  trialIndex: number;
  atMs = 0;
  zoom: [number, number] = [0, 1];
  readonly #listeners = new Map<Change, Array<() => void>>();

  constructor(
    readonly data: PageData,
    readonly charts: TrialChart[],
    trialIndex: number,
  ) {
    this.trialIndex = trialIndex;
    this.#rewind();
  }

  get trial(): TrialResult | undefined {
    return this.data.result.trials[this.trialIndex];
  }

  get chart(): TrialChart | undefined {
    return this.charts[this.trialIndex];
  }

  get endMs(): number {
    return Math.max(1, this.chart?.trafficEndMs ?? 1);
  }

  on(change: Change, listener: () => void): void {
    this.#listeners.set(change, [...(this.#listeners.get(change) ?? []), listener]);
  }

  tell(change: Change): void {
    for (const listener of this.#listeners.get(change) ?? []) listener();
  }

  chooseTrial(index: number): void {
    if (!this.data.result.trials[index]) return;
    this.trialIndex = index;
    this.#rewind();
    this.tell('trial');
    this.tell('zoom');
    this.tell('moment');
  }

  moveTo(atMs: number): void {
    this.atMs = Math.max(0, Math.min(this.endMs, atMs));
    this.tell('moment');
  }

  /** Shows a stretch of time, within the run and at least one millisecond wide. */
  zoomTo(startMs: number, endMs: number): void {
    const width = Math.min(this.endMs, Math.max(1, endMs - startMs));
    const start = Math.max(0, Math.min(this.endMs - width, startMs));
    if (this.zoom[0] === start && this.zoom[1] === start + width) return;
    this.zoom = [start, start + width];
    this.tell('zoom');
  }

  zoomBy(factor: number): void {
    const [start, end] = this.zoom;
    const middle = this.atMs >= start && this.atMs <= end ? this.atMs : (start + end) / 2;
    this.zoomTo(middle - (middle - start) * factor, middle + (end - middle) * factor);
  }

  pan(share: number): void {
    const [start, end] = this.zoom;
    const step = (end - start) * share;
    this.zoomTo(start + step, end + step);
  }

  #rewind(): void {
    this.zoom = [0, this.endMs];
    this.atMs = this.trial ? tellingMomentMs(this.trial, this.chart) : 0;
  }
}
