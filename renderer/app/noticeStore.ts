import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { toErrorData } from '#core/diagnostics/appError.ts';
import type { Message } from '#core/words/message.ts';
import type { Said } from '../messages/said.ts';

interface Notice {
  readonly id: number;
  readonly kind: 'error' | 'warning' | 'hint' | 'ok';
  /** Put into words where it is drawn: a notice may be open while the language changes. */
  readonly text: Said;
  /** A path or a name. */
  readonly where?: string | undefined;
  readonly detail?: string | Message | undefined;
}

const SHORT_LIFE_MS = 4000;

/** How long the screen shows a notice, in milliseconds; an error stays until it is closed. */
export function lifeOfNotice(notice: Notice): number {
  return notice.kind === 'error' ? Infinity : SHORT_LIFE_MS;
}

/** Short messages over the canvas, kept until the screen closes them. */
export const useNoticeStore = defineStore('notices', () => {
  const notices = shallowRef<readonly Notice[]>([]);
  let nextId = 1;

  /** A notice with the same text takes the place of the earlier one. */
  function show(notice: Omit<Notice, 'id'>): void {
    const id = nextId;
    nextId += 1;
    notices.value = [...notices.value.filter((other) => !isSame(other.text, notice.text)), { ...notice, id }];
  }

  function close(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id);
  }

  /** Shows any thrown value as an error with its place and its collapsed details. */
  function showError(thrown: unknown): void {
    const { message, where, detail } = toErrorData(thrown);
    show({ kind: 'error', text: message, where, detail });
  }

  return { notices, show, close, showError };
});

function isSame(one: Said, other: Said): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
