/** What a user can do about a run or gate that proves nothing. The same words in every report. Pure. */
import { machineBusy } from '../../harness/judge/busy.js';
import type { GateResult } from '../../harness/judge/gate/result.js';
import type { Reason, ReasonCode } from '../../harness/model/reason.js';
import type { RunResult } from '../../harness/model/result.js';
import { sentenceOf } from '../reasons/index.js';
import { adviceByCode } from './by-code.js';

const shownMax = 3;
/** What helps against other doings of the machine is another quieter run, as `machineBusy` has it. */
const ofMachine: ReadonlySet<ReasonCode> = new Set(['clock-stepped', 'too-many-labs']);

/** How to get an answer; empty for a run that has one. No full stop at the end of a line. */
export function adviceOf(run: Pick<RunResult, 'verdict' | 'trials' | 'reasons'>): string[] {
  if (run.verdict !== 'inconclusive') return [];
  const busy = machineBusy(run);
  const told = [...(busy === null ? [] : [sentenceOf(busy)]), ...adviceOfReasons(run.reasons)];
  return [...new Set(told)].slice(0, shownMax);
}

/** How to get an answer from a gate; empty where it has one. */
export function adviceOfGate({ verdict, reasons, metrics }: GateResult): string[] {
  if (verdict !== 'inconclusive') return [];
  const busy = reasons.filter(({ code }) => code === 'machine-busy').map(sentenceOf);
  const all = [...reasons, ...metrics.flatMap((metric) => metric.reasons)];
  return [...new Set([...busy, ...adviceOfReasons(all)])].slice(0, shownMax);
}

/** The advice for some reasons of a missing answer, each once. */
function adviceOfReasons(reasons: readonly Reason[]): string[] {
  const told = reasons
    .filter(({ cause, code }) => cause !== 'machine' || ofMachine.has(code))
    .flatMap(({ code, data }) => {
      const advice = adviceByCode[code] as ((data: Reason['data']) => string) | null;
      return advice === null ? [] : [advice(data)];
    });
  return [...new Set(told)].slice(0, shownMax);
}
