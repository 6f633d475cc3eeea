/** `failover-lab import FILE`: writes a scenario, and prints what of the file is in it. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { importNoteTexts } from '../../../reports/import-notes.js';
import { type ImportSummary, renderImported } from '../../../reports/terminal/imported.js';
import { probeCapabilities } from '../../doctor/doctor.js';
import { LabError, messageOf } from '../../errors.js';
import { type Imported, importFile, scenarioName } from '../../language/import/import-file.js';
import type { ImportOptions } from '../../language/import/imported.js';
import { invalidScenario } from '../../language/problems.js';
import { checkCapabilities } from '../../language/validate/capabilities.js';
import { nodesWith } from '../../model/node-traits.js';
import { makeFolder, replaceFile } from '../../safe-files.js';
import type { CommandContext } from '../context.js';
import { errorText } from '../error-text.js';
import { layoutOf } from '../layout.js';

export interface ImportFlags extends ImportOptions {
  out?: string;
  force?: boolean;
  json?: boolean;
}

export async function importAsScenario(
  path: string,
  { out, force, json, ...options }: ImportFlags,
  context: CommandContext,
): Promise<void> {
  const imported = await importFile(path, options);
  const file = resolve(out ?? defaultFile(path));
  write(file, imported.text, force ?? false, context);
  const summary = await summaryOf(imported, path, file, context);
  if (json) {
    const { notes, ...facts } = summary;
    const texts = importNoteTexts(notes);
    const notTaken = notes.map((note, index) => ({ ...note, text: texts[index] }));
    const document = { ...facts, written: file, notTaken, problems: imported.problems };
    context.screen.out(`${JSON.stringify(document, null, 2)}\n`);
  } else context.screen.out(renderImported(summary, layoutOf(context.screen)));
  if (imported.problems.length === 0) return;
  const refusal = invalidScenario(context.relative(file), imported.problems);
  context.screen.err(errorText(refusal));
  context.exit(refusal.exitCode);
}

/** Where scenarios are, if there is such a folder. */
function defaultFile(path: string): string {
  const name = `${scenarioName(path)}.ts`;
  return existsSync('scenarios') ? join('scenarios', name) : name;
}

function write(file: string, text: string, force: boolean, context: CommandContext): void {
  const shown = context.relative(file);
  if (!/\.ts$/.test(file)) {
    const message = `--out names ${shown}; a scenario is a file that ends with .ts.`;
    throw new LabError('WRONG_USE', message, { hint: `Write --out ${shown}.ts.` });
  }
  if (existsSync(file) && !force) {
    const message = `${shown} exists; nothing was written.`;
    throw new LabError('WRONG_USE', message, {
      hint: 'Name another file with --out, or overwrite it with --force.',
    });
  }
  try {
    makeFolder(dirname(file));
    replaceFile(file, text);
  } catch (cause) {
    throw new LabError(
      'RUN_FOLDER_UNWRITABLE',
      `${shown} cannot be written: ${messageOf(cause)}.`,
      {
        hint: 'Name a file that you can write with --out.',
        cause,
      },
    );
  }
}

async function summaryOf(
  imported: Imported,
  path: string,
  file: string,
  context: CommandContext,
): Promise<ImportSummary> {
  const { network, plan } = imported;
  const delays = network.links.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs]));
  const shown = context.relative(file);
  const word = /^[./]/.test(shown) ? shown : `./${shown}`;
  return {
    from: path,
    written: shown,
    format: network.format,
    nodes: network.nodes.map(({ name, becomes, label }) => ({
      ...{ name, kind: becomes },
      ...(label === undefined ? {} : { label }),
    })),
    links: network.links.length,
    delaysMs: delays.length === 0 ? null : [Math.min(...delays), Math.max(...delays)],
    byLength: imported.isMap,
    ...(network.decides === undefined ? {} : { decides: network.decides }),
    hosts: plan.hosts,
    addedAt: plan.addedAt,
    question: plan.question,
    spare: plan.way.spare,
    notes: network.notes,
    advice: await adviceOf(imported),
    next: [`failover-lab validate ${word}`, `failover-lab run ${word}`],
  };
}

/** What a router of FRR takes of the memory: zebra, ospfd and bfdd. */
const mebibytesPerRouter = 15;
/** More of them need a machine of some size. */
const manyRouters = 50;

/** RSTP's Max Age: information about the root is discarded after so many bridges. */
const treeDepthMax = 20;

/** What is known before it runs: that this machine cannot delay packets, that it will take long. */
async function adviceOf({ resolved, plan, isMap }: Imported): Promise<string[]> {
  const advice: string[] = [];
  if (plan.way.spare === null) {
    advice.push(
      `there is one path only between ${plan.hosts.join(' and ')}; the scenario heals the link after 3 s`,
    );
  }
  if (resolved === undefined) return advice;
  const bridges = plan.way.path.length;
  const trees = nodesWith(resolved.topology.nodes, 'open-vswitch').some(
    ({ spanningTree }) => spanningTree === 'rstp',
  );
  if (trees && bridges > treeDepthMax) {
    advice.push(
      `the path has ${bridges} switches, and a spanning tree with its default timers reaches ${treeDepthMax}; use --as routers or --as relays`,
    );
  }
  const lacking = checkCapabilities(resolved, await probeCapabilities());
  if (lacking.some(({ message }) => message.startsWith('delay on '))) {
    advice.push(
      `this machine cannot delay packets (no netem): run with --clock virtual, or ${isMap ? 'import with --no-delays' : 'remove the delays from the links'}`,
    );
  }
  const routers = nodesWith(resolved.topology.nodes, 'routes').length;
  if (routers > manyRouters) {
    const gigabytes = ((routers * mebibytesPerRouter) / 1024).toFixed(1);
    const cheaper = isMap ? '; --as switches needs far less' : '';
    advice.push(`${routers} routers take about ${gigabytes} GiB of memory${cheaper}`);
  }
  return advice;
}
