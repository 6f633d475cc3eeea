/** Where results and progress go: results on standard output, everything else on standard error. */

export interface Screen {
  /** Width of the output in characters. */
  columns: number;
  colour: boolean;
  /** A person watches standard error at a terminal. */
  live: boolean;
  out(text: string): void;
  err(text: string): void;
}

/** The real screen. NO_COLOR and a pipe both mean plain text. */
export function realScreen(): Screen {
  const { stdout, stderr, env } = process;
  // Whoever reads may have seen enough (`list | head`); a run goes on and cleans up all the same.
  for (const stream of [stdout, stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  const columns = stdout.columns ?? Number(env.COLUMNS ?? 80);
  return {
    columns: Number.isFinite(columns) && columns > 0 ? columns : 80,
    colour: stdout.isTTY === true && !env.NO_COLOR,
    live: stderr.isTTY === true && env.TERM !== 'dumb',
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
  };
}
