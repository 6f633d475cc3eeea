import type { Check } from '../finding.js';
import { packageRemedy } from '../package-remedy.js';
import { ovsQuestion, ovsVersion } from '../programs.js';
import { unanswered } from './unanswered.js';

export const checkOvs: Check = async (machine) => {
  const silent = await unanswered(machine, 'ovs', ovsQuestion);
  if (silent !== null) return silent;
  const version = await ovsVersion(machine);
  if (version !== null) return { id: 'ovs', ok: 'yes', sentence: `Open vSwitch ${version}.` };
  return {
    id: 'ovs',
    ok: 'no',
    sentence: 'Open vSwitch is not installed: ovs-vsctl does not run.',
    remedy: packageRemedy(machine, 'openvswitch-switch'),
  };
};
