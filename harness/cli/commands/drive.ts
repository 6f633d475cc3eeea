/** `failover-lab drive`: a live lab that obeys JSON lines; see harness/model/drive-protocol.ts. */
import { withTexts } from '../../../reports/with-texts.js';
import { drive as driveLab } from '../../api/drive.js';
import { exitCodeOfRun } from '../../judge/combine.js';
import type { CommandContext } from '../context.js';
import { followed } from '../follow.js';
import { type CommonOptions, readCommonOptions, refuseVirtualClock } from '../options.js';

/** Build the lab and carry out orders until the input ends or one is `stop`. */
export async function drive(
  scenario: string,
  flags: CommonOptions,
  context: CommandContext,
): Promise<void> {
  const common = readCommonOptions(flags);
  refuseVirtualClock('drive', common.sandbox);
  const line = {
    input: process.stdin,
    say: (message: object) => context.screen.out(`${JSON.stringify(withTexts(message))}\n`),
  };
  try {
    const run = await followed(
      context,
      (listeners) => driveLab(scenario, { ...common, ...listeners }, line),
      { quiet: true },
    );
    context.exit(exitCodeOfRun(run.result));
  } finally {
    process.stdin.pause();
  }
}
