import { describe, expect, it } from 'vitest';
import type { RunPolicy } from '../nodes/batchNormPolicies.ts';
import { inEnglish } from '../words/catalogues.ts';
import { policyRows, type ComparedResult } from './policyRows.ts';
import { bestRow, policyVerdict } from './policyVerdict.ts';

type Result = Parameters<typeof policyRows>[0][number];

function compared(policy: RunPolicy, change: Partial<ComparedResult> = {}): ComparedResult {
  return {
    ...{ id: 'c', policy, keptHead: false, validationImages: 100, start: null, moved: null, test: null },
    ...change,
  };
}

/** A run whose best epoch has `correct` of the validation images right. */
function result(policy: RunPolicy, correct: number, change: Partial<ComparedResult> = {}): Result {
  const comparison = compared(policy, change);
  const valAccuracy = correct / comparison.validationImages;
  return {
    ...{ epochs: 5, seconds: 2, train: { loss: 0.25 }, comparison },
    val: { accuracy: valAccuracy / 2 },
    best: { epoch: 3, valAccuracy },
  };
}

describe('the table of a comparison', () => {
  it('shows the best epoch of each run, with counts and interval', () => {
    const moved = { node: 'bn1', channel: 2, deviations: 0.5 };
    const [row, ...rest] = policyRows([result('adapt', 90, { moved })]);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ policy: 'adapt', loss: 0.25, moved, seconds: 2, test: null });
    expect(row?.validation).toMatchObject({ accuracy: 0.9, correct: 90, images: 100, epoch: 3 });
    expect(row?.validation?.low).toBeCloseTo(0.8256, 4);
    expect(row?.validation?.high).toBeCloseTo(0.9448, 4);
  });

  it('has the weights as they came first, once, and no training loss where nothing trained', () => {
    const start = { loss: 1, accuracy: 0.5 };
    const untrained: Result = {
      ...{ epochs: 0, seconds: 1, train: { loss: 0.3 }, val: { accuracy: 0.7 } },
      comparison: compared('recalibrated', { keptHead: true }),
    };
    const rows = policyRows([result('frozen', 80, { start }), untrained]);
    expect(rows.map(({ policy }) => policy)).toEqual(['start', 'frozen', 'recalibrated']);
    expect(rows[0]?.validation).toMatchObject({ correct: 50, epoch: 0 });
    expect(rows[2]).toMatchObject({ loss: null, validation: { correct: 70, epoch: 0 } });
  });

  it('has no accuracy without validation images, and leaves out runs by themselves', () => {
    const rows = policyRows([
      { ...result('all', 0, { validationImages: 1 }), comparison: undefined },
      {
        ...{ epochs: 2, seconds: 1, train: { loss: null }, val: null },
        comparison: compared('all', { validationImages: 0 }),
      },
    ]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ validation: null, loss: null });
    expect(inEnglish(policyVerdict(rows))).toContain('no validation images');
  });
});

describe('what it says', () => {
  const verdict = (...results: Result[]): string => inEnglish(policyVerdict(policyRows(results)));

  it('one image is not a difference', () => {
    const change = { validationImages: 48 };
    const said = verdict(
      result('frozen', 45, change),
      result('adapt', 46, change),
      result('all', 43, change),
    );
    expect(said).toContain('No difference beyond chance on 48 validation images');
  });

  it('names what is worse beyond chance, and what is not', () => {
    const said = verdict(result('frozen', 95), result('adapt', 93), result('affine', 60), result('all', 40));
    expect(said).toBe(
      'Beyond chance on 100 validation images, “Frozen” is better than “Gamma and beta”, “All”. There is no such difference to “Adapt statistics”.',
    );
  });

  it('says so while there is nothing to compare', () => {
    expect(verdict()).toBe('No run has finished yet.');
    expect(verdict(result('all', 50))).toBe('Only “All” has been measured so far.');
  });

  it('takes the first of equally good policies as the best', () => {
    expect(bestRow(policyRows([result('frozen', 90), result('adapt', 90)]))?.policy).toBe('frozen');
    expect(bestRow([])).toBeNull();
  });
});
