/** `compare`: several controllers, images or routings on one scenario, trials taking turns. */

import { join, resolve } from 'node:path';
import { withTexts } from '../../reports/with-texts.js';
import { openRun, replacementsOf } from '../campaign/live-run.js';
import { type PreparedRun, prepareRun, type RunOptions } from '../campaign/prepare.js';
import { runCampaign } from '../campaign/schedule.js';
import { createResultFolder } from '../campaign/store/run-folder.js';
import { compare as inTurn } from '../campaign/strategies/compare.js';
import { LabError } from '../errors.js';
import { type CompareResult, compareRuns } from '../judge/compare.js';
import { replaceFile } from '../safe-files.js';
import { type Run, runOf } from './judge.js';
import {
  commandOf,
  type FarmRequest,
  type LabRequest,
  listenersOf,
  rootOf,
  runOptionsOf,
} from './options.js';
import { widthOf, withFarm } from './with-farm.js';
import { joinedHtml, writeReports } from './write-reports.js';

export interface CompareRequest extends LabRequest, FarmRequest {
  /** At least two, as `--controllers` takes them; left out: `images` are compared. */
  controllers?: readonly string[];
  /** At least two, with the sandbox `vm`: what each side's programs are. */
  images?: readonly string[];
  /** At least two, as `--routing` takes them. */
  routings?: readonly string[];
  /** Trials a side, 1 to 1000. Left out: 1. */
  trials?: number;
}

export interface Comparison {
  /** Holds compare.json, report.html and a folder for each side. */
  folder: string;
  /** In the order in which they were named. */
  sides: Run[];
  /** What `compare.json` holds. */
  compared: CompareResult;
}

/**
 * Run every side on the scenario, trial by trial in turn, so that the machine's drift hits all alike. Throws as `run` does, before anything was started.
 */
export async function compare(scenario: string, request: CompareRequest): Promise<Comparison> {
  const { controllers, images, routings, ...common } = request;
  const wanted = sidesOf(controllers, images, routings);
  return withFarm(request, runOptionsOf(scenario, common), (base) =>
    compareSides(scenario, request, base, wanted),
  );
}

async function compareSides(
  scenario: string,
  request: CompareRequest,
  base: RunOptions,
  wanted: readonly WantedSide[],
): Promise<Comparison> {
  // All sides are prepared before a folder is made: what is refused leaves nothing behind.
  const ready: PreparedRun[] = [];
  for (const side of wanted) {
    ready.push(await prepareRun(rootOf(request), { ...base, ...side.options }));
  }
  const folder = createResultFolder(resolve(base.out), `compare-${ready[0]?.name ?? scenario}`);
  const lanes = ready.map((prepared, place) => {
    const { label, options: own } = wanted[place] ?? { label: '', options: {} };
    const side = { ...base, ...own, out: join(folder, sideFolder(place, label)) };
    const options = { ...side, command: request.command ?? commandOf(side) };
    const live = { ...listenersOf(request), write: writeReports, label };
    return {
      replacements: replacementsOf(prepared, options),
      open: () => openRun(prepared, options, live),
    };
  });
  const sides = ready.map(({ trials }) => trials);
  const runs = await runCampaign(inTurn(sides), lanes, { parallel: widthOf(base, false) });
  const judged = runs.map((run) => run.judged);
  const compared = compareRuns(judged);
  replaceFile(join(folder, 'compare.json'), `${JSON.stringify(withTexts(compared), null, 2)}\n`);
  const [first] = runs;
  if (first) {
    const html = await joinedHtml({ ...first, folders: [first.folder] }, { compare: judged });
    replaceFile(join(folder, 'report.html'), html);
  }
  return { folder, sides: runs.map(runOf), compared };
}

interface WantedSide {
  label: string;
  options: { controller: string } | { image: string } | { routing: string };
}

/** Throws WRONG_USE. */
function sidesOf(
  controllers: readonly string[] = [],
  images: readonly string[] = [],
  routings: readonly string[] = [],
): WantedSide[] {
  if (controllers.length > 0 && images.length > 0) {
    throw new LabError('WRONG_USE', 'compare takes controllers or images, and got both.', {
      hint: 'Name the controller with --controller, and the images with --images.',
    });
  }
  if (routings.length > 0 && controllers.length + images.length > 0) {
    throw new LabError('WRONG_USE', 'compare cannot combine routings with other sides.', {
      hint: 'Sides differ in one thing: omit the others.',
    });
  }
  const sides = [
    ...controllers.map((controller) => ({ label: controller, options: { controller } })),
    ...images.map((image) => ({ label: image, options: { image } })),
    ...routings.map((routing) => ({ label: routing, options: { routing } })),
  ];
  if (sides.length >= 2) return sides;
  if (routings.length > 0) {
    throw new LabError('WRONG_USE', 'compare has one routing.', {
      hint: 'Name at least two, such as ospf-tuned and ospf-bfd.',
    });
  }
  const what = images.length > 0 ? 'image' : `${controllers.length} controllers`;
  throw new LabError('WRONG_USE', `compare has ${images.length > 0 ? `one ${what}` : what}.`, {
    hint: 'Name at least two, such as floyd and fast-failover:bfd=10ms*3, or debian-12 and debian-13.',
  });
}

/** Sides of the same name, and of other scenarios, must not share a folder. */
function sideFolder(place: number, label: string): string {
  return `${place + 1}-${label.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 40)}`;
}
