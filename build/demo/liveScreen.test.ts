import { describe, expect, it } from 'vitest';
import { openLiveScreen } from './liveScreen.ts';

function fakeOutput(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
}

describe('the live screen', () => {
  it('draws an image over the one before it, and lines above it', () => {
    const output = fakeOutput(true);
    let time = 0;
    const screen = openLiveScreen(output, () => time);
    expect(screen.columns).toBe(60);
    screen.show(() => ['a', 'b']);
    time = 200;
    screen.show(() => ['c']);
    screen.log('kept');
    screen.clear();
    screen.clear();
    expect(output.written).toEqual(['a\nb\n', '\x1b[2A\x1b[Jc\n', '\x1b[1A\x1b[Jkept\nc\n', '\x1b[1A\x1b[J']);
  });

  it('leaves out images that come too fast', () => {
    const output = fakeOutput(true);
    let time = 0;
    const screen = openLiveScreen(output, () => time);
    screen.show(() => ['a']);
    time = 50;
    screen.show(() => ['b']);
    expect(output.written).toEqual(['a\n']);
  });

  it('draws the lower part where the terminal is low', () => {
    const output = { ...fakeOutput(true), rows: 3 };
    openLiveScreen(output).show(() => ['a', 'b', 'c', 'bar']);
    expect(output.written).toEqual(['c\nbar\n']);
  });

  it('writes only lines where there is no terminal', () => {
    const output = fakeOutput(false);
    const screen = openLiveScreen(output);
    screen.show(() => ['picture']);
    screen.log('line');
    screen.clear();
    expect(output.written).toEqual(['line\n']);
  });
});
