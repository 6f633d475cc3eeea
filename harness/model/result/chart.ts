/** What charts of a trial are drawn from. */

/** Data for charts of one trial; times in milliseconds after traffic start. */
export interface TrialChart {
  /** Per flow: receiver (or sender) intervals. */
  throughput: Array<{
    flow: string;
    source: 'receiver' | 'sender' | 'interface';
    points: Array<{ startMs: number; endMs: number; bps: number }>;
  }>;
  /** Rows as iperf3 prints them, one second each (or its own interval if longer). */
  rows: Array<{
    flow: string;
    startS: number;
    endS: number;
    bytes: number;
    bps: number;
    retransmits: number | null;
  }>;
  meters: Array<{
    meter: string;
    direction: 'forward' | 'reverse';
    losses: Array<{ startMs: number; endMs: number; packets: number }>;
    delay: Array<{ atMs: number; minMs: number; medianMs: number; maxMs: number }>;
  }>;
  windows: Array<{ label: string; kind: string; startMs: number; endMs: number | null }>;
  marks: Array<{ label: string; atMs: number }>;
  trafficEndMs: number;
}
