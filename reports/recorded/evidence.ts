/** Sentences on what was read back after a change. */
import type { evidenceShapes } from '../../harness/model/recorded/evidence.js';
import { counted } from '../reasons/words.js';
import { type Texts, textBy, withRefusal } from './texts.js';

const texts: Texts<typeof evidenceShapes> = {
  carrier: ({ ends, refused }) => {
    const seen = ends.map(({ carrier, stillDormant }) => {
      const word = carrier === null ? 'unknown' : String(carrier);
      return stillDormant ? `${word} (still dormant)` : word;
    });
    const ports = ends.map(({ port }) => port).join(' and ');
    return withRefusal(`carrier of ${ports}: ${seen.join(', ')}`, refused);
  },
  'filter-set': ({ places, listed, refused }) =>
    refused === null && listed === places.length
      ? `filter at ${places.map(({ device, hook }) => `${device} ${hook}`).join(', ')}`
      : withRefusal(`${listed} of ${counted(places.length, 'filter')} listed`, refused),
  'filter-removed': ({ dropped, gone, refused }) =>
    gone
      ? `filter removed; it had dropped ${counted(dropped, 'packet')}`
      : withRefusal('the filter still exists, or nft did not answer', refused),
  netem: ({ link, wanted, asWanted, ends, refused }) =>
    withRefusal(
      `${wanted ? 'netem' : 'no netem'} on ${asWanted} of ${counted(ends, 'end')} of ${link}`,
      asWanted === ends ? null : refused,
    ),
  'openflow-port': ({ node, port, config, refused }) => {
    const flags = config === null ? 'unknown' : config.join(', ') || 'no flags';
    return withRefusal(`configuration of port ${port} of ${node}: ${flags}`, refused);
  },
  'controller-ended': ({ pid, gone }) =>
    `controller process ${pid} ${gone ? 'is gone' : 'still exists'}`,
  'controller-ready': ({ pid }) =>
    pid === null
      ? 'the controller does not run'
      : `the controller runs as process ${pid} and is ready`,
  'process-states': ({ node, program = 'ovs-vswitchd', states }) => {
    const whose = node === null ? 'the controller' : `${program} of ${node}`;
    const pids = states.map(({ pid }) => pid).join(', ');
    const seen = states.map(({ state }) => (state === null ? 'gone' : `in state ${state}`));
    return `${whose} (process ${pids}) is ${seen.join(', ')}`;
  },
  'power-off': ({ node, interfaces, up, processes, alive }) => {
    const left = [
      up.length > 0 && ` (up: ${up.join(', ')})`,
      alive.length > 0 && ` (alive: ${alive.join(', ')})`,
    ];
    const down = `interfaces of ${node} down: ${interfaces - up.length} of ${interfaces}`;
    const gone = `processes gone: ${processes - alive.length} of ${processes}`;
    return [`${down}, ${gone}`, ...left].filter(Boolean).join('');
  },
  'power-on': ({ node, running, down }) => {
    const daemons = Object.entries(running).map(
      ([name, pid]) => `${name} (${pid ?? 'not running'})`,
    );
    const runs = daemons.length > 0 ? `; processes: ${daemons.join(', ')}` : '';
    const still = down.length > 0 ? `; interfaces down: ${down.join(', ')}` : '';
    return `${node} has power${runs}${still}`;
  },
  'daemon-ended': ({ node, daemon, pid, gone }) =>
    `${daemon} (process ${pid}) of ${node} ${gone ? 'is gone' : 'still exists'}`,
  'daemon-started': ({ node, daemon, before, after }) => {
    const was = before === null ? '' : `, was process ${before}`;
    return after === null
      ? `${daemon} of ${node} does not run${was}`
      : `${daemon} of ${node} runs as process ${after}${was}`;
  },
  announcement: ({ node, prefix, protocols, announcing }) =>
    announcing.length === 0
      ? `${node} does not announce ${prefix} by ${protocols.join(', ') || 'any protocol'}`
      : `${node} announces ${prefix} by ${announcing.join(', ')}`,
  'vswitchd-ended': ({ node, pid }) => `ovs-vswitchd (process ${pid}) of ${node} is gone`,
  'vswitchd-started': ({ node, pid }) =>
    pid === null
      ? `ovs-vswitchd of ${node} does not run`
      : `ovs-vswitchd of ${node} runs as process ${pid}`,
  failed: ({ message }) => message,
  captures: () => 'seen in the captures',
  'no-fault': () => 'no fault in this scenario',
};

/** Such as `filter at r1-eth0 egress`; empty for an older record that has nothing. */
export const evidenceText = textBy(texts);
