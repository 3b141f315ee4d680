import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { REMOTE_FILES, type RemoteFacts } from '#core/contract/remoteRun.ts';
import { AppError } from '#core/diagnostics/appError.ts';
import { inEnglish } from '#core/words/catalogues.ts';
import { message } from '#core/words/message.ts';
import { awayBecause, FollowedRun } from '#workers/runs/remote/followedRun.ts';
import { MetricsTail } from '#workers/runs/remote/metricsTail.ts';
import { readFacts } from '#workers/runs/remote/remoteFacts.ts';
import { findRemote } from '#workers/runs/remote/remoteFiles.ts';
import { endProgressLine, log, progressLine } from '../output/output.ts';
import { epochText, stepText } from '../running/progress.ts';

const LOOK_EVERY_MS = 1000;

/** `normlab follow FOLDER`: the progress of a training elsewhere, until it ends. */
export function followCommand(): Command {
  return new Command('follow')
    .description('print the progress of a training elsewhere, from the folder that it writes, until it ends')
    .argument('<folder>', 'the folder that the project’s train.py writes, or the one above its “output”')
    .action(async (given: string) => {
      const folder = await findRemote(resolve(given));
      const { facts } = await readFacts(folder);
      const { name, worldSize, device, backend, precision } = facts;
      log(`${name}: ${facts.steps} steps, ${precision}, ${worldSize} × ${device}, ${backend}`);
      try {
        await followToEnd(folder, facts);
      } finally {
        endProgressLine();
      }
    });
}

async function followToEnd(folder: string, facts: RemoteFacts): Promise<void> {
  const run = new FollowedRun(folder);
  const tail = new MetricsTail(join(folder, REMOTE_FILES.metrics));
  let told = '';
  for (;;) {
    const { state } = await run.look('remote', facts.id, Date.now());
    await printNews(tail, facts).catch((error: unknown) => {
      if (state.phase !== 'away') throw new AppError('io', awayBecause(error), { where: folder });
    });
    const { phase, remote, error } = state;
    if (phase === 'finished' || phase === 'stopped') return log(phase);
    if (phase === 'failed')
      throw new AppError('worker-died', error?.message ?? message('remote.failedSilently'), {
        where: folder,
      });
    const words = warningOf(phase === 'away' ? remote?.away : null, phase === 'silent');
    if (words !== told && words !== '') {
      endProgressLine();
      log(words);
    }
    told = words;
    await sleep(LOOK_EVERY_MS);
  }
}

function warningOf(away: Parameters<typeof inEnglish>[0] | null | undefined, isSilent: boolean): string {
  if (away !== null && away !== undefined) return inEnglish(away);
  return isSilent ? 'no sign of life: nothing has changed for a while' : '';
}

async function printNews(tail: MetricsTail, facts: RemoteFacts): Promise<void> {
  for (let isEnd = false; !isEnd;) {
    const page = await tail.next();
    isEnd = page.isEnd;
    for (const event of page.events) {
      if (event.kind !== 'epoch') continue;
      endProgressLine();
      log(epochText(event, facts));
    }
    if (isEnd && page.events.length > 0 && tail.lastStep !== null)
      progressLine(stepText(tail.lastStep, facts));
  }
}
