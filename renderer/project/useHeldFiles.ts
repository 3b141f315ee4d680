import { onScopeDispose, watch } from 'vue';
import { useNoticeStore } from '../app/noticeStore.ts';
import { useProjectStore } from './projectStore.ts';
import { say } from '../messages/said.ts';
import { holdFile, isOpenElsewhere } from './windowId.ts';

/**
 * Tells other windows which files are open here, and warns the user when the active file is also open in another
 * window.
 */
export function useHeldFiles(): void {
  const project = useProjectStore();
  const notices = useNoticeStore();
  const held = new Map<string, () => void>();

  async function take(path: string, name: string): Promise<void> {
    const isElsewhere = await isOpenElsewhere(path);
    if (isElsewhere) notices.show({ kind: 'warning', text: say('shell.files.openElsewhere', { name }) });
  }

  watch(
    () => project.tabs.flatMap(({ file }) => (file === null ? [] : [file])),
    (files) => {
      const wanted = new Map(files.map(({ path, name }) => [path, name]));
      for (const [path, release] of held) {
        if (wanted.has(path)) continue;
        release();
        held.delete(path);
      }
      for (const [path, name] of wanted) {
        if (held.has(path)) continue;
        held.set(path, holdFile(path));
        void take(path, name);
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    for (const release of held.values()) release();
  });
}
