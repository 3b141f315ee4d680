import { describe, expect, it } from 'vitest';
import { DIAGNOSTIC_CODES } from '#core/diagnostics/codes.ts';
import { FAMILIES } from '#core/nodes/definition.ts';
import type { Field } from '#core/augment/definition.ts';
import { TRANSFORM_NAMES, transformOf } from '#core/augment/registry.ts';
import { filesOfFolder } from '#core/export/bundle/bundleFiles.ts';
import { EXPORT_FORMATS, isFolderFormat } from '#core/export/formats.ts';
import { LOSS_KINDS, LOSS_NUMBERS } from '#core/losses/registry.ts';
import { COEFFICIENTS, OPTIMIZER_KINDS } from '#core/optimizers/registry.ts';
import { SCHEDULE_KINDS, SCHEDULE_NUMBERS } from '#core/optimizers/schedules/registry.ts';
import { messages } from './index.ts';

/**
 * Every text with its path, without those that only a translation has (the English texts of transforms are in core).
 */
function textsOf(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as Record<string, unknown>).flatMap(([key, inner]) =>
    textsOf(inner, path ? `${path}.${key}` : key),
  );
}
const ONLY_TRANSLATED = /^augment\.(transforms|fields|options)\./;
const english = new Map(textsOf(messages.en, ''));
const chinese = new Map(textsOf(messages['zh-CN'], ''));

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '').sort();
}

describe('Chinese texts', () => {
  it('have the keys of the English ones', () => {
    const keys = [...chinese.keys()].filter((key) => !ONLY_TRANSLATED.test(key));
    expect(keys.sort()).toEqual([...english.keys()].sort());
  });

  it('have the same placeholders', () => {
    for (const [key, text] of english)
      expect(placeholders(chinese.get(key) ?? ''), key).toEqual(placeholders(text));
  });

  it('and the English ones name every optimizer, schedule and loss', () => {
    const kinds = { optimizer: OPTIMIZER_KINDS, schedule: SCHEDULE_KINDS, loss: LOSS_KINDS };
    for (const [field, values] of Object.entries(kinds))
      for (const value of values)
        for (const texts of [english, chinese])
          expect(texts.get(`editor.training.${field}.options.${value}`), value).toBeTruthy();
  });

  it('and the English ones name every number of an optimizer, a schedule or a loss, and say what it does', () => {
    const losses = LOSS_NUMBERS.map(({ name }) => name);
    for (const name of [...COEFFICIENTS.keys(), ...SCHEDULE_NUMBERS.keys(), ...losses])
      for (const part of ['label', 'help'])
        for (const texts of [english, chinese])
          expect(texts.get(`editor.training.${name}.${part}`), `${name}.${part}`).toBeTruthy();
  });

  it('and the English ones name every export format, and say what it is for', () => {
    for (const name of EXPORT_FORMATS)
      for (const part of ['title', 'text', 'readBy'])
        for (const texts of [english, chinese])
          expect(texts.get(`export.formats.${name}.${part}`), `${name}.${part}`).toBeTruthy();
  });

  it('and the English ones say what each file of an export is', () => {
    const roles = EXPORT_FORMATS.flatMap((name) =>
      isFolderFormat(name) ? filesOfFolder(name).map(({ role }) => role) : [name],
    );
    for (const texts of [english, chinese]) {
      const named = [...texts.keys()].filter((key) => key.startsWith('export.files.'));
      expect(named.sort()).toEqual([...new Set(roles)].map((role) => `export.files.${role}`).sort());
    }
  });

  it('cover every transform of augmentation', () => {
    const { transforms, fields, options } = messages['zh-CN'].augment;
    for (const name of TRANSFORM_NAMES) {
      expect(transforms[name]?.title, name).toBeTruthy();
      expect(transforms[name]?.help, name).toBeTruthy();
      for (const [key, field] of Object.entries<Field>(transformOf(name).fields)) {
        expect(transforms[name]?.fields?.[key] ?? fields[key], `${name}.${key}`).toBeTruthy();
        if (field.type === 'choice')
          for (const { value } of field.options) expect(options[value], value).toBeTruthy();
      }
    }
  });
});

describe.each(['en', 'zh-CN'] as const)('%s', (language) => {
  it('names every family and diagnostic', () => {
    const { families, diagnostics } = messages[language].nodes;
    expect(Object.keys(families).sort()).toEqual([...FAMILIES].sort());
    expect(Object.keys(diagnostics).sort()).toEqual([...DIAGNOSTIC_CODES].sort());
  });

  it('has no empty text', () => {
    for (const [key, text] of language === 'en' ? english : chinese) expect(text.trim(), key).not.toBe('');
  });
});
