/** What the machine and the lab's processes did meanwhile. */
import * as z from 'zod';
import { processId } from '../../process-id.js';
import { processorUse } from '../../processor-use.js';
import { base, count, ns } from './fields.js';

/** Groups of processes whose processor time is measured: `runner` is the lab's own program. */
export const processGroup = z.enum(['controller', 'vswitchd', 'runner']);
const byGroup = z.partialRecord(processGroup, z.number());

/** Packets dropped at one place of this machine, by the kernel's own counter. */
export const machineDrop = z.object({
  /** Node whose socket dropped them; 'controllers': the tap; 'machine': not separated by node. */
  where: z.string(),
  /**
   * `switch`: a packet socket by which Open vSwitch reads. `meter`, `traffic`: the UDP sockets of the
   * meter and of others on a host. `tap`: the reader of the control channels. `backlog`: the
   * processors' queues of arriving packets, which the kernel counts for the whole machine.
   */
  what: z.enum(['switch', 'meter', 'traffic', 'tap', 'backlog']),
  interface: z.string().nullable(),
  packets: z.number().int().positive(),
});

export const machineEvents = [
  /**
   * Packets that this machine dropped after `sinceNs` and before `atNs`, where no fault made it. Once
   * a second an event without drops shows up to when was counted. Missing in older records.
   */
  z.object({
    ...base,
    kind: z.literal('observe.drops'),
    sinceNs: ns,
    drops: z.array(machineDrop),
  }),
  z.object({
    ...base,
    kind: z.literal('process.exit'),
    process: processId,
    node: z.string().nullable(),
    exitCode: z.number().int().nullable(),
    signal: z.string().nullable(),
    expected: z.boolean(),
    lastLines: z.array(z.string()),
  }),
  /** A controller process was started, at the beginning or again. */
  z.object({
    ...base,
    kind: z.literal('controller.start'),
    /** Which of several, from 0. */
    instance: count,
    pid: count,
  }),
  /**
   * Who used this machine's processors after `sinceNs`, as the supervisor saw it when the trial was
   * over. Not in virtual time, where it decides nothing. Missing in older
   * records.
   */
  z.object({
    ...base,
    kind: z.literal('observe.processors'),
    sinceNs: ns,
    ...processorUse,
  }),
  /** Linux pressure stall information and load, sampled once a second. */
  z.object({
    ...base,
    kind: z.literal('pressure'),
    /** Share of the last second in which some task waited for a processor, percent. */
    cpuSomePercent: z.number(),
    /** Processor time per process group since the last sample, percent of one core. */
    cpuPercent: byGroup,
    /**
     * Time for which threads of the group were ready and waited for a processor, percent of one
     * core; left out where the kernel does not tell.
     */
    waitPercent: byGroup.optional(),
    /**
     * The same of the main thread alone, which forwards (Open vSwitch) or decides (a controller), and
     * of the one process in the group that waited longest. Missing in older records.
     */
    mostWaitPercent: byGroup.optional(),
  }),
] as const;
