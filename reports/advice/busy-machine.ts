/** What to do about a machine that is too busy, from who used its processors. Pure. */
import { usedByOthers } from '../../harness/judge/processor-use.js';
import type { ProcessorUse } from '../../harness/model/processor-use.js';
import { escapeText } from '../escape.js';

/** Percent of one processor: what uses less hardly keeps a lab waiting. */
const noticedPercent = 25;
const namedMax = 3;
const whateverElse =
  'try --clock virtual, or run again on a quiet machine, with --parallel 1, or with lower rates';

/** Part of a sentence; without counts, what helps in any case. */
export function busyMachineAdvice(use: ProcessorUse | undefined): string {
  if (use === undefined) return whateverElse;
  const { processors, stolenPercent, ownPercent, others } = use;
  const of = (percent: number) => `${(percent / 100).toFixed(1)} of ${processors} processors`;
  if (others.length > 0) {
    const many = others.length === 1 ? 'another process' : `${others.length} other processes`;
    const used = others.reduce((sum, { percent }) => sum + percent, 0);
    return (
      `${many} (${namesOf(others)}) used ${of(used)}: try --clock virtual, which a busy machine ` +
      `does not disturb, or run again when ${others.length === 1 ? 'it has' : 'they have'} ended`
    );
  }
  if (stolenPercent >= noticedPercent) {
    return `the hypervisor gave ${of(stolenPercent)} to other machines: try --clock virtual, or run again on another machine`;
  }
  if (usedByOthers(use) >= noticedPercent) {
    return `other processes used ${of(usedByOthers(use))}: try --clock virtual, or run again when they have ended`;
  }
  return `the lab alone used ${of(ownPercent)}: try --clock virtual, --parallel 1, lower rates, or a machine with more processors`;
}

function namesOf(others: ProcessorUse['others']): string {
  const names = [...new Set(others.map(({ program }) => escapeText(program)))];
  const more = names.length - namedMax;
  return [...names.slice(0, namedMax), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}
