/** What the terms of a report mean, for the help beside them and for the reference. */

export const terms = {
  'network outage':
    'How long no numbered probe got through, in the worse direction: from the last that arrived before the gap to the first behind it.',
  'TCP stall': 'How long TCP delivered nothing to the receiver, by the intervals of iperf3.',
  'packets lost': 'Probes that were sent and never arrived, from the fault to the recovery.',
  phase: 'When each step of the recovery was seen, after the fault, and by which evidence.',
  verdict:
    'pass: every expectation holds. fail: one does not. inconclusive: the measurement supports neither.',
  fidelity:
    'Whether the machine kept up: late probes, pressure on the processors and packets that it dropped itself make a trial invalid.',
  t0: 'The moment of the fault: the middle of the two clock readings around it, ± half their distance.',
  TBM: 'Time-based method (RFC 6414): the outage from the time stamps of the packets around the gap.',
  PLBM: 'Packet-loss-based method (RFC 6414): the outage from the number of lost packets and their rate.',
  'failover time': 'RFC 6414: from the failure until traffic is received again over the backup.',
  'reversion time':
    'RFC 6414: how long traffic was disturbed when it moved back to the repaired path.',
  'additive backup delay':
    'RFC 6414: how much longer packets take over the backup path than over the primary one.',
  'loss period': 'RFC 3357: a run of consecutive lost packets.',
  'forward, reverse disruption':
    'RFC 8456: how long each direction of the traffic was without packets.',
  're-provisioning time':
    'RFC 8456: from the failure until the controller has set up the new path both ways.',
  'sampling interval': 'RFC 6413: the time between two probes; no outage can be measured finer.',
  'sustained validation':
    'RFC 6412: how long traffic must stay clean before a recovery counts as one.',
  'receiver silence':
    'How long nothing arrived, by the kernel’s receive stamps; packets that waited in a queue are silent, not lost.',
} as const;

export type Term = keyof typeof terms;
