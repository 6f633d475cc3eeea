/** What a user can do about each reason; null where another reason has the advice, or nothing is to do. */
import type { ReasonCode, ReasonData } from '../../harness/model/reason.js';

type Advice<C extends ReasonCode> = { [K in C]: ((data: ReasonData<K>) => string) | null };

const resume = () => 'go on where it ended with failover-lab run --resume';
const readLogs = () =>
  "read logs/ in the run's folder, and check this machine with failover-lab doctor";
const lookInside = () =>
  'look into the network with failover-lab shell and the name of the scenario';
const longer = () => 'make limits.duration longer, or let the last step begin earlier';
const moreTrials = () => 'repeat with more trials, such as --trials 20';
const samePlan = () =>
  "repeat with the baseline's --seed and --trials, or make a new baseline with --update";

/** Whoever adds a code has to write its advice, or to state that there is none. */
export const adviceByCode: Advice<ReasonCode> = {
  'cut-off': resume,
  interrupted: resume,
  'trial-failed': ({ error }) => (error === 'NOT_READY' ? lookInside() : readLogs()),
  'events-missing': readLogs,
  'values-unknown': null,
  'stray-stamps': () => "run again while nothing sets this machine's clock",
  'no-traffic': lookInside,
  'step-missing': ({ endedAfterMs }) =>
    endedAfterMs === null
      ? 'check what the step waits for, or give it a fixed time with at()'
      : longer(),
  'change-not-proven': readLogs,
  'no-samples': ({ of }) => (of === 'flow' ? readLogs() : lookInside()),
  'instrument-ended': readLogs,
  'tcp-carried-nothing': () =>
    'look into the network with failover-lab shell; segments that do not fit need a smaller mss',
  'target-missed': () =>
    'name the node that the fault is to hit, or let it wait until the path is steady',
  'no-effect': () => 'let the fault hit what carries the traffic, such as relayOnPath(from, to)',
  'recovery-not-sustained': () => 'make limits.duration longer, or limits.sustainedFor shorter',
  'sender-stood-still': null,
  'sender-late': null,
  'clock-stepped': () => "run again while nothing sets this machine's clock",
  'edges-late': null,
  'readings-disagree': null,
  'processor-pressure': null,
  'too-many-labs': () => 'run again with a lower --parallel',
  'outage-before-fault': () => 'let the first fault wait longer, until traffic is clean',
  'loss-before-fault': () => 'lower the rates, or remove the loss that no fault makes',
  'bfd-flaps': () => 'try a longer BFD interval, or --clock virtual',
  'machine-drops': null,
  'waited-for-processor': null,
  'meter-behind': null,
  'expectation-failed': null,
  'expectation-open': () =>
    'add the meter or flow that the expectation is about, or more time by limits.duration',
  'dark-at-end': null,
  'never-recovered': null,
  'recovered-by-heal': null,
  'oversize-stall': null,
  'controller-ended': null,
  'flows-kept-alive': null,
  'not-sustained-yet': null,
  'dark-so-far': null,
  'not-all-recovered': null,
  'history-cut-off': resume,
  'run-interrupted': resume,
  'run-failed': readLogs,
  'left-behind': () => 'remove it with failover-lab clean',
  'trials-missing': ({ counted }) =>
    counted === 'merged' ? 'give --recorded the missing runs as well' : resume(),
  'plan-unknown': null,
  'as-written': null,
  'trials-censored': null,
  'bound-exceeded': null,
  'no-bound': () => 'state a bound as an expectation of the scenario, or make a baseline here',
  // Its own sentence has what is to be the same.
  'too-few-pairs': null,
  'some-moved': null,
  slower: null,
  'looks-slower': moreTrials,
  'slowdown-possible': moreTrials,
  'slower-within-tolerance': null,
  faster: null,
  'slower-in-all': null,
  'slower-in-most': null,
  'seeds-agree': null,
  'seeds-differ': samePlan,
  'not-measured-now': null,
  'not-in-baseline': () => 'make a new baseline with --update',
  'phases-differ': samePlan,
  'too-few-trials': ({ needed }) =>
    `repeat with the baseline's --seed, and with --trials ${needed} or more`,
  'too-many-invalid': null,
  'baseline-elsewhere': null,
  'make-a-baseline': null,
  'environment-differs': null,
  'controller-changed': null,
  'seed-changed': null,
  'machine-busy': null,
  'scenarios-differ': null,
  'datapaths-differ': null,
  'machines-differ': null,
  'ovs-versions-differ': null,
  'some-labs-reused': null,
  'trial-numbers-differ': null,
  'not-all-valid': null,
};
