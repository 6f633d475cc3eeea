/** JUnit XML of gates: a suite a scenario, a case a metric. Pure. */

import type { GateResult } from '../../harness/judge/gate/result.js';
import type { RunResult } from '../../harness/model/result.js';
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
      cases: casesOf(gate, run),
      output: renderGateTerminal(gate, { columns: 100, colour: false }),
    })),
  );
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
