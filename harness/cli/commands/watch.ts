/** `failover-lab watch` and `mark`. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { escapeText } from '../../../reports/escape.js';
import { renderJson } from '../../../reports/json.js';
import { renderTerminal } from '../../../reports/terminal/terminal.js';
import {
  intention,
  machinesOf,
  sendMark,
  type WatchNotice,
  type WatchPlan,
  watch as watchNetwork,
  wholeOf,
} from '../../api/watch.js';
import { LabError } from '../../errors.js';
import { exitCodeOfRun } from '../../judge/combine.js';
import { formatBitrate, formatDuration, parseDuration } from '../../model/units.js';
import type { CommandContext } from '../context.js';
import type { Screen } from '../screen.js';
import { interruption } from '../signals.js';
import { keysOf } from '../watch-keys.js';
import { noticeText } from '../watch-notices.js';

export interface WatchFlags {
  between: string;
  via: string;
  during?: string;
  until?: string;
  rate: string;
  port: string;
  atMost?: string;
  keep: string;
  onOutage?: string;
  yes?: boolean;
  json?: boolean;
  out: string;
}

/** Watch until the time is over or Ctrl-C, then judge and report. */
export async function watch(flags: WatchFlags, context: CommandContext): Promise<void> {
  const { screen } = context;
  const plan = planOf(flags);
  screen.err(`${intentionText(plan)}\n`);
  if (!flags.yes) await askToSend(screen);
  const signals = interruption(() =>
    screen.err('\nstopping; a second Ctrl-C gives up on machines that cannot be reached\n'),
  );
  signals.listen();
  let closeKeys = () => {};
  try {
    const run = await watchNetwork({
      plan,
      agreed: flags.yes === true,
      out: flags.out,
      command: ['failover-lab', ...process.argv.slice(2)],
      signal: signals.interrupted,
      killSignal: signals.killed,
      onOpen: (mark) => {
        closeKeys = keysOf(process.stdin, {
          mark: (text) => mark(text, 'key'),
          end: () => process.kill(process.pid, 'SIGINT'),
        });
      },
      onNotice: (notice) => {
        const text = noticeText(notice);
        if (text !== null) screen.err(`${escapeText(text)}\n`);
        if (flags.onOutage) tellOutage(flags.onOutage, notice, screen);
      },
    });
    const { columns, colour } = screen;
    screen.out(
      flags.json ? renderJson(run.judged) : renderTerminal(run.judged, { columns, colour }),
    );
    screen.err(`\nrecorded in ${context.relative(run.folder)}\n`);
    context.exit(exitCodeOfRun(run.result));
  } finally {
    closeKeys();
    signals.release();
  }
}

export async function mark(
  text: string,
  flags: { watch?: string },
  { screen }: CommandContext,
): Promise<void> {
  const name = await sendMark(text, flags.watch);
  screen.err(`marked in ${name}\n`);
}

function planOf(flags: WatchFlags): WatchPlan {
  const { until, during } = flags;
  if (until !== undefined && until !== 'ctrl-c') {
    throw wrong(`--until takes ctrl-c, got '${until}'`, 'Use --during 10m to end after a time.');
  }
  if (until !== undefined && during !== undefined) {
    throw wrong('--until and --during exclude each other', 'Omit one of them.');
  }
  const via = flags.via.split(/\s+/).filter(Boolean);
  if (via.length === 0) throw wrong('--via is empty', 'Write --via ssh, or --via "ssh -p 2222".');
  return {
    machines: machinesOf(flags.between),
    via,
    duringMs: during === undefined ? null : timeOf('--during', during, 1_000, 7 * 86_400_000),
    rateHz: wholeOf('--rate', flags.rate, 1, 10_000),
    payloadBytes: 64,
    port: wholeOf('--port', flags.port, 1, 65_535),
    leaseS: timeOf('--keep', flags.keep, 10_000, 86_400_000) / 1000,
    atMostMs: flags.atMost === undefined ? null : timeOf('--at-most', flags.atMost, 1, 86_400_000),
  };
}

function timeOf(option: string, text: string, minMs: number, maxMs: number): number {
  // As people write it, and as scenarios do: 10m, 10min.
  const parsed = parseDuration(
    text.replace(/^(\d+)m$/, '$1min').replace(/^(\d+)h$/, (_, hours) => `${60 * Number(hours)}min`),
  );
  const bounds = `from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`;
  if ('problem' in parsed) throw wrong(`${option}: ${parsed.problem}`, `Write a time ${bounds}.`);
  if (parsed.value < minMs || parsed.value > maxMs) {
    throw wrong(`${option} is ${bounds}, got ${text}`, 'Choose a time in between.');
  }
  return parsed.value;
}

function intentionText(plan: WatchPlan): string {
  const { from, to, rateHz, port, duringMs, bitsPerSecond } = intention(plan);
  const until = duringMs === null ? 'until Ctrl-C' : `for ${formatDuration(duringMs)}`;
  return [
    `Will send ${rateHz} UDP probes a second each way (${formatBitrate(bitsPerSecond)}) ${until}:`,
    `  ${from.name} → ${to.name} (${to.address}, port ${port})`,
    `  ${to.name} → ${from.name} (${from.address}, port ${port})`,
    `A Python program is sent to both by ${plan.via[0]} and runs in memory; nothing is installed.`,
  ].join('\n');
}

/** Throws WRONG_USE where nobody can be asked, INTERRUPTED when the answer is no. */
async function askToSend(screen: Screen): Promise<void> {
  if (!process.stdin.isTTY) {
    throw wrong(
      'The question cannot be asked: standard input is not a terminal',
      'Add --yes to send without asking.',
    );
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await asking.question('Send them? [y/N] ').finally(() => asking.close());
  if (/^y(es)?$/i.test(answer.trim())) return;
  screen.err('nothing was sent\n');
  throw new LabError('INTERRUPTED', 'Nothing was sent.', { hint: 'Answer y, or add --yes.' });
}

/** One run of the command for each outage and direction, described by its environment. */
function tellOutage(command: string, notice: WatchNotice, screen: Screen): void {
  if (notice.kind !== 'outage') return;
  const { sighting, from, to, atMs } = notice;
  if (sighting.kind === 'back' && sighting.announced) return;
  const outageMs = sighting.kind === 'back' ? String(sighting.outageMs) : '';
  const child = spawn('sh', ['-c', command], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: 60_000,
    env: {
      ...process.env,
      FAILOVER_LAB_FROM: from,
      FAILOVER_LAB_TO: to,
      FAILOVER_LAB_AT_MS: String(Math.round(atMs)),
      FAILOVER_LAB_OUTAGE_MS: outageMs,
    },
  });
  child.once('error', (error) => screen.err(`--on-outage: ${error.message}\n`));
  child.once('exit', (code, signal) => {
    if (code !== 0) screen.err(`--on-outage ended with ${signal ?? `status ${code}`}\n`);
  });
  child.unref();
}

function wrong(message: string, hint: string): LabError {
  return new LabError('WRONG_USE', `${message}.`, { hint });
}
