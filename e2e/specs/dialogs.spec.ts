import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';

let lab: LabServer;
test.beforeAll(async () => {
  lab = await LabServer.start();
});
test.afterAll(() => lab[Symbol.asyncDispose]());

async function openTemplate(page: Page, name: string): Promise<EditorPage> {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate(name)).click();
  await expect(new EditorPage(page).block('input')).toBeVisible();
  return new EditorPage(page);
}

/** The dialog for saving, which starts in the lab's first folder: the test's own. */
async function openSaveDialog(page: Page): Promise<void> {
  await page.keyboard.press('Control+Shift+S');
  await expect(page.getByTestId(dockTestIds.fileName)).toBeFocused();
  await expect(page.getByTestId(dockTestIds.filePath)).not.toHaveValue('');
  await expect(page.getByTestId(dockTestIds.fileConfirm)).toBeEnabled();
}

test('Ctrl+Shift+S, Enter saves; the tab takes the name of the file', async ({ page }) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.block('conv1').click();
  await openSaveDialog(page);
  await page.getByTestId(dockTestIds.fileName).fill('digits');
  await page.getByTestId(dockTestIds.fileName).press('Enter');
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await expect.poll(() => existsSync(join(lab.folder, 'digits.normlab.json'))).toBe(true);
  await expect(page.getByTestId(testIds.projectTab(0))).toHaveText('digits');
});

test('Enter at once in the dialog for saving saves under the name that it proposes', async ({ page }) => {
  await openTemplate(page, 'bn-mlp');
  await page.keyboard.press('Control+Shift+S');
  await expect(page.getByTestId(dockTestIds.fileName)).toBeFocused();
  await expect(page.getByTestId(dockTestIds.fileConfirm)).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(dockTestIds.fileDialog)).toHaveCount(0);
  await expect.poll(() => readdirSync(lab.folder).join(' ')).toContain('Sigmoid MLP with BatchNorm');
});

test('closing unsaved work puts the focus on Save; Escape goes back to where the focus was', async ({
  page,
}) => {
  const editor = await openTemplate(page, 'mnist-cnn-bn');
  await editor.setParam('conv1', 'filters', '48');
  const field = page.getByTestId(testIds.param('filters'));
  await field.focus();
  await page.keyboard.press('Alt+w');
  await expect(page.getByTestId(testIds.closeSave)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(testIds.closeDialog)).toHaveCount(0);
  await expect(field).toBeFocused();
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId(testIds.commandPaletteInput)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(field).toBeFocused();
});

test('four new projects have four names, and one takes the name of its file when it is saved', async ({
  page,
}) => {
  await openTemplate(page, 'empty');
  for (let count = 0; count < 3; count += 1) {
    await page.getByTestId(testIds.newProject).click();
    await page.getByTestId(testIds.welcomeTemplate('empty')).click();
  }
  const names = await page.getByRole('tab', { name: /Untitled/ }).allInnerTexts();
  expect(names.map((name) => name.trim())).toEqual(['Untitled', 'Untitled 2', 'Untitled 3', 'Untitled 4']);
  await openSaveDialog(page);
  await page.getByTestId(dockTestIds.fileName).fill('birds');
  await page.getByTestId(dockTestIds.fileName).press('Enter');
  await expect(page.getByTestId(testIds.projectTab(3))).toHaveText('birds');
  await expect(page.getByTestId(testIds.projectName)).toHaveValue('birds');
  await expect(page.getByTestId(testIds.projectTab(3))).not.toContainText('*');
});

test('project tabs are walked with the arrow keys and closed with Delete', async ({ page }) => {
  await openTemplate(page, 'mnist-cnn-bn');
  await page.getByTestId(testIds.newProject).click();
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  const [first, second] = [0, 1].map((index) => page.getByTestId(testIds.projectTab(index)));
  await second?.focus();
  await page.keyboard.press('ArrowLeft');
  await expect(first ?? page.locator('body')).toBeFocused();
  await expect(new EditorPage(page).block('conv1')).toBeVisible();
  await page.keyboard.press('Delete');
  await expect(page.getByRole('tab', { name: 'Small CNN with BatchNorm' })).toHaveCount(0);
});
