/** The record of a watch: the same as of a run with one trial, written while it arrives. */
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { HistoryWriter } from '../campaign/store/history-writer.js';
import { createRunFolder, markLatest } from '../campaign/store/run-folder.js';
import { nowNs, wallTime } from '../clock.js';
import { collectEnvironment } from '../doctor/environment.js';
import { type HistoryEvent, historyVersion } from '../model/history/events.js';
import type { ResolvedScenario } from '../model/resolved.js';

type Omitted<E> = E extends unknown ? Omit<E, 'trial' | 'attempt'> : never;
export type WatchEvent = Omitted<HistoryEvent>;

export class WatchRecord {
  readonly folder: string;
  readonly scenario: ResolvedScenario;
  readonly events: HistoryEvent[] = [];
  readonly #writer: HistoryWriter;

  private constructor(folder: string, scenario: ResolvedScenario) {
    this.folder = folder;
    this.scenario = scenario;
    this.#writer = new HistoryWriter(folder);
  }

  /** Create the folder and write the head. Throws RUN_FOLDER_UNWRITABLE. */
  static async open(
    scenario: ResolvedScenario,
    out: string,
    command: string[],
  ): Promise<WatchRecord> {
    const environment = await collectEnvironment({
      datapath: 'none',
      sandbox: 'watch',
      substitutions: [],
    });
    const record = new WatchRecord(createRunFolder(resolve(out), scenario.name), scenario);
    markLatest(record.folder);
    record.write({
      kind: 'run.header',
      atNs: nowNs(),
      schemaVersion: historyVersion,
      runId: randomUUID(),
      scenario,
      seed: 0,
      trials: 1,
      replace: 0,
      wallTime: wallTime().toISOString(),
      command,
      environment,
    });
    record.write({
      kind: 'trial.start',
      atNs: nowNs(),
      seed: 0,
      stratum: null,
      phaseOffsetMs: null,
    });
    return record;
  }

  write(event: WatchEvent): void {
    const whole = { ...event, trial: 0 } as HistoryEvent;
    this.#writer.write(whole);
    this.events.push(whole);
  }

  close(): void {
    this.#writer.close();
  }
}
