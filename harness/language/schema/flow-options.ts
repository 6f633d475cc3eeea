/** Options of iperf3 that are handed on to it: of sockets, and of what it counts. */
import * as z from 'zod';
import { dscpNames, dscpNumber } from '../../model/network/dscp.js';
import { formatDuration, quoted, shown, writtenDuration } from '../../model/units.js';
import { didYouMean } from '../problems.js';
import { bytes, duration, text, yesOrNo } from './fields.js';

/** TCP_CA_NAME_MAX is 16 with the closing zero. */
const congestionName = /^[a-z][a-z0-9_-]{0,14}$/;

const congestion = text.refine((name) => congestionName.test(name), {
  error: ({ input }) =>
    `${quoted(String(input))} is not the name of a congestion control: write one such as 'cubic' or 'bbr'`,
});

/** iperf3 reads whole seconds, and takes the rest away without a word. */
const omit = duration({ min: 1000, max: 60_000 }).transform((ms, context) => {
  if (ms % 1000 === 0) return ms;
  const up = writtenDuration(Math.ceil(ms / 1000) * 1000);
  const message = `must be whole seconds, got ${formatDuration(ms)}; write '${up}'`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

const dscp = z.unknown().transform((value, context): number => {
  if (typeof value === 'string') {
    const number = dscpNumber(value);
    if (number !== null) return number;
  }
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 63;
  if (fits) return value;
  const near = typeof value === 'string' ? didYouMean(value, dscpNames) : '';
  const message = `dscp must be a whole number from 0 to 63 or one of ${dscpNames.join(', ')}, got ${shown(value)}${near}`;
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
});

export const furtherFlowOptions = {
  congestion: congestion.optional(),
  omit: omit.optional(),
  /** More than 512 MiB iperf3 refuses; less than a page the kernel rounds up. */
  window: bytes({ min: 4096, max: 536_870_912 }).optional(),
  dscp: dscp.optional(),
  zerocopy: yesOrNo.default(false),
};
