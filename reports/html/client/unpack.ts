/** Reads the data elements of the page. */

export function elementText(id: string): string {
  return document.getElementById(id)?.textContent ?? '';
}

export function need<E extends Element = HTMLElement>(selector: string): E {
  const found = document.querySelector<E>(selector);
  if (!found) throw new Error(`The page has no ${selector}`);
  return found;
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes;
}

/** The unpacked text of a packed element, as a stream of pieces. */
export function unpackedStream(id: string): ReadableStream<string> {
  const blob = new Blob([bytesOf(elementText(id))]);
  return blob
    .stream()
    .pipeThrough(new DecompressionStream('gzip'))
    .pipeThrough(new TextDecoderStream());
}

export async function unpackedText(id: string): Promise<string> {
  const reader = unpackedStream(id).getReader();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text;
    text += value;
  }
}

/** Lets the browser draw and answer input before more work is done. */
export function breath(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve();
    port2.postMessage(null);
  });
}
