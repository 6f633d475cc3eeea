/** Sentences on what went wrong beside the measurement. */
import { secondsText } from '../../harness/judge/units.js';
import type { warningShapes } from '../../harness/model/recorded/warning.js';
import { formatDuration } from '../../harness/model/units.js';
import { counted } from '../reasons/words.js';
import { type Texts, textBy } from './texts.js';

const texts: Texts<typeof warningShapes> = {
  'heal-failed': ({ fault, targets, message }) =>
    `${fault} on ${targets.join(', ')} could not be healed: ${message}`,
  'undo-failed': ({ step, message }) => `${step}: ${message}`,
  'ended-by-force': ({ processes, interfaces }) => {
    const found = [
      ...processes.map(({ pid, name }) => `process ${pid} (${name})`),
      ...interfaces.map((name) => `interface ${name}`),
    ];
    return `mn -c left ${found.join(', ')}; killed`;
  },
  'program-ended': ({ program, node, exitCode, signal, lastLines }) => {
    const how = signal === null ? `with status ${exitCode}` : `by ${signal}`;
    const said = lastLines.length === 0 ? '' : `: ${lastLines.join('; ')}`;
    return `program ${program} on ${node} ended ${how} although it was to run on${said}`;
  },
  'traffic-cut-off': ({ afterMs }) =>
    `limits.duration ended the traffic after ${formatDuration(afterMs)}, before the timeline was done`,
  'control-packets-missed': ({ packets }) =>
    `${counted(packets, 'packet')} of the control channels not captured; their messages are not in the record`,
  'drops-unreadable': ({ problem }) =>
    `packets that the switches' sockets drop cannot be counted (${problem}), so loss made by this machine looks like loss in the network`,
  'meter-line-unreadable': ({ meter }) => `the meter ${meter} printed an unreadable line`,
  'trace-unanswered': ({ node, limitS }) =>
    `ovs-vswitchd of ${node} did not answer \`ofproto/trace\` within ${limitS} s`,
  'interfaces-unreadable': ({ node }) =>
    `the list of interfaces of ${node} by ovs-vsctl cannot be read`,
  'addresses-unreadable': ({ node }) => `the addresses that ${node} has learned cannot be read`,
  'hash-seed-missing': ({ unseeded }) =>
    `this kernel takes no seed for the choice among equal ways (it needs Linux 6.11), so ${unseeded.join(', ')} may choose otherwise after the next boot of the machine, and all alike`,
  'end-slept': ({ end, sleptMs }) =>
    `${end} slept for ${secondsText(sleptMs)}; what happened meanwhile is not known`,
  'end-full': ({ end }) =>
    `${end} stopped measuring: its memory for the record was full while it could not be reached`,
  'address-translated': ({ end, seenAs, address, at }) =>
    `probes of ${end} (${address}) arrive at ${at} from ${seenAs}: addresses are translated on the way`,
  'host-objects-removed': ({ objects }) =>
    `the runner ended without removing its objects on the host: ${objects.join(', ')}. They are now removed.`,
};

export const warningText = textBy(texts);
