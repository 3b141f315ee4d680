import { describe, expect, it } from 'vitest';
import { parseDocument } from '../document/parse.ts';
import type { GraphDocument } from '../document/schema.ts';
import { serializeDocument } from '../document/serialize.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import type { Command } from './command.ts';
import { beginGesture, commitGesture, edit, openHistory, redo, undo, type EditState } from './history.ts';
import { KEPT_CHARACTERS, KEPT_STEPS, keepHistory, resumeHistory } from './keptHistory.ts';
import { inEnglish } from '../words/catalogues.ts';

const cnn = instantiateTemplate('mnist-cnn-bn', { id: 'cnn' });
const rename = (name: string): Command => ({ type: 'rename', name });

function run(state: EditState, ...commands: Command[]): EditState {
  return commands.reduce((current, command) => edit(current, command).state, state);
}

/** The document as a later start of the program reads it. */
function reread(document: GraphDocument): GraphDocument {
  const parsed = parseDocument(serializeDocument(document));
  if (!parsed.ok) throw new Error(inEnglish(parsed.error.message));
  return parsed.document;
}

const resumed = (state: EditState): EditState => resumeHistory(reread(state.document), keepHistory(state));

describe('a kept history', () => {
  it('leads back and forth again from the document as it is read back', () => {
    const state = resumed(undo(run(openHistory(cnn), rename('one'), rename('two'), rename('three'))));
    expect(state.document.name).toBe('two');
    expect(redo(state).document.name).toBe('three');
    expect(undo(state).document.name).toBe('one');
    expect(undo(undo(state)).document).toEqual(cnn);
    expect(state.done.map(({ label }) => label)).toEqual(['rename', 'rename']);
  });

  it('has the gesture that was open as its last step', () => {
    const open = run(beginGesture(openHistory(cnn), 'typing'), rename('a'), rename('ab'));
    const state = resumed(open);
    expect(state.done.map(({ label }) => label)).toEqual(['typing']);
    expect(undo(state).document).toEqual(cnn);
  });

  it.each([
    ['was changed elsewhere at a place of the last step', { ...cnn, name: 'another' }],
    ['was taken back elsewhere', cnn],
  ])('is dropped when the document %s', (_what, document) => {
    const text = keepHistory(run(openHistory(cnn), rename('one'), rename('two')));
    expect(resumeHistory(document, text)).toEqual(openHistory(document));
  });

  it('is dropped when only an older step does not lead to the document', () => {
    const filters = (value: number): Command =>
      ({ type: 'setParam', node: 'conv1', param: 'filters', value }) as Command;
    const state = run(openHistory(cnn), filters(8), rename('one'));
    const elsewhere = run(state, filters(9)).document;
    expect(resumeHistory(elsewhere, keepHistory(state)).done).toEqual([]);
  });

  it.each([
    ['no JSON', '{"version":1,"done":['],
    ['of another format version', '{"version":99,"done":[],"undone":[]}'],
    ['without its fields', '{"version":1}'],
    ['with a path that is none', '{"version":1,"done":[{"label":"x","patch":[{"path":3}]}],"undone":[]}'],
    [
      'leading to what is no document',
      '{"version":1,"done":[{"label":"x","patch":[{"path":["name"],"before":7,"after":"NAME"}]}],"undone":[]}',
    ],
    [
      'reaching through a prototype',
      '{"version":1,"done":[{"label":"x","patch":[{"path":["__proto__","toString"],"after":{}}]}],"undone":[]}',
    ],
  ])('is dropped when its text is %s', (_what, text) => {
    const state = resumeHistory(cnn, text.replace('NAME', cnn.name));
    expect(state).toEqual(openHistory(cnn));
  });

  it(`keeps the ${KEPT_STEPS} nearest steps each way`, () => {
    const names = Array.from({ length: KEPT_STEPS + 50 }, (_, index) => rename(`n${index}`));
    const state = resumed(run(openHistory(cnn), ...names));
    expect(state.done).toHaveLength(KEPT_STEPS);
    expect(state.done.reduce((current) => undo(current), state).document.name).toBe('n49');
  });

  it('stays within its characters, the nearest steps first', () => {
    const step = (state: EditState, index: number): EditState =>
      commitGesture(run(beginGesture(state, 'x'.repeat(10_000)), rename(`n${index}`)));
    const many = Array.from({ length: 60 }, (_, index) => index).reduce(step, openHistory(cnn));
    const state = run(many, rename('last'));
    const kept = keepHistory(state);
    expect(kept.length).toBeLessThan(KEPT_CHARACTERS + 1000);
    const { done } = resumed(state);
    expect(done.length).toBeGreaterThan(30);
    expect(done.length).toBeLessThan(61);
    expect(done.at(-1)?.label).toBe('rename');
  });
});
