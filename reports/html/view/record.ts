/** The record's fixed parts: environment, command, resolved scenario. */
import { kernelDatapathText } from '../../kernel-datapath.js';
import { mininetNoteTexts } from '../../mininet-notes.js';
import { substitutionText } from '../../recorded/substitution.js';
import { quoteCommand } from '../../shell.js';
import { virtualClockText } from '../../virtual-clock.js';
import type { PageData } from '../data.js';
import { type Html, html } from '../markup.js';

const titles: Record<string, string> = {
  kernel: 'Kernel',
  cores: 'Processor cores',
  distribution: 'Distribution',
  node: 'Node.js',
  python: 'Python',
  mininet: 'Mininet',
  ovs: 'Open vSwitch',
  iperf3: 'iperf3',
  osken: 'os-ken',
  failoverLab: 'failover-lab',
  commit: 'Commit',
  datapath: 'Datapath',
  sandbox: 'Sandbox',
  network: 'Network',
  clock: 'Clock',
  image: 'Image',
};

export function environment({ result }: PageData): Html {
  const { substitutions, ...measured } = result.environment;
  const rest = measured.clock === 'virtual' ? { ...measured, clock: virtualClockText } : measured;
  const notes = mininetNoteTexts(result.mininetNotes);
  const forwards = kernelDatapathText(result);
  return html`<dl class="facts">${Object.entries(rest).map(([key, value]) => html`<div><dt>${titles[key] ?? key}</dt><dd dir="auto">${value ?? 'unknown'}</dd></div>`)}</dl>
  ${forwards !== null && html`<p>${forwards}</p>`}
  ${substitutions.length > 0 && html`<h4>Substitutions</h4><ul>${substitutions.map((one) => html`<li dir="auto">${substitutionText(one)}</li>`)}</ul>`}
  ${notes.length > 0 && html`<h4>Differences from mn --custom</h4><ul>${notes.map((text) => html`<li dir="auto">${text}</li>`)}</ul>`}`;
}

export function reproduction({ result }: PageData): Html {
  return html`<pre class="command" tabindex="0" aria-label="Command that reproduces the run"><code>${quoteCommand(result.command)}</code></pre>`;
}
