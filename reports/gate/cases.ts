/** A gate as cases, one a metric, for JUnit and annotations. Pure. */

import type { GateResult, GateVerdict } from '../../harness/judge/gate/result.js';
import { sentencesOf } from '../reasons/index.js';

export interface GateCase {
  name: string;
  verdict: GateVerdict;
  /** An undecided metric that does not hold the gate open: the gate passed without it. */
  waived: boolean;
  /** Empty for a pass without remarks. */
  message: string;
}

/**
 * One case per metric. What no metric shows (a refusal, too few valid trials) is a case of its own,
 * so that the worst case is always the gate's verdict.
 */
export function gateCases(result: GateResult): GateCase[] {
  const cases = result.metrics.map(({ label, verdict, reasons }) => ({
    name: `${result.scenario}: ${label}`,
    verdict,
    waived: verdict === 'inconclusive' && result.verdict !== 'inconclusive',
    message: sentencesOf(reasons).join('; '),
  }));
  const shown = cases.some((one) => one.verdict === result.verdict && !one.waived);
  if (shown) return cases;
  const { scenario, verdict, reasons } = result;
  return [
    ...cases,
    { name: scenario, verdict, waived: false, message: sentencesOf(reasons).join('; ') },
  ];
}
