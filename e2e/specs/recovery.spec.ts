import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { testIds } from '../../renderer/testIds.ts';
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
  await new EditorPage(again).expectShape('conv1', '9 × 6 × 6');
  expect(readFileSync(file, 'utf8')).toBe(SAVED);

  // Saved at last, it goes into the user's own file, and the copy goes away.
  await new FilesPage(again).save();
  await new FilesPage(again).expectNotice(/net\.normlab\.json/);
  expect(readFileSync(file, 'utf8')).toContain('"filters": 9');
  expect(second.recoveries()).toEqual([]);
});
