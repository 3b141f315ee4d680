import { shallowRef, type Ref } from 'vue';
import type { Lab } from '../../client/useLab.ts';
import { workAfter, type Work } from '../../runs/work.ts';

/** A piece of work of the lab that this page waits for. */
interface PictureTask {
  readonly taskId: string;
  readonly work: Work;
}

/** Work with single pictures, by a name of the page's own: its progress, and its cancellation. */
export interface PictureTasks {
  readonly works: Readonly<Ref<ReadonlyMap<string, PictureTask>>>;
  /** Runs `act`; a task of the same name is cancelled first. */
  during<T>(name: string, act: (taskId: string) => Promise<T>): Promise<T>;
  /** Cancels a task; `act` then rejects with 'interrupted'. Without one nothing happens. */
  cancel(name: string): void;
  cancelAll(): void;
}

export function createPictureTasks(lab: Lab): PictureTasks {
  const works = shallowRef<ReadonlyMap<string, PictureTask>>(new Map());

  function set(name: string, task: PictureTask | null): void {
    const next = new Map(works.value);
    if (task === null) next.delete(name);
    else next.set(name, task);
    works.value = next;
  }

  lab.on('pictureProgress', ({ taskId, progress }) => {
    for (const [name, task] of works.value)
      if (task.taskId === taskId) set(name, { taskId, work: workAfter(task.work, progress, Date.now()) });
  });

  function cancel(name: string): void {
    const task = works.value.get(name);
    if (task === undefined) return;
    set(name, null);
    // One that has just ended needs no cancelling.
    lab.call('picture.cancel', { taskId: task.taskId }).catch(() => undefined);
  }

  return {
    works,
    cancel,
    cancelAll: () => [...works.value.keys()].forEach(cancel),
    during: async (name, act) => {
      cancel(name);
      const taskId = crypto.randomUUID();
      set(name, { taskId, work: workAfter(undefined, null, Date.now()) });
      try {
        return await act(taskId);
      } finally {
        if (works.value.get(name)?.taskId === taskId) set(name, null);
      }
    },
  };
}
