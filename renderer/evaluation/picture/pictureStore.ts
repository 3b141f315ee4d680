import { defineStore } from 'pinia';
import { computed, shallowRef, watch, type Ref } from 'vue';
import { toErrorData, type AppErrorData } from '#core/diagnostics/appError.ts';
import { useLab, type Lab } from '../../client/useLab.ts';
import { useEvaluationStore } from '../state/evaluationStore.ts';
import { createPictureAnswers } from './pictureAnswers.ts';
import { createPictureHistory, type ShownPicture, type TriedPicture } from './pictureHistory.ts';
import { createPictureSession, type NetworkChoice, type PictureSession } from './pictureSession.ts';
import { sourceKey, type PictureSource } from './pictureSource.ts';
import { createPictureTasks } from './pictureTasks.ts';
import { decidedClass, type PictureAnswer } from './topClasses.ts';

/** The picture that is tried, and what the network answers to it. */
export const usePictureStore = defineStore('picture', () => {
  const lab = useLab();
  const tasks = createPictureTasks(lab);
  const session = createPictureSession(lab);
  const info = computed(() => (session.view.value.kind === 'ready' ? session.view.value.info : null));
  const choice = useNetworkChoice();
  const open = async () => (choice.value === null ? null : session.open(choice.value));
  const history = createPictureHistory();
  /** The class that the user chose to explain; null: the decided one. */
  const chosenClass = shallowRef<number | null>(null);
  const { shown, error, isLoading, network, show } = createShowing(lab, session, open, {
    begin: tasks.cancelAll,
    shown: async (picture) => {
      chosenClass.value = null;
      history.add(picture);
      answers.clear();
      await answers.classify();
    },
  });
  const answers = createPictureAnswers(lab, tasks, network, () => info.value);

  const isShown = shallowRef(false);
  useFollowing(lab, session, { choice, isShown }, async (next) => {
    if (shown.value === null) await session.open(next);
    else await show(shown.value.source);
  });
  useSentPictures(isShown, show);

  const stored = computed(() => answers.firstOf('stored'));
  const decided = computed(() => (stored.value === null ? null : decidedClass(stored.value)));
  return {
    ...{ info, shown, error, isLoading, isShown, chosenClass, stored, decided, tasks, network, show },
    session: session.view,
    /** Classifies a picture of a camera; the picture that is shown stays. Rejects as the lab does. */
    glance: (source: PictureSource) => glanceAt(lab, session, source, open),
    history: history.entries,
    isCurrent: (entry: TriedPicture): boolean =>
      shown.value !== null && sourceKey(shown.value.source) === sourceKey(entry.source),
    /** The class whose probability is compared and whose evidence is shown. */
    explained: computed(() => chosenClass.value ?? decided.value),
    answers: answers.answers,
    settings: answers.settings,
    /** Classifies the picture under one kind of statistics. */
    ask: answers.ask,
    /** Classifies it under all of them. */
    classify: answers.classify,
    works: tasks.works,
    cancel: tasks.cancel,
  };
});

/** The picture that is shown: `on.begin` before another one is read, `on.shown` once it is there. */
function createShowing(
  lab: Lab,
  session: PictureSession,
  open: () => Promise<unknown>,
  on: { begin(): void; shown(picture: ShownPicture): Promise<void> },
) {
  const { sessionId } = session;
  const shown = shallowRef<ShownPicture | null>(null);
  const error = shallowRef<AppErrorData | null>(null);
  const isLoading = shallowRef(false);
  const send = (picture: PictureSource) => lab.call('picture.show', { sessionId, picture });
  const resend = async () => (shown.value === null ? null : send(shown.value.source));
  let turn = 0;

  /** Shows a picture and classifies it. A newer picture takes its place at any time. */
  async function show(source: PictureSource): Promise<void> {
    turn += 1;
    const mine = turn;
    on.begin();
    [error.value, isLoading.value] = [null, true];
    try {
      if ((await open()) === null) return;
      const found = await session.keep(() => send(source), open);
      if (mine !== turn) return;
      [shown.value, isLoading.value] = [{ ...found, source }, false];
      await on.shown(shown.value);
    } catch (thrown) {
      if (mine === turn) error.value = toErrorData(thrown);
    } finally {
      if (mine === turn) isLoading.value = false;
    }
  }

  const network = {
    sessionId,
    pictureId: (): string | null => shown.value?.pictureId ?? null,
    keep: <T>(act: () => Promise<T>): Promise<T> => session.keep(act, resend),
  };
  return { shown, error, isLoading, network, show };
}

/** The network that is chosen in the panel; null without a run. */
function useNetworkChoice() {
  const evaluation = useEvaluationStore();
  return computed<NetworkChoice | null>(() => {
    const { run, choices } = evaluation;
    if (run === undefined) return null;
    const { checkpoint, weights } = choices;
    return { runId: run.runId, checkpoint, ...(weights === null ? {} : { weights }) };
  });
}

/** While the view is shown, `follow` opens another network as soon as it is chosen, also after a lost connection. */
function useFollowing(
  lab: Lab,
  session: PictureSession,
  {
    choice,
    isShown,
  }: { readonly choice: Readonly<Ref<NetworkChoice | null>>; readonly isShown: Ref<boolean> },
  follow: (next: NetworkChoice) => Promise<void>,
): void {
  const isOpen = computed(() => lab.connection.value.kind === 'open');
  watch(isOpen, (now) => now || session.forget());
  watch([() => JSON.stringify(choice.value), isShown, isOpen], () => {
    const next = choice.value;
    if (isShown.value && isOpen.value && next !== null && !session.isOf(next)) void follow(next);
  });
}

/** Shows the pictures that other views send, on the network of their run. */
function useSentPictures(
  isShown: { readonly value: boolean },
  show: (source: PictureSource) => Promise<void>,
): void {
  const evaluation = useEvaluationStore();
  watch(
    () => (isShown.value ? evaluation.sent : null),
    (sent) => {
      if (sent === null) return;
      evaluation.sent = null;
      if (sent.key.runId !== evaluation.run?.runId) evaluation.chooseRun(sent.key.runId);
      void show({ kind: 'evaluated', ...sent });
    },
  );
}

async function glanceAt(
  lab: Lab,
  session: PictureSession,
  picture: PictureSource,
  open: () => Promise<unknown>,
): Promise<PictureAnswer | null> {
  const { sessionId } = session;
  if ((await open()) === null) return null;
  const { pictureId } = await session.keep(() => lab.call('picture.show', { sessionId, picture }), open);
  const taskId = crypto.randomUUID();
  const asked = { sessionId, taskId, pictureId, statistics: 'stored' as const };
  return (await lab.call('picture.classify', asked)).answers[0] ?? null;
}
