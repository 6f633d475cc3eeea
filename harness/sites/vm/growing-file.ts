/** Reads the lines of a file while another process appends to it. */
import { closeSync, openSync, readSync, watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { LineCutter, type LineOptions } from '../../line-reader.js';

const pieceBytes = 1024 * 1024;

/**
 * Pass on every line of `file`, which exists, as it comes. The function that is returned reads what
 * is still there, and ends it.
 */
export function followLines(file: string, options: LineOptions): () => void {
  const descriptor = openSync(file, 'r');
  const cutter = new LineCutter(options);
  const decoder = new StringDecoder('utf8');
  const piece = Buffer.alloc(pieceBytes);
  const drain = () => {
    for (;;) {
      const length = readSync(descriptor, piece, 0, piece.length, null);
      if (length === 0) return;
      cutter.add(decoder.write(piece.subarray(0, length)));
    }
  };
  const watcher = watch(file, drain);
  return () => {
    watcher.close();
    drain();
    cutter.end();
    closeSync(descriptor);
  };
}
