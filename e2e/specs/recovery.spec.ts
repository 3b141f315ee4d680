import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';

test.setTimeout(90_000);

const SAVED = serializeDocument(tinyDocument());

test('work that was not saved is offered after a crash, and the own file is as it was', async ({
  page,
  context,
}) => {
  await using first = await LabServer.start();
  const file = join(first.folder, 'net.normlab.json');
  writeFileSync(file, SAVED);
  await page.goto(first.url);
  await new FilesPage(page).open(file);
  const editor = new EditorPage(page);
  await editor.setParam('conv1', 'filters', '9');
  await editor.expectShape('conv1', '9 × 6 × 6');
  await expect(() => expect(first.recoveries()).toHaveLength(1)).toPass({ timeout: 15_000 });
  await first.kill();
  await page.close();
  expect(readFileSync(file, 'utf8')).toBe(SAVED);

  await using second = await LabServer.startIn(first.folder);
  const again = await context.newPage();
  await again.goto(second.url);
  await expect(again.getByTestId(testIds.recovery)).toContainText('Tiny');
  await again.getByTestId(testIds.recover(0)).click();
  const recovered = new EditorPage(again);
  await recovered.expectShape('conv1', '9 × 6 × 6');
  expect(readFileSync(file, 'utf8')).toBe(SAVED);
  await recovered.undo();
  await recovered.expectShape('conv1', '4 × 6 × 6');
  await recovered.redo();
  await recovered.expectShape('conv1', '9 × 6 × 6');

  // After saving, the project is stored in the user's own file, and the recovery copy is deleted.
  await new FilesPage(again).save();
  await new FilesPage(again).expectNotice(/net\.normlab\.json/);
  expect(readFileSync(file, 'utf8')).toContain('"filters": 9');
  expect(second.recoveries()).toEqual([]);
});

test('undo goes on after the page is loaded again, unless the file was changed elsewhere', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(file, SAVED);
  await page.goto(lab.url);
  const files = new FilesPage(page);
  await files.open(file);
  const editor = new EditorPage(page);
  for (const filters of ['5', '6', '7']) await editor.setParam('conv1', 'filters', filters);
  await editor.undo();
  await files.save();
  await files.expectNotice(/net\.normlab\.json/);
  await page.reload();
  await editor.expectShape('conv1', '6 × 6 × 6');
  await editor.redo();
  await editor.expectShape('conv1', '7 × 6 × 6');
  for (const filters of [6, 5, 4]) {
    await editor.undo();
    await editor.expectShape('conv1', `${filters} × 6 × 6`);
  }
  await expect(page.getByTestId(testIds.undo)).toBeDisabled();

  await editor.redo();
  await files.save();
  await expect(async () => expect(readFileSync(file, 'utf8')).toContain('"filters": 5')).toPass();
  await page.goto('about:blank');
  writeFileSync(file, SAVED);
  await page.goto(lab.url);
  await editor.expectShape('conv1', '4 × 6 × 6');
  await expect(page.getByTestId(testIds.undo)).toBeDisabled();
});
