import { createPinia, setActivePinia } from 'pinia';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { useCommandStore, type AppCommand } from './commandStore.ts';

function command(id: string, extra: Partial<AppCommand> = {}): AppCommand {
  return { id, group: 'edit', title: () => id, run: vi.fn(), ...extra };
}

describe('commandStore', () => {
  beforeEach(() => setActivePinia(createPinia()));

  it('finds a command by any of its keys', () => {
    const store = useCommandStore();
    const redo = command('redo', { keys: ['Ctrl+Y', 'Ctrl+Shift+Z'] });
    store.register([redo]);
    expect(store.commandFor('Ctrl+Shift+Z', 'elsewhere')).toBe(redo);
    expect(store.keysFor('redo')).toBe('Ctrl+Y');
  });

  it('leaves single keys and text chords to a text field, and takes the others from it', () => {
    const store = useCommandStore();
    store.register([
      command('delete', { keys: ['Delete'] }),
      command('undo', { keys: ['Ctrl+Z'] }),
      command('save', { keys: ['Ctrl+S'] }),
    ]);
    expect(store.commandFor('Delete', 'text')).toBeNull();
    expect(store.commandFor('Ctrl+Z', 'text')).toBeNull();
    expect(store.commandFor('Ctrl+S', 'text')?.id).toBe('save');
  });

  it('keeps canvas keys to the canvas', () => {
    const store = useCommandStore();
    store.register([command('insert.conv2d', { keys: ['C'], scope: 'canvas' })]);
    expect(store.commandFor('C', 'elsewhere')).toBeNull();
    expect(store.commandFor('C', 'canvas')?.id).toBe('insert.conv2d');
  });

  it('shows the keys of what the browser carries out itself, and does not catch them', () => {
    const store = useCommandStore();
    store.register([command('copy', { keys: ['Ctrl+C'], isNative: true })]);
    expect(store.commandFor('Ctrl+C', 'canvas')).toBeNull();
    expect(store.keysFor('copy')).toBe('Ctrl+C');
  });

  it('runs only what is enabled', () => {
    const store = useCommandStore();
    const off = command('off', { isEnabled: () => false });
    const on = command('on');
    store.register([off, on]);
    void store.run('off');
    void store.run('on');
    expect(off.run).not.toHaveBeenCalled();
    expect(on.run).toHaveBeenCalledOnce();
  });

  it('replaces a command that is registered again', () => {
    const store = useCommandStore();
    store.register([command('a'), command('b')]);
    const again = command('a');
    store.register([again]);
    expect(store.commands).toEqual([expect.objectContaining({ id: 'b' }), again]);
  });
});
