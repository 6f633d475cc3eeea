/** Sentences on what makes runs less comparable than they look. */
import type { compareShapes } from '../../harness/model/reasons/compare.js';
import type { Sentences } from './sentences.js';

export const compareSentences: Sentences<keyof typeof compareShapes> = {
  'scenarios-differ': () => 'The runs are of different scenarios.',
  'datapaths-differ': () => 'The runs used different datapaths (kernel and userspace).',
  'machines-differ': () => 'The runs were made on different kernels or machines.',
  'ovs-versions-differ': () => 'The runs used different versions of Open vSwitch.',
  'some-labs-reused': () => 'Some runs reused labs, others had a fresh one for every trial.',
  'seeds-differ': () => 'The runs have different seeds.',
  'trial-numbers-differ': () => 'The runs have different numbers of trials.',
  'not-all-valid': ({ label, valid, trials }) =>
    `All figures of ${label} are over its ${valid} valid trials of ${trials}.`,
};
