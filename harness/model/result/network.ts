/** What one change did to the probes of a meter pair. */
import * as z from 'zod';
import { machineDrop } from '../history/events.js';
import { ending, ms, range } from './fields.js';

/** One contiguous run of missing sequence numbers (RFC 3357 §4.2). */
export const lossPeriodSchema = z.object({
  firstSequence: z.number(),
  packets: z.number(),
  /** Send stamp of the last good packet before, relative to the fault. */
  startMs: z.number(),
  /** Sender-stamp difference last good before → first good after; null = never ended. */
  lengthMs: ms,
});

/** One direction of one meter pair around one fault (or heal). */
export const directionResultSchema = z.object({
  /** TBM (RFC 6414 §3.6.3): longest loss period that counts as an outage; 0 = none; null = censored. */
  outageMs: ms,
  /** Lower bound of a censored outage. */
  outageAtLeastMs: z.number(),
  /** The true outage lies within: last lost - first lost … first good - last good, by send stamps. */
  outageRangeMs: range,
  /** How the outage ended. `heal` and `deadline` are censored like one that never ended. */
  outageEnding: ending,
  /** Where it is censored: a longer outage of the same fault, which ended by itself; else null. */
  longerEndedOutageMs: ms.default(null),
  /** To the first good packet, whatever ended the outage; null = none, or it was not seen to end. */
  outageWithHealMs: ms.default(null),
  /** PLBM (RFC 6414 §3.6.2): packets lost in that period / rate. */
  lossDerivedMs: z.number(),
  /** |outageMs - lossDerivedMs|; null when censored. */
  disagreementMs: ms,
  /** One probe interval: the reading is good to ± this (RFC 6413 §6). */
  resolutionMs: z.number(),
  packetsSent: z.number(),
  packetsLost: z.number(),
  /** Of them, at most this many were dropped by this machine, not by the network. */
  packetsDroppedByMachine: z.number().default(0),
  /** Share lost outside the outage, between fault and heal. */
  lossPercent: z.number(),
  lossPeriods: z.number(),
  longestPeriods: z.array(lossPeriodSchema),
  /**
   * After a heal: packets lost while nothing in the network changed. They count in `lossPercent` and
   * nowhere else. Null of a fault, and after a heal while another fault is in place.
   */
  otherLoss: z
    .object({
      packets: z.number(),
      lossPeriods: z.number(),
      longestPeriods: z.array(lossPeriodSchema),
    })
    .nullable()
    .default(null),
  /**
   * Of a meter with several flows: how many there are, how many were dark, and for how long (where
   * it is censored, at least so long); `open`: so many did not come back by themselves. Left out: the
   * meter has one flow.
   */
  flows: z
    .object({
      count: z.number(),
      dark: z.number(),
      open: z.number(),
      shortestMs: ms,
      medianMs: ms,
      longestMs: ms,
    })
    .optional(),
  duplicates: z.number(),
  reordered: z.number(),
  /** Fault → send stamp of the first good packet of the sustained window; null = not seen. */
  recoveryMs: ms,
  /** The window without outage that was seen after recovery. */
  sustainedMs: z.number(),
  recovered: z.boolean(),
  delayBeforeMs: ms,
  delayAfterMs: ms,
  /** RFC 6414 §3.5.5. */
  additiveBackupDelayMs: ms,
  /**
   * Longest time in which nothing arrived, by the kernel's receive stamps; 0 = none over 5 ms and an
   * interval; null = it lasted to the heal or the end, or the record has no such stamps.
   */
  receiverSilenceMs: ms.default(null),
  /** Its lower bound; null = the record has no such stamps. */
  receiverSilenceAtLeastMs: ms.default(null),
  /** How long the packet that ended it had been on its way. */
  receiverSilenceWaitMs: ms.default(null),
});

export const networkResultSchema = z.object({
  meter: z.string(),
  from: z.string(),
  to: z.string(),
  rateHz: z.number(),
  forward: directionResultSchema,
  reverse: directionResultSchema,
});

/** Both directions of the pair that suffered most. */
export const pairResultSchema = z.object({
  /** Missing in results of older versions: the first meter. */
  from: z.string().optional(),
  to: z.string().optional(),
  forward: directionResultSchema,
  reverse: directionResultSchema,
});

/** Packets that this machine dropped during the traffic, whatever packets they were. */
export const machineLossSchema = z.object({
  packetsDropped: z.number(),
  /** Probes of all meters lost, and how many of them at most this machine dropped. */
  probesLost: z.number(),
  probesDropped: z.number(),
  byPlace: z.array(machineDrop),
});

/** The same of several trials together. */
export const totalMachineLossSchema = z.object({
  ...machineLossSchema.shape,
  trials: z.number(),
  /** Of them, those in which something was dropped. */
  trialsHit: z.number(),
});

export type TotalMachineLoss = z.infer<typeof totalMachineLossSchema>;
export type LossPeriod = z.infer<typeof lossPeriodSchema>;
export type DirectionResult = z.infer<typeof directionResultSchema>;
export type NetworkResult = z.infer<typeof networkResultSchema>;
export type MachineLoss = z.infer<typeof machineLossSchema>;
