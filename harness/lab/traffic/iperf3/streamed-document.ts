/** Puts `--json-stream` lines together again. Pure. */

/** One document out of a stream's lines, in the form that `-J` prints at once. */
export function documentOfStream(text: string): Record<string, unknown> {
  const whole: Record<string, unknown> = {};
  const intervals: unknown[] = [];
  for (const line of text.split('\n')) {
    let value: { event?: unknown; data?: unknown } | null;
    try {
      value = JSON.parse(line);
    } catch {
      continue;
    }
    if (typeof value !== 'object' || value === null) continue;
    if (value.event === 'interval') intervals.push(value.data);
    else if (typeof value.event === 'string') whole[value.event] = value.data;
  }
  return { ...whole, intervals };
}
