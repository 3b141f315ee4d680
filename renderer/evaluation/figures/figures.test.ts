import { describe, expect, it } from 'vitest';
import { evaluationRecordSchema, type EvaluationRecord } from '#core/evaluation/evaluationRecord.ts';
import { sampleJudgement } from '#core/evaluation/testing/sampleJudgement.ts';
import { inWords } from '../../messages/inWords.ts';
import { rowsInView } from '../../compare/table/row.ts';
import { binMarks, DIAGRAM, xOf, yOf } from './calibrationMarks.ts';
import { CLASS_RATES, classRows, FIRST_RATE } from './classRows.ts';
import { evaluationNotes, imagesWords, networkWords } from './evaluationNotes.ts';
import { figuresText } from './figuresText.ts';
import { figureText, intervalHelp, intervalText } from './figureWords.ts';
import { classMeans, headlineFigures } from './headlineFigures.ts';
import { suggestedName, writtenName } from './writeOrder.ts';

async function sample(classes = 4, nameOf?: (k: number) => string): Promise<EvaluationRecord> {
  const { record } = await sampleJudgement(60, classes, nameOf);
  return evaluationRecordSchema.parse(JSON.parse(JSON.stringify(record)));
}

describe('figureText', () => {
  it('gives shares in percent, and 100 % only where all are right', () => {
    expect([0, 0.5, 0.9126, 0.99999, 1].map((value) => figureText(value, 'share'))).toEqual(
      ['0.0 %', '50.0 %', '91.3 %', '99.9 %', '100 %'], // prettier-ignore
    );
    expect([null, undefined, NaN, Infinity].map((value) => figureText(value, 'number'))).toEqual(
      ['–', '–', '–', '–'], // prettier-ignore
    );
    expect(figureText(0.30449, 'number')).toBe('0.304');
  });

  it('gives the interval with its unit once, and names its method', () => {
    const estimate = { value: 0.9, interval: { low: 0.85, high: 1 }, method: 'wilson' } as const;
    expect(intervalText(estimate, 'share')).toBe('85.0 – 100 %');
    expect(intervalHelp(estimate, 'share')).toContain('Wilson');
    expect(intervalText({ ...estimate, interval: null }, 'share')).toBeNull();
    expect(intervalHelp({ ...estimate, interval: null }, 'share')).toContain('not defined');
  });
});

describe('headlineFigures', () => {
  it('has every figure of the record that is defined, with its own estimate', async () => {
    const record = await sample(8);
    const { figures } = record;
    expect(headlineFigures(record).map(({ key, estimate }) => [key, estimate])).toEqual([
      ['accuracy', figures.accuracy],
      ['top_5_accuracy', figures.topK[1]?.accuracy],
      ['balanced_accuracy', figures.balancedAccuracy],
      ['log_loss', figures.logLoss],
    ]);
    expect(classMeans(record)[1]?.rates[2]).toEqual({ rate: 'f1', estimate: figures.weighted.f1 });
  });

  it('has the area under the curve for two classes, and no top-k at or above the number of classes', async () => {
    const keys = headlineFigures(await sample(2)).map(({ key }) => key);
    expect(keys).toEqual(['accuracy', 'balanced_accuracy', 'roc_auc', 'log_loss']);
  });
});

describe('classRows', () => {
  it('sorts classes by a rate, one that is not defined first, and finds them by name', async () => {
    const record = await sample();
    const [none] = record.figures.perClass;
    const perClass = record.figures.perClass.map((each, k) => (k === 2 ? { ...each, f1: null } : each));
    const rows = classRows({ ...record, figures: { ...record.figures, perClass } }, String);
    const order = { column: FIRST_RATE + CLASS_RATES.indexOf('f1'), isDown: false };
    const shown = rowsInView(rows, { query: '', onlyDiffering: false, order });
    expect(shown[0]?.key).toBe('2');
    expect(rows[2]?.cells.at(-1)?.text).toBe('–');
    expect(rows[0]?.cells[1]?.text).toBe(String(none?.support));
    const found = rowsInView(rows, { query: 'SS 3', onlyDiffering: false, order: null });
    expect(found.map(({ key }) => key)).toEqual(['3']);
  });

  it('stays fast with a thousand classes', async () => {
    const record = await sample(1000);
    const start = performance.now();
    const rows = classRows(record, String);
    rowsInView(rows, { query: 'class', onlyDiffering: false, order: { column: 0, isDown: true } });
    expect(rows).toHaveLength(1000);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('the calibration diagram', () => {
  it('draws each bin with images at its place', async () => {
    const record = await sample();
    const bins = record.figures.calibration?.bins ?? [];
    const marks = binMarks(bins);
    expect(marks.length).toBe(bins.filter(({ images }) => images > 0).length);
    expect(Math.max(...marks.map(({ fill }) => fill))).toBe(1);
    for (const mark of marks) {
      const bin = bins.find(({ low }) => low === mark.low);
      expect([mark.accuracy, mark.confidence, mark.images]).toEqual([
        bin?.accuracy?.value,
        bin?.confidence,
        bin?.images,
      ]);
    }
    expect([xOf(0), xOf(1), yOf(0), yOf(1)]).toEqual([
      DIAGRAM.left,
      DIAGRAM.left + DIAGRAM.side,
      DIAGRAM.top + DIAGRAM.side,
      DIAGRAM.top,
    ]);
  });
});

describe('the words of an evaluation', () => {
  it('say which network, which images, and what is missing', async () => {
    const record = await sample(4, (k) => (k === 0 ? '\u202ecats' : `class ${k}`));
    const model = { ...record.model, checkpoint: 'best', weights: 'ema' } as const;
    expect(networkWords({ ...record, model }).map(inWords)).toEqual([
      'best epoch, 3',
      'averaged weights',
      'exact BatchNorm statistics',
    ]);
    const images: EvaluationRecord['images'] = {
      ...record.images,
      source: 'folder',
      part: 'validation',
      ...{ skipped: 2, missing: record.classNames.slice(0, 1) },
      extra: [
        { name: 'dogs', images: 3 },
        { name: 'owls', images: 4 },
      ],
    };
    const given = { ...record, images, figures: { ...record.figures, notFinite: 1 } };
    expect(inWords(imagesWords(given))).toBe('the validation part of the run in another folder');
    const notes = evaluationNotes(given).map(inWords);
    expect(notes).toHaveLength(4);
    expect(notes[0]).toContain('\\u{202e}cats');
    expect(notes[1]).toContain('7 images of classes');
    expect(evaluationNotes(record)).toEqual([]);
  });

  it('copies as a table of text with the numbers of the record', async () => {
    const record = await sample();
    const text = figuresText(record);
    const accuracy = figureText(record.figures.accuracy?.value, 'share');
    expect(text).toContain(`Accuracy\t${accuracy}\t`);
    expect(text).toContain('Macro, F1\t');
    expect(text).toContain('Expected calibration error\t');
  });
});

describe('the name of a report', () => {
  it('follows the run and gets its ending', async () => {
    const record = await sample();
    expect(suggestedName(record.model.run, 'report')).toBe('sample evaluation.html');
    expect(suggestedName('a/b', 'tables')).toBe('a-b evaluation');
    expect(writtenName(' mine ', 'report')).toBe('mine.html');
    expect(writtenName('mine.HTML', 'report')).toBe('mine.HTML');
    expect(writtenName('mine', 'tables')).toBe('mine');
    expect([writtenName('a/b', 'report'), writtenName('', 'tables')]).toEqual([null, null]);
  });
});
