import { atLeast } from '../../model/version.js';
import type { Check } from '../finding.js';

export const checkNode: Check = ({ nodeVersion }) => {
  if (atLeast(nodeVersion, 20, 12)) {
    return { id: 'node', ok: 'yes', sentence: `Node ${nodeVersion}.` };
  }
  return {
    id: 'node',
    ok: 'no',
    sentence: `Node ${nodeVersion} is older than 20.12, the oldest that failover-lab runs on.`,
    remedy: 'Install Node 20 or newer from https://nodejs.org.',
  };
};
