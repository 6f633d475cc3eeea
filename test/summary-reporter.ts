/**
 * Ends the output of the tests with one line of counts, after a list of what was skipped. A ring of
 * `npm test` hands its counts over in a file instead, since the line stands at the end of them all.
 */
import { writeFileSync } from 'node:fs';
import type { FullConfig, Reporter, Suite, TestCase } from '@playwright/test/reporter';

function skipReason(test: TestCase): string {
  const annotation = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme');
  const reasons = test.results.flatMap((result) => result.annotations ?? []);
  return annotation?.description ?? reasons.find(({ type }) => type === 'skip')?.description ?? '';
}

function titleOf(test: TestCase): string {
  return test.titlePath().filter(Boolean).join(' › ');
}

export default class SummaryReporter implements Reporter {
  #suite: Suite | undefined;
  #errors = 0;

  printsToStdio(): boolean {
    return false;
  }

  onBegin(_config: FullConfig, suite: Suite): void {
    this.#suite = suite;
  }

  /** An error outside any test, such as a file that does not load, counts as a failure. */
  onError(): void {
    this.#errors += 1;
  }

  async onExit(): Promise<void> {
    const tests = this.#suite?.allTests() ?? [];
    const count = (outcome: ReturnType<TestCase['outcome']>) =>
      tests.filter((test) => test.outcome() === outcome);
    const skipped = count('skipped');
    const flaky = count('flaky');
    for (const test of skipped) {
      console.log(`skipped: ${titleOf(test)}: ${skipReason(test) || 'no reason given'}`);
    }
    for (const test of flaky) console.log(`passed only when repeated: ${titleOf(test)}`);
    const passed = count('expected').length + flaky.length;
    const failed = count('unexpected').length + this.#errors;
    const countsFile = process.env.FAILOVER_LAB_TEST_COUNTS;
    if (countsFile === undefined) {
      console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
    } else writeFileSync(countsFile, JSON.stringify({ passed, failed, skipped: skipped.length }));
  }
}
