import { z } from 'zod';
import { AppError } from '#core/diagnostics/appError.ts';
import { asIs } from '#core/words/message.ts';
import { serveCalls } from '../calls.ts';

/** For tests: a worker that serves a few calls. */
export function echoHandlers({ word }: { word: string }, tell: (event: unknown) => void) {
  return {
    echo: ({ text }: { text: string }) => `${word} ${text}`,
    tell: ({ text }: { text: string }) => tell(text),
    block: ({ ms }: { ms: number }) => {
      const end = performance.now() + ms;
      while (performance.now() < end);
    },
    refuse: (): never => {
      throw new AppError('run-not-found', asIs('There is no such run.'), { where: 'there' });
    },
    die: (): never => process.exit(3),
    wait: () => new Promise<void>(() => undefined),
  };
}

void serveCalls(z.object({ word: z.string() }), echoHandlers);
