import type { Check } from '../finding.js';
import { packageRemedy } from '../package-remedy.js';
import { pythonFacts, pythonPath } from '../python.js';

export const checkOsKen: Check = async (machine) => {
  const { osken } = await pythonFacts(machine);
  if (osken !== null) return { id: 'os-ken', ok: 'yes', sentence: `os-ken ${osken}.` };
  return {
    id: 'os-ken',
    ok: 'warning',
    sentence: `${pythonPath} cannot import os_ken: the bundled controller does not start.`,
    remedy: packageRemedy(machine, 'python3-os-ken'),
  };
};
