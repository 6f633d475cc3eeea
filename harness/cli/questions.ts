/** Questions at a terminal, on standard error, since results alone go to standard output. */
import { createInterface } from 'node:readline';

export interface Questions {
  /** The answer without blanks around it; null at the end of the input, by Ctrl-D or Ctrl-C. */
  ask(question: string): Promise<string | null>;
  close(): void;
}

/** Takes lines in the order in which they were typed, those that came before their question too. */
export function questions(): Questions {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  terminal.on('SIGINT', () => terminal.close());
  const lines = terminal[Symbol.asyncIterator]();
  return {
    async ask(question) {
      terminal.setPrompt(question);
      terminal.prompt();
      const { value, done } = await lines.next();
      return done ? null : value.trim();
    },
    close: () => terminal.close(),
  };
}
