import { atLeast } from '../../model/version.js';
import type { Check } from '../finding.js';
import { packageRemedy } from '../package-remedy.js';
import { pythonFacts, pythonPath } from '../python.js';

export const checkMininet: Check = async (machine) => {
  const { mininet } = await pythonFacts(machine);
  if (mininet === null) {
    return {
      id: 'mininet',
      ok: 'no',
      sentence: `${pythonPath} cannot import Mininet.`,
      remedy: packageRemedy(machine, 'mininet'),
    };
  }
  if (!atLeast(mininet, 2, 3)) {
    return {
      id: 'mininet',
      ok: 'no',
      sentence: `Mininet ${mininet} is older than 2.3.0, the first that runs on Python 3.`,
      remedy: 'Use a newer distribution: Debian 12 and Ubuntu 22.04 have everything a lab needs.',
    };
  }
  return { id: 'mininet', ok: 'yes', sentence: `Mininet ${mininet}.` };
};
