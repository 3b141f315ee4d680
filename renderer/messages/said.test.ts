import { afterEach, describe, expect, it } from 'vitest';
import { asIs, message } from '#core/words/message.ts';
import { i18n } from './i18n.ts';
import { say, saidInWords, type Said } from './said.ts';

const saved = say('shell.files.saved', { name: 'birds' });

/** In both languages. */
function both(said: Said): readonly [string, string] {
  i18n.global.locale.value = 'en';
  const english = saidInWords(said);
  i18n.global.locale.value = 'zh-CN';
  return [english, saidInWords(said)];
}

describe('saidInWords', () => {
  afterEach(() => {
    i18n.global.locale.value = 'en';
  });

  it('words a text of the screen and a message of the core in the language of the screen', () => {
    const [english, chinese] = both(saved);
    expect(english).toContain('birds');
    expect(english).toMatch(/^[ -~]+$/);
    expect(chinese).toContain('birds');
    expect(chinese).toMatch(/[\u4e00-\u9fff]/);
    expect(both(message('work.scanning'))[0]).not.toBe(both(message('work.scanning'))[1]);
    expect(both(asIs('ENOSPC'))).toEqual(['ENOSPC', 'ENOSPC']);
  });

  it('words messages among the values of a text', () => {
    const [english, chinese] = both(say('policies.used', { policy: message('work.scanning') }));
    expect(english).toContain(both(message('work.scanning'))[0]);
    expect(chinese).toContain(both(message('work.scanning'))[1]);
  });

  it('joins sentences as the language does', () => {
    const first = asIs('One.');
    expect(both([first, asIs('Two.'), asIs('Three.')])).toEqual(['One. Two. Three.', 'One.Two.Three.']);
    expect(both([first])).toEqual(['One.', 'One.']);
    expect(both([])).toEqual(['', '']);
  });

  it('survives a way through JSON', () => {
    expect(both(JSON.parse(JSON.stringify([saved, message('work.scanning')])) as Said)).toEqual(
      both([saved, message('work.scanning')]),
    );
  });
});
