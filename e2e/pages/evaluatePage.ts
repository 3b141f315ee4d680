import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { evaluationRecordSchema, type EvaluationRecord } from '../../core/evaluation/evaluationRecord.ts';
import { evaluationTestIds } from '../../renderer/testIds/evaluationTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';

/** The Evaluate panel: its bar, and the figures that it shows. */
export class EvaluatePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(): Promise<void> {
    await this.page.getByTestId(testIds.dockTab('evaluate')).click();
    await expect(this.page.getByTestId(evaluationTestIds.panel)).toBeVisible();
  }

  async view(key: 'figures' | 'confusion' | 'images' | 'picture' | 'pair'): Promise<void> {
    await this.page.getByTestId(evaluationTestIds.view(key)).click();
  }

  /** Presses Evaluate and waits for the figures. */
  async evaluate(): Promise<void> {
    await this.page.getByTestId(evaluationTestIds.start).click();
    await this.expectDone();
  }

  async expectDone(): Promise<void> {
    await expect(this.page.getByTestId(evaluationTestIds.progress)).toHaveCount(0, { timeout: 300_000 });
    await expect(this.page.getByTestId(evaluationTestIds.error)).toHaveCount(0);
    await expect(this.figure('accuracy')).toBeVisible();
  }

  figure(key: string): Locator {
    return this.page.getByTestId(evaluationTestIds.figure(key));
  }
}

/** The evaluations that are kept with the runs of a lab, the newest first. */
export function keptRecords(labFolder: string): readonly EvaluationRecord[] {
  const runs = join(labFolder, 'lab-home', 'runs');
  const folders = readdirSync(runs).map((run) => join(runs, run, 'evaluations'));
  const records = folders.flatMap((folder) =>
    entries(folder).map((id) =>
      evaluationRecordSchema.parse(JSON.parse(readFileSync(join(folder, id, 'evaluation.json'), 'utf8'))),
    ),
  );
  return records.toSorted((a, b) => b.createdAt.localeCompare(a.createdAt));
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith('.'));
  } catch {
    return [];
  }
}
