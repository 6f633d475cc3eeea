/** `failover-lab replay <run>`: the same trials once more, compared event by event. */
import { resolve } from 'node:path';
import { escapeText } from '../../../reports/escape.js';
import { type Replay, replay as replayRun } from '../../api/replay.js';
import { exitCodes } from '../../errors.js';
import { readingsOf } from '../../judge/gate/readings.js';
import { kernelVariable } from '../../sites/guest.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';

export interface ReplayFlags {
  out?: string;
  kernel?: string;
  json?: boolean;
}

/** Ends with 0 when every event is the same, with 1 when one differs. */
export async function replay(
  folder: string,
  flags: ReplayFlags,
  context: CommandContext,
): Promise<void> {
  if (flags.kernel !== undefined) process.env[kernelVariable] = resolve(flags.kernel);
  const out = flags.out === undefined ? {} : { out: flags.out };
  const replayed = await followed(context, (listeners) =>
    replayRun(folder, { ...listeners, ...out }),
  );
  const { difference, changed, now } = replayed;
  if (flags.json) {
    const facts = { same: difference === null, difference, changed, folder: now.folder };
    context.screen.out(`${JSON.stringify(facts, null, 2)}\n`);
  } else context.screen.out(textOf(replayed));
  context.exit(difference === null ? exitCodes.pass : exitCodes.fail);
}

function textOf({ before, now, difference, changed }: Replay): string {
  const inputs =
    changed.length === 0
      ? 'No input of the record changed.'
      : `Changed: ${changed.map(escapeText).join('; ')}.`;
  const head =
    difference === null
      ? 'SAME  every event is the same, to the nanosecond'
      : `DIFFERS  from event ${difference.place + 1} of trial ${difference.trial + 1} on`;
  const events = difference
    ? [`  before  ${short(difference.before)}`, `  now     ${short(difference.now)}`]
    : [];
  const outages = [before, now].map(({ result }) =>
    readingsOf(result)
      .map(({ networkOutageMs }) => networkOutageMs?.toFixed(6) ?? '–')
      .join(', '),
  );
  const numbers = `Network outages in ms: before ${outages[0]}; now ${outages[1]}.`;
  return `${[head, ...events, numbers, inputs].join('\n')}\n`;
}

const widest = 300;

function short(line: string | null): string {
  return line === null ? '(no further event)' : escapeText(line.slice(0, widest));
}
