/** What virtual time leaves out: for every report of a run in it. */
export const virtualClockText =
  'virtual: computing takes no time, so what a busy machine, a slow controller or a loaded switch ' +
  'adds to an outage is not part of these figures. Do not compare them with figures of real time.';
