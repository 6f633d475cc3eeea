import type { Check } from '../finding.js';

const folder = '/sys/devices/system/clocksource/clocksource0';
/** Reading these leaves the processor and takes a microsecond or more. */
const slow = ['hpet', 'acpi_pm', 'jiffies', 'refined-jiffies', 'pit'];

export const checkClockSource: Check = (machine) => {
  const source = machine.read(`${folder}/current_clocksource`)?.trim();
  if (source === undefined) {
    return {
      id: 'clock',
      ok: 'warning',
      sentence: 'The kernel does not report its clock source; late probes are flagged.',
    };
  }
  if (!slow.includes(source)) {
    return { id: 'clock', ok: 'yes', sentence: `Clock source ${source}.` };
  }
  return {
    id: 'clock',
    ok: 'warning',
    sentence: `Clock source ${source} is slow to read, which delays 1000 probes per second.`,
    remedy: `Choose another of ${folder}/available_clocksource, if tsc or kvm-clock is among them.`,
  };
};
