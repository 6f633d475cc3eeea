/** What whoever asked for a watch is told, and how it is ended. */
import type { Sighting } from './live.js';

/** What a watch reports while it goes on. */
export type WatchNotice =
  | { kind: 'opened'; folder: string; name: string }
  | { kind: 'clock'; end: string; uncertaintyMs: number; wallOffsetMs: number }
  | { kind: 'measuring' }
  | { kind: 'outage'; from: string; to: string; atMs: number; sighting: Sighting }
  | { kind: 'mark'; atMs: number; text: string }
  | { kind: 'way'; end: string; up: boolean; atMs: number }
  | { kind: 'waiting'; ends: string[] };

export interface WatchListeners {
  onNotice(notice: WatchNotice): void;
  /** Hands out the way to mark a moment. */
  onOpen(mark: (text: string, by: 'key' | 'command') => void): void;
  /** Ends the watch in order. */
  signal: AbortSignal;
  /** Gives up on ends that cannot be reached. */
  killSignal: AbortSignal;
}
