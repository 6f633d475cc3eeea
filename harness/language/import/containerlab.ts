/** containerlab's topology files, `*.clab.yml`. */
import { readClab } from './clab-file.js';
import type { ImportFormat } from './imported.js';
import { networkOfStated } from './stated-network.js';

export const containerlab: ImportFormat = {
  name: 'containerlab file',
  endings: ['.clab.yml', '.clab.yaml'],
  isMap: false,
  read: (file) => networkOfStated(readClab(file)),
};
