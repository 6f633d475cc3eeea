/** JUnit XML of gates: a suite a scenario, a case a metric. Pure. */

import type { GateResult } from '../../harness/judge/gate/result.js';
import type { RunResult } from '../../harness/model/result.js';
import { adviceOfGate } from '../advice/index.js';
import { junitProperties } from '../junit.js';
import { type JunitCase, junitDocument } from '../junit-document.js';
import { type GateCase, gateCases } from './cases.js';
import { renderGateTerminal } from './terminal.js';

/** A judged gate with the trials it was judged by. */
export interface GatedRun {
  gate: GateResult;
  run: RunResult;
}

/**
 * Without a failure or an error in it, the gate passed: a regression or a broken bound is a failure,
 * no answer is an error, and a metric that the gate could do without is skipped.
 */
export function renderGateJunit(gated: readonly GatedRun[]): string {
  return junitDocument(
    gated.map(({ gate, run }) => ({
      name: gate.scenario,
      wallTime: run.wallTime,
      properties: junitProperties(run),
      cases: withAdvice(casesOf(gate, run), adviceOfGate(gate)),
      output: renderGateTerminal(gate, { columns: 100, colour: false }),
    })),
  );
}

/** The first case without an answer ends with what to do now. */
function withAdvice(cases: JunitCase[], advice: readonly string[]): JunitCase[] {
  const open = cases.findIndex(({ problem }) => problem?.kind === 'error');
  const todo = advice.map((line) => `What to do now: ${line}`);
  return cases.map((one, place) => {
    if (place !== open || one.problem === null) return one;
    const message = [one.problem.message, ...todo].join('\n');
    return { ...one, problem: { ...one.problem, message } };
  });
}

function casesOf(gate: GateResult, run: RunResult): JunitCase[] {
  const ranForS = run.trials.reduce((sum, trial) => sum + trial.timing.totalMs, 0) / 1000;
  return gateCases(gate).map((one, place) => ({
    name: one.name,
    className: `${gate.scenario}.gate`,
    // All metrics come from the same trials: their time counts once.
    timeS: place === 0 ? ranForS : 0,
    problem: problemOf(one),
  }));
}

function problemOf({ verdict, waived, message }: GateCase): JunitCase['problem'] {
  if (verdict === 'pass') return null;
  if (waived) return { kind: 'skipped', message };
  const kind = verdict === 'inconclusive' ? 'error' : 'failure';
  return { kind, message: message || verdict };
}
