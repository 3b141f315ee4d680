import { afterEach, describe, expect, it, vi } from 'vitest';
import { asIs } from '#core/words/message.ts';
import { log, logError, print, printData, printJson, table } from './output.ts';

const EVIL = 'exe\u202egnp\u200b\u009b31m';
const SHOWN = 'exe\\u{202e}gnp\\u{200b}\\u{9b}31m';

/** The output of `act` on the two streams. */
function written(act: () => void): { out: string; err: string } {
  const texts = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((texts.out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((texts.err += String(text)), true));
  act();
  vi.restoreAllMocks();
  return texts;
}
afterEach(() => vi.restoreAllMocks());

describe('what the terminal shows', () => {
  it('never holds characters that cannot be seen', () => {
    expect(written(() => log(`skipped ${EVIL}`)).err).toBe(`skipped ${SHOWN}\n`);
    expect(written(() => print(EVIL)).out).toBe(`${SHOWN}\n`);
    expect(written(() => print(table(['name'], [[EVIL]]))).out).toBe(`name\n${SHOWN}\n`);
  });

  it('is one line for an error, whatever names are in it', () => {
    const message = `There is no folder ${EVIL}\nnormlab: all is well.`;
    expect(written(() => logError({ code: 'folder-not-found', message: asIs(message) })).err).toBe(
      `normlab: There is no folder ${SHOWN}\\u{a}normlab: all is well.\n`,
    );
  });

  it('keeps a cell of a table on its line', () => {
    expect(table(['a', 'b'], [['x\ny', 1]])).toBe('a        b\nx\\u{a}y  1');
  });

  it('as JSON is the same value; as data for other programs it is left as it is', () => {
    const { out } = written(() => printJson({ file: EVIL }));
    expect(JSON.parse(out)).toEqual({ file: EVIL });
    expect(out).not.toContain('\u202e');
    expect(written(() => printData(EVIL)).out).toBe(process.stdout.isTTY ? `${SHOWN}\n` : `${EVIL}\n`);
  });

  it('lays out a table of 200,000 rows', () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => [`name ${at}`, at]);
    expect(table(['name', 'number'], rows).split('\n')).toHaveLength(200_001);
  });
});
