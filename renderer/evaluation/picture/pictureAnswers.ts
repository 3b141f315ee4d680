import { shallowReactive, shallowRef } from 'vue';
import type { LabResult } from '#core/contract/labApi.ts';
import type { TriedStatistics } from '#core/contract/pictureCalls.ts';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import type { Lab } from '../../client/useLab.ts';
import type { NetworkInfo } from './pictureSession.ts';
import type { PictureTasks } from './pictureTasks.ts';
import type { PictureAnswer } from './topClasses.ts';

type Answers = LabResult<'picture.classify'>;

/** What is known under some statistics; nothing before it was asked for, and while it is computed. */
type AnswerView =
  ({ readonly kind: 'done' } & Answers) | { readonly kind: 'failed'; readonly error: AppErrorData };

/** The picture that is shown, and the network that it is shown to. */
export interface AskedPicture {
  readonly sessionId: string;
  /** Null while no picture is shown. */
  pictureId(): string | null;
  /** Runs a call, once more where the lab no longer keeps the picture or the network. */
  keep<T>(act: () => Promise<T>): Promise<T>;
}

/** The answers of the network to the picture that is shown, under each kind of statistics. */
export function createPictureAnswers(
  lab: Lab,
  tasks: PictureTasks,
  asked: AskedPicture,
  info: () => NetworkInfo | null,
) {
  const { answers, set, firstOf, clear } = createViews();
  const settings = shallowReactive({
    companions: 50,
    batches: 20,
    /** Whether the other statistics are compared for each picture. */
    isComparing: true,
  });
  /** The network whose exact statistics were measured: asking for them again costs nothing. */
  let measured: NetworkInfo | null = null;

  /** Returns false where it failed, was cancelled, or another picture is shown by then. */
  async function ask(statistics: TriedStatistics): Promise<boolean> {
    const pictureId = asked.pictureId();
    if (pictureId === null) return false;
    set(statistics, null);
    const { companions, batches } = settings;
    const { sessionId } = asked;
    try {
      const found = await asked.keep(() =>
        tasks.during(statistics, (taskId) =>
          lab.call('picture.classify', { sessionId, taskId, pictureId, statistics, companions, batches }),
        ),
      );
      if (statistics === 'exact') measured = info();
      if (asked.pictureId() !== pictureId) return false;
      set(statistics, { kind: 'done', ...found });
      return true;
    } catch (thrown) {
      const error = toErrorData(thrown);
      const isWanted = asked.pictureId() === pictureId && error.code !== 'interrupted';
      if (isWanted) set(statistics, { kind: 'failed', error });
      return false;
    }
  }

  /** One after the other, the cheapest first; a newer picture ends it. */
  async function classify(): Promise<void> {
    const pictureId = asked.pictureId();
    if (!(await ask('stored')) || !settings.isComparing) return;
    const order = (['moving', 'exact', 'kind', 'random'] as const).filter(
      (each) => info()?.statistics.includes(each) === true && (each !== 'exact' || measured === info()),
    );
    for (const statistics of order) {
      if (asked.pictureId() !== pictureId) return;
      await ask(statistics);
    }
  }

  return {
    answers,
    settings,
    ask,
    classify,
    clear,
    firstOf,
  };
}

/** What is known of each kind of statistics. */
function createViews() {
  const answers = shallowRef<ReadonlyMap<TriedStatistics, AnswerView>>(new Map());
  return {
    answers,
    set: (statistics: TriedStatistics, view: AnswerView | null): void => {
      const next = new Map(answers.value);
      if (view === null) next.delete(statistics);
      else next.set(statistics, view);
      answers.value = next;
    },
    clear: (): void => {
      answers.value = new Map();
    },
    /** The only answer under statistics that do not depend on a batch; null while unknown. */
    firstOf: (statistics: TriedStatistics): PictureAnswer | null => {
      const view = answers.value.get(statistics);
      return view?.kind === 'done' ? (view.answers[0] ?? null) : null;
    },
  };
}
