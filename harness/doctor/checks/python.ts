import type { Check } from '../finding.js';
import { pythonFacts, pythonPath, pythonQuestion } from '../python.js';
import { unanswered } from './unanswered.js';

export const checkPython: Check = async (machine) => {
  const silent = await unanswered(machine, 'python', pythonQuestion);
  if (silent !== null) return silent;
  const { python } = await pythonFacts(machine);
  if (python !== null) {
    return { id: 'python', ok: 'yes', sentence: `Python ${python} at ${pythonPath}.` };
  }
  return {
    id: 'python',
    ok: 'no',
    sentence: `${pythonPath} does not run. Mininet is installed for that Python and works with no other.`,
    remedy: 'sudo apt-get install python3',
  };
};
