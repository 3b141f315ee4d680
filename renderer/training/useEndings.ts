import { onScopeDispose, watch } from 'vue';
import type { RunState } from '#core/contract/run.ts';
import { useLayoutStore } from '../app/layoutStore.ts';
import { useNoticeStore } from '../app/noticeStore.ts';
import { usePreferencesStore } from '../app/preferencesStore.ts';
import { useRunStore } from '../runs/runStore.ts';
import { useTrainViewStore } from './start/trainViewStore.ts';
import { saidInWords } from '../messages/said.ts';
import { endingNotice, endingsOf } from './endings.ts';
import { showSystemNotice } from '../app/systemNotice.ts';

/** Reports every run that ends by itself: on the page once it is visible, and by the system while it is hidden. */
export function useEndings(): void {
  const runs = useRunStore();
  const notices = useNoticeStore();
  const preferences = usePreferencesStore();
  /** Runs that ended while the page was hidden: nobody would have seen a notice of four seconds. */
  let waiting: RunState[] = [];

  function show(run: RunState): void {
    const kind = run.phase === 'finished' ? ('ok' as const) : ('error' as const);
    const { title, more } = endingNotice(run);
    notices.show({ kind, text: [title, ...more], where: run.error?.where });
  }

  function showWaiting(): void {
    if (document.hidden) return;
    waiting.forEach(show);
    waiting = [];
  }

  function open(run: RunState): void {
    if (!runs.isOwn(run)) runs.showsOthers = true;
    runs.pick(run);
    useTrainViewStore().side = 'run';
    useLayoutStore().showDock('train');
  }

  function announce(run: RunState): void {
    const { title, more } = endingNotice(run);
    const words = { title: saidInWords(title), text: saidInWords(more) };
    showSystemNotice({ ...words, tag: run.runId, opened: () => open(run) });
  }

  watch(
    () => runs.all,
    (now, before) => {
      for (const run of endingsOf(before, now)) {
        if (!document.hidden) show(run);
        else waiting.push(run);
        if (document.hidden && preferences.announces) announce(run);
      }
    },
  );
  document.addEventListener('visibilitychange', showWaiting);
  onScopeDispose(() => document.removeEventListener('visibilitychange', showWaiting));
}
