/** The farm of `--on` at work: jobs handed out by GNU parallel, wave by wave. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../../errors.js';
import type { Capabilities } from '../../../model/capabilities.js';
import type { Environment } from '../../../model/history/events.js';
import type { Placed } from '../common-place.js';
import { Executions } from '../executions.js';
import type { ComeBack, Farm, FarmListeners, FarOutcome, MachineNews } from '../farm.js';
import type { FarJob, FarLine, FarPlace, FarTrouble } from '../job.js';
import { unpack } from '../packed.js';
import type { PlaceWanted } from '../place.js';
import { closeConnection, runThere, type SshOptions } from './command.js';
import { farScript, lostMark } from './far-commands.js';
import { Fleet } from './fleet.js';
import type { FarMachine } from './machines.js';
import { troubleOf } from './trouble.js';
import { type Logged, Wave } from './wave.js';

export interface SshFarmOptions extends FarmListeners {
  machines: readonly FarMachine[];
  wanted: PlaceWanted;
  /** Trials at a time on each machine that states no number; null: in virtual time its processors, else one. */
  slots: number | null;
  sshConfig: string | null;
}

/** Times that a trial is tried, on different machines. */
const tries = 3;
/** Waves that a job is part of at the most, when it was executed nowhere. */
const wavesMax = 3;
/** Jobs that are handed over in one breath are one wave. */
const gatherMs = 20;
const shortLimitMs = 20_000;
/** A trial that was interrupted has this long to heal and to be taken down. */
const graceMs = 40_000;

interface Waiting {
  job: FarJob;
  resolve: (outcome: FarOutcome) => void;
  /** Waves that it was part of. */
  waves: number;
}

export class SshFarm implements Farm {
  readonly capabilities: Capabilities;
  readonly environment: Environment;
  readonly place: FarPlace;
  readonly packageName: string;
  readonly slots: number;
  readonly unrecorded: MachineNews[];
  readonly #options: SshFarmOptions;
  readonly #folder: string;
  readonly #ssh: SshOptions;
  readonly #executions: Executions;
  readonly #fleet: Fleet;
  readonly #runIds = new Set<string>();
  #waiting: Waiting[] = [];
  #gathering: NodeJS.Timeout | undefined;
  #wave: Wave | undefined;
  #waves = 0;
  #late: NodeJS.Timeout | undefined;

