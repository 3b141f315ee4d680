import { describe, expect, it } from 'vitest';
import { toNodeId } from '../diagnostics/ids.ts';
import { nodeOf } from '../graph/lookup.ts';
import { instantiateTemplate } from '../templates/templates.ts';
import type { Command } from './command.ts';
import {
  beginGesture,
  bailGesture,
  canRedo,
  canUndo,
  commitGesture,
  edit,
  HISTORY_LIMIT,
  openHistory,
  redo,
  undo,
  type EditState,
} from './history.ts';

const start = openHistory(instantiateTemplate('mnist-cnn-bn', { id: 'cnn' }));
const conv1 = toNodeId('conv1');

function run(state: EditState, ...commands: Command[]): EditState {
  return commands.reduce((current, command) => edit(current, command).state, state);
}

function filters(value: number): Command {
  return { type: 'setParam', node: conv1, param: 'filters', value };
}

function filtersOf(state: EditState): unknown {
  return nodeOf(state.document.graph, conv1)?.params.filters;
}

describe('history', () => {
  it('has one step for each command, and takes them back in turn', () => {
    const state = run(start, filters(8), { type: 'rename', name: 'Eight' });
    expect(state.done.map((entry) => entry.label)).toEqual(['setParam', 'rename']);
    expect(undo(state).document.name).toBe(start.document.name);
    expect(filtersOf(undo(state))).toBe(8);
    expect(undo(undo(state)).document).toEqual(start.document);
    expect(redo(redo(undo(undo(state)))).document).toEqual(state.document);
  });

  it('at the bottom and at the top does nothing', () => {
    expect(undo(start)).toBe(start);
    expect(redo(start)).toBe(start);
    expect([canUndo(start), canRedo(start)]).toEqual([false, false]);
  });

  it('makes one step of a gesture, several edits of one parameter joined to one change', () => {
    const dragged = run(beginGesture(start, 'typing'), filters(1), filters(12), filters(128));
    expect(canUndo(dragged)).toBe(true);
    const state = commitGesture(dragged);
    expect(state.done).toEqual([
      {
        label: 'typing',
        patch: [{ path: ['graph', 'nodes', 'conv1', 'params', 'filters'], before: 32, after: 128 }],
      },
    ]);
    expect(filtersOf(undo(state))).toBe(32);
  });

  it('commits an open gesture before undo, redo or the next gesture', () => {
    const open = run(beginGesture(start, 'typing'), filters(5));
    expect(undo(open)).toMatchObject({ gesture: null, done: [], document: start.document });
    expect(beginGesture(open, 'drag').done).toHaveLength(1);
    expect(redo(open)).toMatchObject({ gesture: null, undone: [] });
  });

  it('forgets a gesture that is called off, and one that came back to where it began', () => {
    const open = run(beginGesture(start, 'typing'), filters(5));
    expect(bailGesture(open)).toEqual(start);
    expect(commitGesture(run(open, filters(32)))).toEqual(start);
    expect(canUndo(beginGesture(start, 'typing'))).toBe(false);
  });

  it('loses redo by an edit, and by nothing else', () => {
    const back = undo(run(start, filters(8)));
    expect(canRedo(back)).toBe(true);
    const idle = commitGesture(beginGesture(back, 'select'));
    expect(idle.undone).toEqual(back.undone);
    expect(run(back, filters(32)).undone).toEqual(back.undone);
    expect(bailGesture(run(beginGesture(back, 'typing'), filters(5))).undone).toEqual(back.undone);
    expect(run(back, filters(9)).undone).toEqual([]);
  });

  it('leaves everything as it is when a command is refused', () => {
    const refused = edit(start, { type: 'rename', name: '' });
    expect(refused.state).toBe(start);
    expect(refused.refusal?.key).toBe('edit.projectName');
  });

  it('is plain data: kept as text, it goes on as before', () => {
    const state = undo(run(start, filters(8), { type: 'setLabel', node: conv1, label: 'First' }));
    const revived = JSON.parse(JSON.stringify(state)) as EditState;
    expect(redo(revived).document).toEqual(redo(state).document);
    expect(undo(revived).document).toEqual(start.document);
  });

  it('keeps the last thousand steps', () => {
    const many = Array.from({ length: HISTORY_LIMIT + 5 }, (_, index) => filters(index + 1));
    const state = run(start, ...many);
    expect(state.done).toHaveLength(HISTORY_LIMIT);
    const bottom = state.done.reduce((current) => undo(current), state);
    expect([filtersOf(bottom), canUndo(bottom)]).toEqual([5, false]);
  });
});
