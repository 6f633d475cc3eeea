/**
 * Every limit the analysis applies, in one table. A trial beyond one of them is inconclusive: it
 * was measured badly, which says nothing about the network.
 */
export const thresholds = {
  /** Sum of the sender's own gaps at both edges of an outage: by so much the reading may be long. */
  edgeGapMs: 10,
  /** Used at the edges where the meter recorded no single gaps, only the worst lateness. */
  edgeLatenessMs: 20,
  /** A sender that was stalled for this long, anywhere in the judged traffic. */
  starvedMs: 100,
  /** A window of sends counts as late beyond this … */
  lateWindowMs: 20,
  /** … and this share of late windows is too many. */
  lateWindowsPercent: 5,
  /** Send stamps so far ahead of the sender's pace show a stepped clock. */
  clockStepMs: 50,
  /** Loss before the fault on links without declared loss. */
  baselineLossPercent: 0.1,
  /**
   * Median over the traffic of "some task waited for a processor" (Linux PSI). Counts only where
   * the meter was late as well (`lateWindowMs`): it runs at real-time priority where it may, and
   * its own lateness says better than the machine's load whether its numbers can be trusted.
   */
  cpuSomePercent: 95,
  /**
   * Where labs run side by side (`--parallel`): how long switches and controller may wait for a
   * processor, in shares of the time they run. Read once each with a small lab on 2 processors that
   * other work of idle priority shared: 0.9 alone, 2 with two labs, up to 5 with three and 12 with
   * five, while the delay of a packet grew from 0.4 ms to 0.5, 2 and up to 6. The meter's lateness is not a measure of it: it runs at real-time priority, they do not.
   */
  parallelWaitShare: 3,
  /** The median of `cpuSomePercent` instead, where the kernel does not report who waited. */
  parallelCpuSomePercent: 75,
  /**
   * The share of an outage for which one switch or controller must have waited for a processor before
   * that can excuse a broken bound.
   */
  waitedShare: 0.3,
  /** |TBM - PLBM| may be the larger of these: an absolute part and a share of the outage. */
  disagreementMs: 5,
  disagreementPercent: 5,
  /** Expected number of such loss periods from ordinary loss, below which one is an outage. */
  randomLossChance: 1e-6,
  /** From this many loss periods on, their mean length shows how bursty ordinary loss is. */
  burstyPeriods: 20,
  /** A loss period of this length and this many packets is an outage, whatever loss is around it. */
  certainOutageMs: 250,
  certainOutagePackets: 25,
  /** A later outage of fewer packets does not undo a recovery; it stays counted as loss. */
  repeatedOutagePackets: 2,
  /** Packets still on the way when sending stops: no hole of this length at the end is loss. */
  inFlightMs: 100,
  /**
   * An interruption that was seen at fewer looks than this before a heal may have ended at that
   * moment by chance: at 10 looks the chance is one in ten.
   */
  healDoubtIntervals: 10,
  /** In-flight time before a fault where no one-way delay was recorded. */
  unknownDelayMs: 50,
  /** A send stamp that was not recorded itself is off by no more than this. */
  stampSpreadMs: 20,
  /** No packet counts as in flight for longer, whatever delay a stepped wall clock pretends. */
  inFlightAtMostMs: 500,
  /** Injections (or heals) closer than this belong together. */
  simultaneousMs: 1000,
  /**
   * Loss for so long after a heal took effect is its doing, whatever was seen to change. Later loss is
   * so only where the network changed just then, or where it is long beyond doubt (`certainOutageMs`).
   */
  afterHealMs: 1000,
  /** A loss so close to a flow change happened as flows were changed. */
  nearFlowChangeMs: 20,
  /** The same for a link's state, which Open vSwitch's database shows up to 100 ms later. */
  nearLinkChangeMs: 120,
  /** A loss so close to a late send of the meter's falls into the queues of a machine held up. */
  nearLateSendMs: 50,
  /** RFC 6412 §3.7.6: a packet later than this is impaired. Reported with every result. */
  forwardingDelayMs: 2000,
  /** TCP has recovered at this share of the rate before the fault … */
  recoveredRateShare: 0.9,
  /** … held this long (shorter only where the next planned change comes first). */
  recoveredHeldMs: 5000,
  /** Longest "outage" that a pair which keeps contact may show: below it, single packets. */
  contactLossMs: 10,
  /** The share of invalid trials beyond which a run says nothing. */
  invalidTrialsPercent: 10,
  /** A change of rate or delay smaller than this is not an effect of a fault. */
  effectRateShare: 0.1,
  effectDelayMs: 1,
  /** A silence at a receiver of this length is one, though nothing was lost. */
  effectSilenceMs: 100,
} as const;
