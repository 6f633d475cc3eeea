/** What a resolved scenario expects of which number. */
import * as z from 'zod';

const name = z.string().min(1);

/** The number to which an expectation refers; paths into a trial's result. */
export const expectationMetrics = [
  'networkOutageMs',
  'receiverSilenceMs',
  'tcpStallMs',
  'recoveredTo90Ms',
  'packetsLost',
  'lossPeriods',
  'lossPercent',
  'detectedMs',
  'controllerToldMs',
  'firstFlowChangeMs',
  'lastFlowChangeMs',
  'reversionOutageMs',
  'reversionPacketsLost',
  'keepsContact',
  'losesContact',
  'staysDark',
  'stalls',
  'baselineBps',
  'rateDuringFaultBps',
  'flowChanges',
  'routeChanges',
  'darkFlows',
  'controllerOutageMs',
] as const;

export const resolvedExpectation = z.object({
  id: name,
  /** The sentence shown to people. */
  text: z.string(),
  metric: z.enum(expectationMetrics),
  /** Which meter pair or flow; null = the worst of all. */
  of: name.nullable(),
  /** Which step's fault; null = the first. */
  step: name.nullable(),
  atMost: z.number().nullable(),
  atLeast: z.number().nullable(),
  /** What only the heal ended counts as ended; left out: it does not. */
  healCounts: z.boolean().optional(),
  /** It applies to any one failure, and not to several at once; left out: to its fault. */
  everySingleFailure: z.literal(true).optional(),
});

export type ResolvedExpectation = z.infer<typeof resolvedExpectation>;
