import { describe, expect, it } from 'vitest';
import { sparseCells } from '../confusion.ts';
import { computePairFigures } from '../pairFigures.ts';
import { pairImages } from '../pairImages.ts';
import { pairRecordSchema } from '../pairRecord.ts';
import { PAIR_TABLES, pairTables, type NamedPair } from '../pairTables.ts';
import { pairHeadline } from '../pairWords.ts';
import { inEnglish } from '../../words/catalogues.ts';
import { sampleJudgement } from '../testing/sampleJudgement.ts';
import { sampleOutputs } from '../testing/sampleOutputs.ts';
import { rowsInMemory } from '../logitRows.ts';
import { pairReport, pairReportImages } from './pairReport.ts';

/** The sample evaluation of `count` images, and one whose logits are turned by one class for every second image. */
async function samplePair(count: number, names: readonly string[]): Promise<NamedPair> {
  const first = sampleOutputs(count, names.length, 'softmax');
  const logits = await first.read(0, count);
  const width = names.length;
  const turned = Float32Array.from(logits, (value, at) => {
    const image = Math.floor(at / width);
    return image % 2 === 0 ? value : (logits[image * width + ((at + 1) % width)] ?? NaN);
  });
  const second = rowsInMemory(turned, first.labels, first);
  const side = { classNames: names, labels: first.labels, digestOf: String };
  const judged = await computePairFigures({ first, second }, pairImages(side, side), {
    ...{ classNames: names, tick: () => undefined },
  });
  const { record, files } = await sampleJudgement(count, width, (k) => names[k] ?? '');
  const { id, createdAt, model, images, compute } = record;
  const known = { id, createdAt, images, compute };
  return {
    ...judged,
    files,
    record: {
      first: { ...known, model },
      second: { ...known, id: 'fedcba9876543210', model: { ...model, statistics: 'moving-average' } },
      ...{ classNames: [...names], figures: judged.figures, matrix: sparseCells(judged.matrix) },
    },
  };
}

describe('pairReport', async () => {
  const names = ['<b>cat</b>', 'dog', 'a "quoted" & name'];
  const pair = await samplePair(60, names);
  const options = { thumbnails: new Map<number, string>(), version: '1', time: 'now' };

  it('loads nothing, runs nothing and escapes names', () => {
    const html = pairReport(pair, { ...options, language: 'en' });
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<script|<b>cat|https?:\/\/(?!www\.w3\.org)/);
    expect(html).toContain('&#60;b&#62;cat');
    expect(html).toContain(inEnglish(pairHeadline(pair.figures)));
  });

  it('is written in Chinese, too', () => {
    const html = pairReport(pair, { ...options, language: 'zh-CN' });
    expect(html).toContain('<html lang="zh-CN">');
    expect(html).toContain('在相同图像上的比较');
  });

  it('shows the first images of each list', () => {
    const shown = [...pairReportImages(pair)];
    expect(shown.length).toBeGreaterThan(12);
    expect(new Set(shown).size).toBe(shown.length);
    const thumbnails = new Map(shown.map((image) => [image, `data:image/jpeg;base64,${image}`]));
    const html = pairReport(pair, { ...options, thumbnails, language: 'en' });
    expect(html.match(/<img /g)).toHaveLength(shown.length);
  });

  it('comes with tables and a record that hold the same counts', () => {
    const tables = new Map([...pairTables(pair)].map(([name, parts]) => [name, [...parts].join('')]));
    expect([...tables.keys()]).toEqual([...PAIR_TABLES]);
    const { right, agreement } = pair.figures;
    expect(tables.get('pair.csv')).toContain(`only_first_right,${right.onlyFirst},,,\r\n`);
    const differing = tables.get('differing.csv')?.split('\r\n').slice(1, -1) ?? [];
    expect(differing.filter((line) => line.startsWith('only first'))).toHaveLength(right.onlyFirst);
    expect(differing).toHaveLength(Math.round(60 * (1 - (agreement?.value ?? NaN))));
    expect(pairRecordSchema.parse(JSON.parse(JSON.stringify(pair.record)))).toEqual(pair.record);
  });
});
