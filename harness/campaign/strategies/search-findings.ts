/** What a search has found: which evidence is new, and which shows a bug that is known. Pure. */
import { signatureOf } from '../../judge/findings.js';
import type { Evidence } from '../../model/finding.js';
import type { Schedule } from '../space/schedule.js';
import type { SearchFinding } from './search-trial.js';

export class SearchFindings {
  readonly all: SearchFinding[] = [];

  /** A finding that is not known yet; null: it is the same bug as an earlier one. */
  add(evidence: Evidence, schedule: Schedule, trial: number): SearchFinding | null {
    if (this.#isKnown(evidence, schedule, trial)) return null;
    const finding: SearchFinding = {
      ...{ evidence, schedule, state: 'unverified', found: trial, replays: [], shown: trial },
      ...{ foundWith: schedule.length, seenAgain: [] },
    };
    this.all.push(finding);
    return finding;
  }

  /** True: a finding that was made simpler meanwhile shows the same, so this one is counted there. */
  foldIntoKnown({ evidence, schedule, found }: SearchFinding): boolean {
    const place = this.all.findIndex(
      (one) =>
        one.found !== found &&
        one.state === 'confirmed' &&
        signatureOf(one.evidence) === signatureOf(evidence) &&
        holds(schedule, one.schedule),
    );
    const known = this.all[place];
    if (!known) return false;
    if (!known.seenAgain.includes(found)) known.seenAgain.push(found);
    this.all.splice(
      this.all.findIndex((one) => one.found === found && one.evidence === evidence),
      1,
    );
    return true;
  }

  /** The same bug again: the same evidence, of a schedule that holds what a finding needs. */
  #isKnown(evidence: Evidence, schedule: Schedule, trial: number): boolean {
    const signature = signatureOf(evidence);
    const known = this.all.find(
      (finding) =>
        signatureOf(finding.evidence) === signature &&
        (finding.found === trial || holds(schedule, finding.schedule)),
    );
    if (known && known.found !== trial && !known.seenAgain.includes(trial)) {
      known.seenAgain.push(trial);
    }
    return known !== undefined;
  }

  /** What a replay itself has found. */
  note(evidence: Evidence, schedule: Schedule, index: number): void {
    if (this.all.some((one) => signatureOf(one.evidence) === signatureOf(evidence))) return;
    this.all.push({
      ...{ evidence, schedule, state: 'confirmed', found: index, replays: [], shown: index },
      ...{ foundWith: schedule.length, seenAgain: [] },
    });
  }
}

/** Every failure of `needed` is in `schedule`, in whatever moment. */
function holds(schedule: Schedule, needed: Schedule): boolean {
  return needed.every((want) =>
    schedule.some(
      ({ element, faultKind }) =>
        element.name === want.element.name && faultKind === want.faultKind,
    ),
  );
}
