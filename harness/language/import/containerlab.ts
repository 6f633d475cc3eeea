/** containerlab's topology files, `*.clab.yml`. */
import { readClab } from './clab-file.js';
import { networkOfClab } from './clab-network.js';
import type { ImportFormat } from './imported.js';

export const containerlab: ImportFormat = {
  name: 'containerlab file',
  endings: ['.clab.yml', '.clab.yaml'],
  isMap: false,
  read: (file) => networkOfClab(readClab(file)),
};
