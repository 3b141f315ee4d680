import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { serializeDocument } from '../../core/document/serialize.ts';
import { tinyDocument } from '../../core/training/testing/tinyRun.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';

test.setTimeout(90_000);

test('two windows on one project: the later save does not wipe out the earlier one unasked', async ({
  page,
  context,
}) => {
  await using lab = await LabServer.start();
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(file, serializeDocument(tinyDocument()));
  const other = await context.newPage();
  for (const window of [page, other]) {
    await window.goto(lab.url);
    await new FilesPage(window).open(file);
  }
  const [first, second] = [new EditorPage(page), new EditorPage(other)];
  await second.setParam('conv1', 'filters', '9');
  await new FilesPage(other).save();
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"filters": 9');

  await first.setParam('conv1', 'filters', '7');
  // A reload keeps both the work and the state that it started from.
  await page.reload();
  await first.expectShape('conv1', '7 × 6 × 6');
  await new FilesPage(page).save();
  const dialog = page.getByTestId(testIds.changedDialog);
  await expect(dialog).toContainText('net.normlab.json was changed elsewhere');
  await station(page, 'changed-elsewhere');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  expect(readFileSync(file, 'utf8')).toContain('"filters": 9');
  await expect(page.getByTestId(testIds.projectTab(0))).toContainText('*');

  await new FilesPage(page).save();
  await page.getByTestId(testIds.changedOverwrite).click();
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"filters": 7');
  await expect(page.getByTestId(testIds.projectTab(0))).not.toContainText('*');
  // The content just written is known: no second question.
  await first.setParam('conv1', 'filters', '8');
  await new FilesPage(page).save();
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"filters": 8');
});

test('two windows on one project: it is said, and the unsaved work of each comes back after a crash', async ({
  page,
  context,
}) => {
  await using lab = await LabServer.start();
  const file = join(lab.folder, 'net.normlab.json');
  writeFileSync(file, serializeDocument(tinyDocument()));
  const other = await context.newPage();
  await page.goto(lab.url);
  await new FilesPage(page).open(file);
  await expect(page.getByTestId(testIds.projectTab(0))).toBeVisible();
  await other.goto(lab.url);
  await new FilesPage(other).open(file);
  await expect(other.getByTestId(testIds.notice)).toContainText('is open in another window too');

  await new EditorPage(page).setParam('conv1', 'filters', '7');
  await new EditorPage(other).setParam('conv1', 'filters', '9');
  await expect(() => expect(lab.recoveries()).toHaveLength(2)).toPass({ timeout: 15_000 });
  // A third window is not offered the projects that are open in the other two.
  const third = await context.newPage();
  await third.goto(lab.url);
  await expect(third.getByTestId(testIds.welcome)).toBeVisible();
  await expect(third.getByTestId(testIds.recovery)).toHaveCount(0);

  await lab.kill();
  await Promise.all([page.close(), other.close(), third.close()]);
  await using again = await LabServer.startIn(lab.folder);
  const fresh = await context.newPage();
  await fresh.goto(again.url);
  await expect(fresh.getByTestId(testIds.recover(1))).toBeVisible();
  await fresh.getByTestId(testIds.recover(0)).click();
  const editor = new EditorPage(fresh);
  await editor.expectShape('conv1', '9 × 6 × 6');
});
