/** What a Mininet script states while it runs with nothing behind it. */
import { resolve } from 'node:path';
import * as z from 'zod';
import { readBoundedJson } from '../../bounded-json.js';
import { pythonValue } from '../../model/mininet-description.js';
import { printable } from '../../model/units.js';
import { linksMax, nodesMax, refused, type SourceFile } from './imported.js';
import { answerLimits, runPython, timeLimitMs } from './python-program.js';

const options = z.record(z.string(), pythonValue);
const cls = z.object({ name: z.string(), mininet: z.boolean() }).nullable();
const end = z.object({ node: z.string(), interface: z.string() });
const recording = z.object({
  networks: z.number(),
  topos: z.array(z.string()),
  nodes: z.array(
    z.object({
      name: z.string(),
      made: z.enum(['host', 'switch', 'controller']),
      cls,
      address: z.object({ stated: z.boolean(), value: pythonValue }),
      options,
      addresses: z.array(z.object({ interface: z.string().nullable(), address: z.string() })),
      commands: z.array(z.string()),
      isNAT: z.boolean(),
    }),
  ),
  links: z.array(
    z.object({ cls, ends: z.tuple([end, end]), ports: z.array(pythonValue), options }),
  ),
  cards: z.array(end),
  programs: z.array(z.string()),
  ended: z.object({ error: z.string(), line: z.number().nullable() }).nullable(),
});

/** What a script stated before it ended. */
export type Recording = z.output<typeof recording>;

/** Throws IMPORT_REFUSED where the script made no network. */
export async function recordScript(file: SourceFile): Promise<Recording> {
  const done = await runPython('record_script.py', [resolve(file.path)]);
  if (done.timedOut) {
    throw refused(file, null, `the script did not end within ${timeLimitMs / 1000} s`, endHint);
  }
  const json = readBoundedJson(done.answer, answerLimits);
  const read = recording.safeParse('value' in json ? json.value : undefined);
  if (!read.success) {
    const lines = done.printed.slice(-3).join('\n  ');
    const lacks = /No module named '?mininet/.test(lines);
    const message = `Python ended before the script did${lines === '' ? '' : `:\n  ${lines}`}`;
    const hint = lacks ? 'failover-lab doctor reports whether Mininet is installed' : endHint;
    throw refused(file, null, message, hint);
  }
  checkRecording(read.data, file);
  return read.data;
}

const endHint = 'the script is run without arguments, and nothing that it starts answers';

function checkRecording({ nodes, links, ended }: Recording, file: SourceFile): void {
  if (nodes.length === 0 && ended !== null) {
    const hint = /No module named/.test(ended.error)
      ? 'only scripts for plain Mininet can be imported, with modules that are installed or beside the script'
      : 'the script must build its network when it is run without arguments';
    throw refused(
      file,
      ended.line,
      `it ended before it made a node: ${printable(ended.error, 200)}`,
      hint,
    );
  }
  if (nodes.length === 0) {
    const hint = "call what builds it, below if __name__ == '__main__':";
    throw refused(file, null, 'the script makes no nodes when it is run', hint);
  }
  for (const [what, count, most] of [
    ['nodes', nodes.length, nodesMax],
    ['links', links.length, linksMax],
  ] as const) {
    if (count <= most) continue;
    throw refused(file, null, `the script makes ${count} ${what}; at most ${most} are imported`);
  }
}
