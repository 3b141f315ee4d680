import { describe, expect, it } from 'vitest';
import { inEnglish, inLanguage } from './catalogues.ts';
import { asIs, message, sentences, type Message } from './message.ts';
import { wordMessage } from './wordMessage.ts';

describe('inEnglish', () => {
  it('puts values in their places, messages and lists too', () => {
    const epochs = message('training.epochs', { count: 2 });
    expect(inEnglish(message('training.checkpointKept', { step: 1e-7, epochs }))).toBe(
      'The checkpoint of step 1e-7 (after 2 epochs) is kept.',
    );
    expect(inEnglish(message('plain.listOfMore', { items: ['a', 'b'], more: 3 }))).toBe('a, b and 3 more');
    expect(inEnglish(sentences(asIs('One.'), asIs('Two.')))).toBe('One. Two.');
  });

  it('chooses the form by the count', () => {
    expect([0, 1, 2].map((count) => inEnglish(message('training.epochs', { count })))).toEqual([
      '0 epochs',
      '1 epoch',
      '2 epochs',
    ]);
  });

  it('never reads a value as a text with places, nor what objects inherit', () => {
    expect(inEnglish(asIs('{text} $& a | b'))).toBe('{text} $& a | b');
    const odd: Message = { key: 'plain.asIs', values: {} };
    expect(inEnglish(odd)).toBe('{text}');
    const texts = { plain: { asIs: '{toString} {__proto__}' } };
    expect(wordMessage(odd, { texts, terms: {} })).toBe('{toString} {__proto__}');
  });

  it('shows a number that is not finite', () => {
    expect(inEnglish(message('training.epochs', { count: Number.NaN }))).toBe('NaN epochs');
  });
});

describe('inLanguage', () => {
  it('has lists and names of the language', () => {
    const items = ['a', { terms: ['none'], english: 'b' }];
    expect(inLanguage(message('plain.listOfMore', { items, more: 3 }), 'zh-CN')).toBe('a、b 等（另有 3 个）');
  });
});
