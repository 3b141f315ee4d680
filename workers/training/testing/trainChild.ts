import { z } from 'zod';
import { tinyDocument } from '#core/training/testing/tinyRun.ts';
import { trainRun } from '../trainRun.ts';

/**
 * For tests: a process that trains the tiny network, to be killed. Prints a line at its start, at each checkpoint, and
 * at its end.
 */
const request = z
  .object({
    train: z.string(),
    validation: z.string().nullable().default(null),
    out: z.string(),
    cacheFolder: z.string(),
    epochs: z.number(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const { epochs, ...folders } = request;

const result = await trainRun({
  ...folders,
  document: tinyDocument({ epochs, learningRate: 0.01 }),
  resume: true,
  checkpointEveryMs: 0,
  onEvent: (event) => {
    if (event.type === 'plan') say(`from ${event.fromStep}`);
    if (event.type === 'checkpoint') say(`saved ${event.step}`);
  },
});
say(`done ${result.steps}`);

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
