import { describe, expect, it } from 'vitest';
import { must } from '#core/diagnostics/invariantError.ts';
import { readSession, writeSession, type Session } from './session.ts';

function fakeStore(limit = Infinity) {
  const texts = new Map<string, string>();
  return {
    getItem: (key: string) => texts.get(key) ?? null,
    setItem: (key: string, text: string) => {
      if (text.length > limit) throw new DOMException('full', 'QuotaExceededError');
      texts.set(key, text);
    },
  };
}

const SESSION: Session = {
  keptAtMs: 5,
  windowId: 'w',
  tabs: [
    {
      project: '{}',
      file: { path: '/a/b.normlab.json', name: 'b.normlab.json' },
      isUnsaved: true,
      history: 'steps',
    },
  ],
  active: 0,
};

describe('the kept session', () => {
  it('comes back as it was kept', () => {
    const store = fakeStore();
    writeSession(store, SESSION);
    expect(readSession(store)).toEqual(SESSION);
  });

  it('is null where nothing or nonsense is kept', () => {
    const store = fakeStore();
    expect(readSession(store)).toBeNull();
    store.setItem('normlab.session', '{"tabs": 3');
    expect(readSession(store)).toBeNull();
    store.setItem('normlab.session', '{"tabs": [{"project": 1}]}');
    expect(readSession(store)).toBeNull();
  });

  it('of an earlier lab, without undo steps, is read', () => {
    const store = fakeStore();
    store.setItem('normlab.session', '{"tabs": [{"project": "{}", "file": null, "isUnsaved": false}]}');
    expect(readSession(store)?.tabs).toEqual([{ project: '{}', file: null, isUnsaved: false, history: '' }]);
  });

  it('does without undo steps where only they do not fit', () => {
    const store = fakeStore(300);
    const [tab] = SESSION.tabs;
    writeSession(store, { ...SESSION, tabs: [{ ...must(tab, 'tab'), history: 'x'.repeat(500) }] });
    expect(readSession(store)?.tabs).toEqual([{ ...tab, history: '' }]);
  });

  it('stays the last one that fitted when the store is full', () => {
    const store = fakeStore(200);
    writeSession(store, SESSION);
    writeSession(store, {
      ...SESSION,
      active: -1,
      tabs: Array.from({ length: 20 }, () => SESSION.tabs[0] as never),
    });
    expect(readSession(store)).toEqual(SESSION);
  });
});
