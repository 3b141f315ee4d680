import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilesPage } from '../pages/filesPage.ts';

let lab: LabServer;
test.beforeAll(async () => {
  lab = await LabServer.start();
});
test.afterAll(() => lab[Symbol.asyncDispose]());

/** Overlays above the page, by role. */
const overlay = (page: Page, role: string): Locator => page.locator(`[data-overlay][role="${role}"]`);

async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

test.beforeEach(async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await expect(new EditorPage(page).block('bn1')).toBeVisible();
});

test('a list opens, is walked, takes and is left by keys; the focus returns to its button', async ({
  page,
}) => {
  await new EditorPage(page).deselect();
  const schedule = page.getByTestId(testIds.training('schedule'));
  const list = overlay(page, 'listbox');
  await schedule.focus();
  await expect(schedule).toHaveRole('combobox');
  await expect(schedule).toHaveAccessibleName('Schedule');
  await press(page, 'ArrowDown');
  await expect(list.getByRole('option', { selected: true })).toBeFocused();
  await press(page, 'Home');
  await expect(list.getByRole('option').first()).toBeFocused();
  await press(page, 'End', 'Escape');
  await expect(list).toHaveCount(0);
  await expect(schedule).toBeFocused();
  const before = await schedule.getAttribute('data-value');
  await press(page, 'Enter', 's');
  await expect(list.getByRole('option', { name: 'Step' }).first()).toBeFocused();
  await press(page, 'Enter');
  await expect(schedule).toHaveText(/^Step/);
  await expect(schedule).toBeFocused();
  await new EditorPage(page).undo();
  await expect(schedule).toHaveAttribute('data-value', before ?? '');
});

test('a list of more than a hundred is narrowed by typing, and mounts what is in sight', async ({ page }) => {
  const images = join(lab.folder, 'many');
  const classes = Array.from({ length: 120 }, (_, at) => `kind ${at}`);
  await drawImages(images, 1, 5, classes);
  await new FilesPage(page).chooseImages(images);
  await page.getByTestId(dockTestIds.dataView('pictures')).click();
  const filter = page.getByTestId(dockTestIds.imageFilter('class'));
  const options = overlay(page, 'dialog').getByRole('option');
  await expect(page.getByTestId(dockTestIds.imageTotal)).toContainText('120');
  await filter.focus();
  await press(page, 'ArrowDown');
  await expect(options.first()).toBeVisible();
  expect(await options.count()).toBeLessThan(60);
  await page.keyboard.type('kind 77');
  await expect(options).toHaveCount(1);
  await press(page, 'Enter');
  await expect(options).toHaveCount(0);
  await expect(filter).toBeFocused();
  await expect(filter).toHaveText('kind 77');
  await expect(page.getByTestId(dockTestIds.imageTotal)).toContainText('1');
  await press(page, 'Enter', 'Escape');
  await expect(filter).toBeFocused();
});

test('the command palette marks one command, walks round its ends and runs it', async ({ page }) => {
  await press(page, 'Control+k');
  const input = page.getByTestId(testIds.commandPaletteInput);
  await expect(input).toBeFocused();
  await page.keyboard.type('show export');
  const options = overlay(page, 'dialog').getByRole('option');
  const marked = page.locator('[data-overlay] [data-highlighted]');
  await expect(marked).toHaveCount(1);
  await expect(marked).toHaveText(/Show Export/);
  await expect(input).toHaveAttribute('aria-activedescendant', (await marked.getAttribute('id')) ?? 'none');
  await press(page, 'ArrowUp');
  await expect(options.last()).toHaveAttribute('data-highlighted');
  await press(page, 'ArrowDown');
  await expect(options.first()).toHaveAttribute('data-highlighted');
  await press(page, 'Enter');
  await expect(overlay(page, 'dialog')).toHaveCount(0);
  await expect(page.getByTestId(testIds.dockTab('export'))).toHaveAttribute('aria-selected', 'true');
});

