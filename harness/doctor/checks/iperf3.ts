import { atLeast } from '../../model/version.js';
import type { Check } from '../finding.js';
import { packageRemedy } from '../package-remedy.js';
import { iperf3Question, iperf3Version } from '../programs.js';
import { unanswered } from './unanswered.js';

export const checkIperf3: Check = async (machine) => {
  const silent = await unanswered(machine, 'iperf3', iperf3Question);
  if (silent !== null) return silent;
  const version = await iperf3Version(machine);
  if (version === null) {
    return {
      id: 'iperf3',
      ok: 'no',
      sentence: 'iperf3 is not installed.',
      remedy: packageRemedy(machine, 'iperf3'),
    };
  }
  const live = atLeast(version, 3, 17)
    ? 'it can stream its intervals as JSON (--json-stream)'
    : 'older than 3.17, so its intervals are read from its text while it runs';
  return { id: 'iperf3', ok: 'yes', sentence: `iperf3 ${version}: ${live}.` };
};
