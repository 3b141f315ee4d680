import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';
import type { LabHostProcess } from './labHostProcess.ts';

/** How long a host that is well takes at most to say what it trains. */
const ANSWER_MS = 3_000;

/** Where closing is: nobody asked, the user is being asked, the host saves, the window goes. */
type Closing = 'no' | 'asking' | 'saving' | 'sure';

type Host = Pick<LabHostProcess, 'runningRuns' | 'close' | 'kill'>;

/**
 * Before the window closes: asks when something is training, lets the host save, and only then lets go. Closing again while that goes on
 * asks nothing twice. A host that does not answer keeps nobody: the user may close without it.
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
  if (runs === null) return (await askedYes(window, UNANSWERED)) ? 'leave' : 'stay';
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

const UNANSWERED: MessageBoxOptions = {
  type: 'warning',
  message: 'The lab host does not answer.',
  detail:
    'Closing now ends it as it is. A run that trains goes on from its last checkpoint when the lab is opened again; unsaved work in this window is kept.',
  buttons: ['Close anyway', 'Wait'],
  defaultId: 1,
  cancelId: 1,
};

function trainingQuestion(runs: readonly string[]): MessageBoxOptions {
  return {
    type: 'question',
    message: `${runs.join(', ')} is still training.`,
    detail:
      'Pausing saves a checkpoint: the run goes on from the same step, to the same bits, when the lab is opened again.',
    buttons: ['Pause and quit', 'Keep training'],
    defaultId: 0,
    cancelId: 1,
  };
}
