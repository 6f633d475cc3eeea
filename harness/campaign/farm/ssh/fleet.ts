/** The machines of a farm by ssh: which take jobs, which were lost and may come back. */
import type { MachineNews } from '../farm.js';
import type { FarTrouble } from '../job.js';
import { runThere, type SshOptions } from './command.js';
import { troubleOf } from './trouble.js';

/** A machine that was lost is asked whether it answers again, so often. */
const askAgainMs = 10_000;
const answerLimitMs = 20_000;

/** Troubles that another trial on the same machine would meet as well. */
const unfit: ReadonlySet<string> = new Set([
  ...['DISK_FULL', 'OTHER_VERSION', 'MACHINE_LACKS', 'RUN_FOLDER_UNWRITABLE'],
]);

export interface FleetListeners {
  onNews: (news: MachineNews) => void;
  /** Called when other machines are to take jobs than before. */
  onChange: () => void;
}

export class Fleet {
  readonly #ssh: SshOptions;
  readonly #listeners: FleetListeners;
  /** Trials at a time of each that takes jobs. */
  readonly #ready: Map<string, number>;
  readonly #lost = new Map<string, number>();
  readonly #suspected = new Set<string>();
  /** Of the lost ones, those whose loss is certain. */
  readonly #reported = new Set<string>();
  #asking: NodeJS.Timeout | undefined;

  constructor(ready: Map<string, number>, ssh: SshOptions, listeners: FleetListeners) {
    this.#ready = ready;
    this.#ssh = ssh;
    this.#listeners = listeners;
  }

  /** Machines for the next jobs; when all were lost, those: their failure is the outcome. */
  get forJobs(): ReadonlyMap<string, number> {
    return this.#ready.size > 0 ? this.#ready : this.#lost;
  }

  get ready(): string[] {
    return [...this.#ready.keys()];
  }

  /** Also those that were lost. */
  get all(): string[] {
    return [...this.#ready.keys(), ...this.#lost.keys()];
  }

  /** Trials at a time: of all, and the most of one. */
  get slots(): { sum: number; most: number } {
    const slots = [...this.#ready.values()];
    return { sum: slots.reduce((sum, each) => sum + each, 0), most: Math.max(1, ...slots) };
  }

  /**
   * A connection was lost: whether the machine is as well, a further connection shows. Until then it
   * gets no jobs.
   */
  suspect(machine: string): void {
    const slots = this.#ready.get(machine);
    if (slots === undefined || this.#suspected.has(machine)) return;
    this.#suspected.add(machine);
    if (this.#ready.size > 1) {
      this.#ready.delete(machine);
      this.#lost.set(machine, slots);
      this.#listeners.onChange();
    }
    void this.#answers(machine).then((trouble) => {
      this.#suspected.delete(machine);
      if (trouble) this.#report(machine, trouble);
      else this.#return(machine);
    });
  }

  /** It refused a trial. One that would refuse others as well gets no more; the last one keeps its jobs. */
  refused(machine: string, { code }: FarTrouble): void {
    if (!unfit.has(code) || this.#ready.size < 2 || !this.#ready.delete(machine)) return;
    this.#listeners.onChange();
  }

  end(): void {
    clearInterval(this.#asking);
  }

  async #answers(machine: string): Promise<FarTrouble | null> {
    const options = { ssh: this.#ssh, limitMs: answerLimitMs };
    const answer = await runThere(machine, 'exit 0', options);
    return answer.exitCode === 0 ? null : troubleOf(machine, answer);
  }

  /** It does not answer: it gets no more jobs until it does. One that was reported is not again. */
  lose(machine: string, trouble: FarTrouble): void {
    if (!this.#reported.has(machine)) this.#report(machine, trouble);
  }

  #report(machine: string, trouble: FarTrouble): void {
    const slots = this.#ready.get(machine);
    if (slots !== undefined) {
      this.#ready.delete(machine);
      this.#lost.set(machine, slots);
    }
    this.#reported.add(machine);
    this.#listeners.onNews({ state: 'failed', machine, trial: null, trouble });
    this.#listeners.onChange();
    this.#asking ??= setInterval(() => void this.#askLost(), askAgainMs);
  }

  #return(machine: string): boolean {
    const slots = this.#lost.get(machine);
    if (slots === undefined) return false;
    this.#lost.delete(machine);
    this.#ready.set(machine, slots);
    this.#listeners.onChange();
    return true;
  }

  async #askLost(): Promise<void> {
    for (const machine of [...this.#reported]) {
      if ((await this.#answers(machine)) !== null || !this.#return(machine)) continue;
      this.#reported.delete(machine);
      this.#listeners.onNews({ state: 'back', machine });
    }
  }
}