test('the settings are a panel of their own: Tab walks it, a list in it closes first, Escape leaves', async ({
  page,
}) => {
  const button = page.getByTestId(testIds.settingsMenu);
  await button.focus();
  await press(page, 'Enter');
  const theme = page.getByTestId(testIds.themeSelect);
  await expect(theme).toBeFocused();
  await press(page, 'Tab', 'Tab', 'Space');
  const plan = page.getByTestId(testIds.showPlanSwitch);
  await expect(plan).toBeFocused();
  await expect(plan).not.toBeChecked();
  await press(page, 'Shift+Tab', 'Shift+Tab', 'Enter');
  await expect(overlay(page, 'listbox')).toBeVisible();
  await press(page, 'Escape');
  await expect(overlay(page, 'listbox')).toHaveCount(0);
  await expect(theme).toBeFocused();
  await press(page, 'Escape');
  await expect(theme).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('tabs and words in a row are one stop each, moved by arrow keys', async ({ page }) => {
  const tab = (key: string): Locator => page.getByTestId(testIds.dockTab(key));
  await tab('data').focus();
  await press(page, 'End');
  await expect(tab('problems')).toBeFocused();
  await expect(tab('problems')).toHaveAttribute('aria-selected', 'true');
  await press(page, 'ArrowRight');
  await expect(tab('data')).toBeFocused();
  await press(page, 'Tab');
  await expect(page.getByRole('tab').and(page.locator(':focus'))).toHaveCount(0);

  const images = join(lab.folder, 'images');
  await drawImages(images, 20, 5, ['cats', 'dogs']);
  await new FilesPage(page).chooseImages(images);
  const view = (name: string): Locator => page.getByTestId(dockTestIds.dataView(name));
  await view('classes').focus();
  await press(page, 'ArrowRight');
  await expect(view('pictures')).toBeFocused();
  await expect(view('pictures')).toBeChecked();
  await press(page, 'ArrowLeft');
  await expect(view('classes')).toBeChecked();

  // The slider of the validation share: one step of the slider is one step of undo.
  const share = page.getByTestId(dockTestIds.validationShare).getByRole('slider');
  const start = Number(await share.getAttribute('aria-valuenow'));
  await share.focus();
  await press(page, 'ArrowRight');
  await expect(share).toHaveAttribute('aria-valuenow', String(start + 1));
  await press(page, 'End');
  await expect(share).toHaveAttribute('aria-valuenow', '50');
  await new EditorPage(page).undo();
  await expect(share).toHaveAttribute('aria-valuenow', String(start + 1));
  await press(page, 'Home');
});

test('a dialog keeps the focus, and gives it back to where it was', async ({ page }) => {
  const editor = new EditorPage(page);
  await editor.setParam('conv1', 'filters', '48');
  const field = page.getByTestId(testIds.param('filters'));
  await field.focus();
  await press(page, 'Control+Shift+S');
  const inside = overlay(page, 'dialog').locator(':focus');
  await expect(inside).toHaveCount(1);
  for (let step = 0; step < 9; step += 1) {
    await press(page, step < 6 ? 'Tab' : 'Shift+Tab');
    await expect(inside).toHaveCount(1);
  }
  await page.getByTestId(dockTestIds.fileName).focus();
  await press(page, 'Escape');
  await expect(field).toBeFocused();

  await press(page, 'Alt+w');
  const question = overlay(page, 'alertdialog');
  await expect(question).toHaveAccessibleName(/Save/);
  await expect(question).toHaveAccessibleDescription(/.+/);
  await expect(page.getByTestId(testIds.closeSave)).toBeFocused();
  await press(page, 'Tab', 'Tab', 'Tab', 'Tab');
  await expect(page.getByTestId(testIds.closeSave)).toBeFocused();
  await press(page, 'Escape');
  await expect(field).toBeFocused();
});

test('a button that is an icon tells its name in a tooltip, by focus and under the pointer', async ({
  page,
}) => {
  const tooltip = page.locator('.ui-tooltip');
  await page.getByTestId(testIds.projectTab(0)).focus();
  await press(page, 'Tab');
  const button = page.getByTestId(testIds.newProject);
  await expect(button).toBeFocused();
  await expect(tooltip).toContainText('New project');
  await expect(button).toHaveAccessibleDescription('New project');
  await press(page, 'Escape');
  await expect(tooltip).toHaveCount(0);
  await expect(button).toBeFocused();
  await page.getByTestId(testIds.dockCollapse).hover();
  await expect(tooltip).toContainText('Hide the panel');
  // A disabled button has a tooltip, too.
  await page.getByTestId(testIds.undo).hover();
  await expect(tooltip).toContainText('Undo');
  await page.getByTestId(testIds.canvas).hover();
  await expect(tooltip).toHaveCount(0);
});

test('F8 leads to a notice, Enter on its button closes it; Escape elsewhere leaves an error alone', async ({
  page,
}) => {
  const file = join(lab.folder, 'torn.normlab.json');
  writeFileSync(file, '{"version": 1, "graph');
  await page.getByTestId(testIds.newProject).click();
  const files = new FilesPage(page);
  await files.open(file);
  const notice = page.getByTestId(testIds.notice);
  await expect(notice).toHaveCount(1);
  await press(page, 'Control+k');
  await expect(page.getByTestId(testIds.commandPaletteInput)).toBeFocused();
  await press(page, 'Escape');
  await expect(overlay(page, 'dialog')).toHaveCount(0);
  await expect(notice).toHaveCount(1);
  await press(page, 'F8', 'Tab');
  await expect(notice).toBeFocused();
  const close = notice.getByRole('button', { name: 'Close' });
  while (!(await close.evaluate((button) => button === document.activeElement))) await press(page, 'Tab');
  await press(page, 'Enter');
  await expect(notice).toHaveCount(0);
});
