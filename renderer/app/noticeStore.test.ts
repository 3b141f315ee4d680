import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it } from 'vitest';
import { computed } from 'vue';
import { AppError } from '#core/diagnostics/appError.ts';
import { must } from '#core/diagnostics/invariantError.ts';
import { message } from '#core/words/message.ts';
import { i18n } from '../messages/i18n.ts';
import { say, saidInWords } from '../messages/said.ts';
import { lifeOfNotice, useNoticeStore } from './noticeStore.ts';

describe('useNoticeStore', () => {
  beforeEach(() => {
    setActivePinia(createPinia());
    i18n.global.locale.value = 'en';
  });

  it('keeps what it says apart from the language: an open notice changes with it', () => {
    const store = useNoticeStore();
    store.show({ kind: 'ok', text: say('shell.files.saved', { name: 'birds' }) });
    store.showError(new AppError('disk-full', message('work.scanning')));
    const drawn = computed(() => store.notices.map(({ text }) => saidInWords(text)));
    const english = drawn.value;
    i18n.global.locale.value = 'zh-CN';
    const chinese = drawn.value;
    i18n.global.locale.value = 'en';
    expect(drawn.value).toEqual(english);
    chinese.forEach((words, index) => {
      expect(words).toMatch(/[\u4e00-\u9fff]/);
      expect(words).not.toBe(english[index]);
    });
  });

  it('shows the same text once, as the newest; other values are another text', () => {
    const store = useNoticeStore();
    const saved = (name: string) => store.show({ kind: 'ok', text: say('shell.files.saved', { name }) });
    saved('birds');
    saved('cats');
    saved('birds');
    expect(store.notices.map(({ text }) => saidInWords(text))).toEqual(
      ['cats', 'birds'].map((name) => saidInWords(say('shell.files.saved', { name }))),
    );
    store.close(must(store.notices[0], 'a notice').id);
    expect(store.notices).toHaveLength(1);
  });

  it('keeps an error until it is closed, with its place and details, and other notices for a short time', () => {
    const store = useNoticeStore();
    store.showError(
      new AppError('disk-full', message('work.scanning'), { where: '/runs', cause: new Error('ENOSPC') }),
    );
    store.show({ kind: 'hint', text: say('shell.files.saved', { name: 'birds' }) });
    const [error, hint] = store.notices;
    expect(error).toMatchObject({ kind: 'error', where: '/runs', detail: { values: { text: 'ENOSPC' } } });
    expect(lifeOfNotice(must(error, 'the error'))).toBe(Infinity);
    expect(lifeOfNotice(must(hint, 'the hint'))).toBeLessThan(10_000);
  });
});
