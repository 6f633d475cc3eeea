import { atLeast } from '../model/version.js';
import { type Machine, osRelease } from './machine.js';

/** The oldest releases that have every package of a lab. */
const oldest: Record<string, number[]> = { debian: [12], ubuntu: [22, 4] };

/** The line that installs a package, or, where the distribution lacks it, what to use instead. */
export function packageRemedy(machine: Machine, name: string): string {
  const wanted = oldest[osRelease(machine, 'ID')];
  if (wanted !== undefined && !atLeast(osRelease(machine, 'VERSION_ID'), ...wanted)) {
    return 'Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.';
  }
  return `sudo apt-get install --no-install-recommends ${name}`;
}