  constructor(
    options: SshFarmOptions,
    used: readonly Placed<FarMachine>[],
    own: { folder: string; ssh: SshOptions; name: string },
  ) {
    const [first] = used;
    if (!first) throw new RangeError('A farm has a machine at least.');
    this.#options = options;
    this.unrecorded = options.unrecorded;
    this.#folder = own.folder;
    this.#ssh = own.ssh;
    this.packageName = own.name;
    this.environment = first.facts.environment;
    this.capabilities = first.facts.capabilities;
    const { sandbox, datapath } = this.environment;
    // What only `auto` takes is chosen by it there as well.
    this.place = {
      sandbox: options.wanted.sandbox === 'auto' ? 'auto' : sandbox,
      datapath: datapath === 'kernel' ? 'kernel' : 'user',
    };
    const virtual = this.environment.clock === 'virtual';
    const machines = new Map(
      used.map(({ machine, facts }) => [
        machine.name,
        machine.slots ?? options.slots ?? (virtual ? facts.processors : 1),
      ]),
    );
    this.#fleet = new Fleet(machines, own.ssh, {
      onNews: options.onNews,
      onChange: () => this.#wave?.setMachines(this.#fleet.forJobs),
    });
    this.slots = this.#fleet.slots.most;
    this.#executions = new Executions((news) => this.#see(news));
    for (const [machine, slots] of machines) options.onNews({ state: 'ready', machine, slots });
    options.interrupted.addEventListener('abort', this.#interrupt);
    options.killed.addEventListener('abort', this.#kill);
  }

  width(open: boolean): number {
    return open ? Math.max(1, this.#fleet.slots.sum) : 1000;
  }

  run(job: FarJob): Promise<FarOutcome> {
    this.#runIds.add(job.runId);
    return new Promise((resolve) => {
      this.#executions.expect(job, (done) => resolve({ done }));
      this.#waiting.push({ job, resolve, waves: 1 });
      this.#gathering ??= setTimeout(() => this.#nextWave(), gatherMs);
    });
  }

  onSurplus(runId: string, take: (record: ComeBack) => void): void {
    this.#executions.onSurplus(runId, take);
  }

  async collect(runId: string): Promise<void> {
    const known = this.#executions.received(runId).join('\n');
    await Promise.all(
      this.#fleet.all.map(async (machine) => {
        const script = farScript(this.packageName, `collect ${runId}`);
        const options = { ssh: this.#ssh, limitMs: shortLimitMs, input: `${known}\n` };
        const printed = await runThere(machine, script, options);
        if (printed.exitCode !== 0) this.#fleet.lose(machine, troubleOf(machine, printed));
        for (const packed of printed.stdout.split('\n').filter(Boolean)) {
          this.#takeCollected(machine, packed);
        }
      }),
    );
  }

  async close(): Promise<void> {
    clearTimeout(this.#gathering);
    this.#fleet.end();
    clearTimeout(this.#late);
    this.#options.interrupted.removeEventListener('abort', this.#interrupt);
    this.#options.killed.removeEventListener('abort', this.#kill);
    this.#wave?.kill();
    await this.#wave?.ended;
    for (const machine of this.#fleet.all) closeConnection(machine, this.#ssh);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #takeCollected(machine: string, text: string): void {
    const [key = '', packed = ''] = text.split(' ');
    try {
      this.#executions.take({ key, machine, record: unpack(packed) });
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
    }
  }

  #nextWave(): void {
    this.#gathering = undefined;
    if (this.#wave || this.#waiting.length === 0) return;
    const wave = this.#waiting.splice(0);
    const folder = join(this.#folder, `wave-${this.#waves}`);
    this.#waves += 1;
    mkdirSync(folder);
    this.#wave = new Wave(
      wave.map(({ job }) => job),
      this.#fleet.forJobs,
      {
        folder,
        ssh: this.#ssh,
        command: `FAILOVER_LAB_MACHINE="$PARALLEL_SSHLOGIN"; export FAILOVER_LAB_MACHINE; ${farScript(this.packageName, 'trial')}`,
        tries,
        limitS: limitOf(wave[0]?.job, this.environment.clock === 'virtual'),
        onLine: (line) => this.#hear(line),
        onText: (text) => this.#hearText(text),
      },
    );
    void this.#wave.ended.then((logged) => this.#endWave(wave, logged));
  }

  #endWave(wave: readonly Waiting[], logged: readonly Logged[]): void {
    this.#wave = undefined;
    for (const [place, waiting] of wave.entries()) {
      const { job, resolve, waves } = waiting;
      if (this.#executions.isDone(job)) continue;
      const log = logged.find((one) => one.place === place + 1);
      const trouble = this.#executions.troubleOf(job);
      const interrupted = this.#options.interrupted.aborted;
      // It met machines that were just lost: it is tried once more on those that are left.
      if (!interrupted && trouble === null && waves < wavesMax) {
        this.#waiting.push({ ...waiting, waves: waves + 1 });
      } else resolve({ failed: interrupted ? interruptedTrouble : (trouble ?? timedOutOr(log)) });
    }
    if (this.#waiting.length > 0) this.#nextWave();
  }

  #hear(line: FarLine): void {
    try {
      this.#executions.hear(line);
    } catch (thrown) {
      if (!(thrown instanceof LabError)) throw thrown;
      this.#options.onNews(unreadableNews(line, thrown));
    }
  }

  #hearText(text: string): void {
    const [mark, machine] = text.trim().split(' ');
    if (mark === lostMark && machine && !this.#options.interrupted.aborted) {
      this.#fleet.suspect(machine);
    }
  }

  #see(news: MachineNews): void {
    this.#options.onNews(news);
    if (news.state === 'failed') this.#fleet.refused(news.machine, news.trouble);
  }

  /** Trials end in order where they are; their records come back as ever. */
  readonly #interrupt = () => {
    for (const { resolve } of this.#waiting.splice(0)) resolve({ failed: interruptedTrouble });
    const wave = this.#wave;
    if (!wave) return;
    this.#late = setTimeout(() => wave.kill(), graceMs);
    // GNU parallel begins no further job after this signal.
    wave.startNoMore();
    for (const machine of this.#fleet.ready) {
      for (const runId of this.#runIds) {
        const script = farScript(this.packageName, `stop ${runId}`);
        void runThere(machine, script, { ssh: this.#ssh, limitMs: shortLimitMs });
      }
    }
  };

  readonly #kill = () => this.#wave?.kill();
}

const interruptedTrouble: FarTrouble = { code: 'INTERRUPTED', message: 'The run was interrupted.' };

function unreadableNews(line: FarLine, { code, message }: LabError): MachineNews {
  return { state: 'failed', machine: line.key, trial: null, trouble: { code, message } };
}

/** Far more than a trial takes, in seconds. */
function limitOf(job: FarJob | undefined, virtual: boolean): number {
  if (!job) return 600;
  const { readyTimeoutMs, durationMs } = job.head.limits;
  const longestS = (readyTimeoutMs + durationMs) / 1000 + 180;
  return Math.ceil(virtual ? 3600 + longestS : longestS);
}

function timedOutOr(log: Logged | undefined): FarTrouble {
  if (log === undefined) {
    return { code: 'MACHINE_LOST', message: 'No machine has executed the trial.' };
  }
  const { machine, exitCode, signal, tookS } = log;
  const how = signal > 0 ? `was ended by signal ${signal}` : `ended with status ${exitCode}`;
  const message = `No machine has executed the trial: the last attempt, on ${machine}, ${how} after ${tookS.toFixed(0)} s.`;
  return { code: 'MACHINE_LOST', message };
}
