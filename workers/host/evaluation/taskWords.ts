import { message } from '#core/words/message.ts';

/** What is said of a report or of tables whose writing was cancelled, or is under way. */
export const WRITING = {
  stopped: message('files.writingStopped'),
  underWay: message('evaluating.writingUnderWay'),
};

/** The same of the figures and the files of a comparison. */
export const COMPARING = { stopped: message('pairs.stopped'), underWay: message('pairs.underWay') };

/** The same of a search for doubtful labels, copies and forgotten images. */
export const SEARCHING = { stopped: message('doubts.stopped'), underWay: message('doubts.underWay') };
