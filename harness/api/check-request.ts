/** What a program asks for, checked: JavaScript reads no types. */
import { LabError } from '../errors.js';
import { type SiteOption, siteOptions } from '../sites/names.js';

/** Whole numbers and their bounds; the same as those of the command line's options. */
const bounds = {
  seed: [0, 2 ** 32 - 1],
  trials: [1, 1000],
  parallel: [1, 64],
  replace: [0, 1000],
} as const;

const datapaths = ['auto', 'kernel', 'user'];

/** The fields that are checked, as a program may have written them. */
interface Checked extends Partial<Record<keyof typeof bounds, number>> {
  indexes?: readonly number[];
  sandbox?: SiteOption;
  datapath?: string;
}

/** Throws WRONG_USE for the first field that is not what it may be. */
export function checkRequest(request: Checked): void {
  for (const [field, [low, high]] of Object.entries(bounds)) {
    const value = request[field as keyof typeof bounds];
    if (value !== undefined && !isWhole(value, low, high)) {
      throw wrong(field, value, `a whole number from ${low} to ${high}`);
    }
  }
  const { indexes, trials = 1, sandbox, datapath } = request;
  const outside = indexes?.find((index) => !isWhole(index, 0, trials - 1));
  if (outside !== undefined) {
    throw wrong('indexes', outside, `places in a plan of ${trials} trials: 0 to ${trials - 1}`);
  }
  if (sandbox !== undefined && !siteOptions.includes(sandbox)) {
    throw wrong('sandbox', sandbox, siteOptions.join(', '));
  }
  if (datapath !== undefined && !datapaths.includes(datapath)) {
    throw wrong('datapath', datapath, datapaths.join(', '));
  }
}

function isWhole(value: number, low: number, high: number): boolean {
  return Number.isInteger(value) && value >= low && value <= high;
}

function wrong(field: string, value: unknown, allowed: string): LabError {
  return new LabError('WRONG_USE', `${field} is ${JSON.stringify(value) ?? typeof value}.`, {
    hint: `Allowed: ${allowed}.`,
  });
}
