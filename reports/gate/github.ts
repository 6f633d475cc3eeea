/** Annotations of a gate: its verdict, then every metric that did not pass. Pure. */

import type { GateResult, GateVerdict } from '../../harness/judge/gate/result.js';
import { escapeText } from '../escape.js';
import { annotation } from '../github.js';
import { sentencesOf } from '../reasons/index.js';
import { type GateCase, gateCases } from './cases.js';

/** One line an annotation, each a GitHub workflow command. */
export function renderGateGithub(result: GateResult): string {
  const title = escapeText(`gate ${result.scenario}: ${result.verdict}`);
  const { valid, baseline } = result.trials;
  const trials = `${valid} valid trials against ${baseline} in the baseline`;
  const message = [trials, ...sentencesOf(result.reasons).map(escapeText)].join('\n');
  const cases = gateCases(result).filter((one) => one.verdict !== 'pass' && one.message !== '');
  const lines = cases.map((one) =>
    annotation(levelOf(one), escapeText(one.name), escapeText(one.message)),
  );
  return `${[annotation(levelOf({ verdict: result.verdict, waived: false }), title, message), ...lines].join('\n')}\n`;
}

function levelOf({ verdict, waived }: Pick<GateCase, 'verdict' | 'waived'>) {
  const levels: Record<GateVerdict, 'notice' | 'warning' | 'error'> = {
    pass: 'notice',
    inconclusive: 'warning',
    fail: 'error',
    regression: 'error',
  };
  return waived ? 'notice' : levels[verdict];
}
