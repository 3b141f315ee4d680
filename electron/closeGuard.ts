import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import { message } from '#core/words/message.ts';
import type { LabHostProcess } from './labHostProcess.ts';
import { inSystemWords } from './shellLanguage.ts';

/** How long a healthy host takes at most to report what it trains. */
const ANSWER_MS = 3_000;

/** The state of closing: not requested, asking the user, the host saves, the window closes. */
type Closing = 'no' | 'asking' | 'saving' | 'sure';

type Host = Pick<LabHostProcess, 'runningRuns' | 'close' | 'kill'>;

/**
 * Before the window closes: asks when something is training, lets the host save, then closes the window. Another close
 * request meanwhile asks nothing twice. A host that does not answer blocks nobody: the user may close without it.
 */
export function guardClosing(window: BrowserWindow, host: Host): void {
  let closing: Closing = 'no';
  window.on('close', (event) => {
    if (closing === 'sure') return;
    event.preventDefault();
    if (closing !== 'no') return;
    closing = 'asking';
    void decide(window, host).then(async (answer) => {
      if (answer === 'stay') closing = 'no';
      else {
        closing = 'saving';
        if (answer === 'save') await host.close();
        else host.kill();
        closing = 'sure';
        window.close();
      }
    });
  });
}

async function decide(window: BrowserWindow, host: Host): Promise<'stay' | 'save' | 'leave'> {
  const runs = await Promise.race([host.runningRuns().catch(() => []), noAnswer()]);
  if (runs === null) return (await askedYes(window, unanswered())) ? 'leave' : 'stay';
  if (runs.length === 0) return 'save';
  return (await askedYes(window, trainingQuestion(runs))) ? 'save' : 'stay';
}

function noAnswer(): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ANSWER_MS).unref());
}

/** The first button means yes. */
async function askedYes(window: BrowserWindow, question: MessageBoxOptions): Promise<boolean> {
  const { response } = await dialog.showMessageBox(window, question);
  return response === 0;
}

function unanswered(): MessageBoxOptions {
  return {
    type: 'warning',
    message: inSystemWords(message('shell.hostSilent')),
    detail: inSystemWords(message('shell.hostSilentDetail')),
    buttons: [message('shell.closeAnyway'), message('shell.wait')].map(inSystemWords),
    defaultId: 1,
    cancelId: 1,
  };
}

function trainingQuestion(runs: readonly string[]): MessageBoxOptions {
  return {
    type: 'question',
    message: inSystemWords(message('shell.stillTraining', { runs })),
    detail: inSystemWords(message('shell.stillTrainingDetail')),
    buttons: [message('shell.pauseAndQuit'), message('shell.keepTraining')].map(inSystemWords),
    defaultId: 0,
    cancelId: 1,
  };
}
