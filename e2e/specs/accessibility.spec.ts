import { expect, test, type Page } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { modelTestIds } from '../../renderer/testIds/modelTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });
// About seventy checks of the whole page; a minute on an idle machine.
test.setTimeout(900_000);

const TABS = ['data', 'train', 'batchNorm', 'evaluate', 'export', 'problems'] as const;
/** Theme, language and window size; in a small window, lists and panels scroll. */
const LOOKS = [
  ['dark', 'en', { width: 1440, height: 860 }],
  ['light', 'en', { width: 1100, height: 620 }],
  ['dark', 'zh-CN', { width: 1100, height: 620 }],
  ['light', 'zh-CN', { width: 1920, height: 1080 }],
] as const;

test('axe-core finds nothing critical or serious anywhere, in both themes and both languages', async ({
  page,
}) => {
  await using lab = await LabServer.start();
  await page.goto(lab.url);
  await test.step('a run, for the panels that show one', () => runSample(page));
  for (const [theme, language, size] of LOOKS) {
    await test.step(`${theme}, ${language}`, async () => {
      const place = (name: string): Promise<void> => expectAccessible(page, `${name}, ${theme}, ${language}`);
      await page.setViewportSize(size);
      await look(page, theme, language);
      await panels(page, place);
      await overlays(page, place);
      await welcome(page, place);
    });
  }
});

async function runSample(page: Page): Promise<void> {
  const training = new TrainPage(page);
  await page.getByTestId(testIds.welcomeSample).click();
  await training.expectRunning();
  await training.expectStepsBeyond(5);
  await training.stop();
}

async function look(page: Page, theme: string, language: string): Promise<void> {
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.themeSelect)).choose(theme);
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose(language);
  await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  await page.keyboard.press('Escape');
}

async function panels(page: Page, place: (name: string) => Promise<void>): Promise<void> {
  const editor = new EditorPage(page);
  await page.getByTestId(testIds.zoomFit).click();
  await editor.block('bn1').click();
  await place('a block selected');
  for (const tab of TABS) {
    await editor.openDock(tab);
    await place(`panel ${tab}`);
  }
  await editor.openDock('train');
  const runTabs = page.getByTestId(dockTestIds.trainPanel).getByRole('tab');
  for (let index = 0; index < (await runTabs.count()); index += 1) {
    await runTabs.nth(index).click();
    await place(`panel train, tab ${index}`);
  }
  await page.getByTestId(testIds.dockCollapse).click();
  await place('dock closed');
  await page.getByTestId(testIds.dockCollapse).click();
  await editor.deselect();
  await place('the project');
}

/** Overlays above the workspace. Escape closes each. */
async function overlays(page: Page, place: (name: string) => Promise<void>): Promise<void> {
  const opened: readonly (readonly [name: string, keys: string, testId: string])[] = [
    ['command palette', 'Control+k', testIds.commandPalette],
    ['search palette', 'Space', testIds.searchPalette],
    ['dialog for saving', 'Control+Shift+S', dockTestIds.fileDialog],
    ['dialog for opening', 'Control+o', dockTestIds.fileDialog],
  ];
  for (const [name, keys, testId] of opened) {
    await new EditorPage(page).deselect();
    await page.keyboard.press(keys);
    await expect(page.getByTestId(testId)).toBeVisible();
    await place(name);
    await page.keyboard.press('Escape');
    await expect(page.getByTestId(testId)).toHaveCount(0);
  }
  await page.getByTestId(testIds.settingsMenu).click();
  await place('settings');
  await page.keyboard.press('Escape');
  await page.keyboard.press('r');
  await page.keyboard.press('Alt+w');
  await expect(page.getByTestId(testIds.closeDialog)).toBeVisible();
  await place('dialog for closing');
  await page.keyboard.press('Escape');
  await new EditorPage(page).undo();
}

async function welcome(page: Page, place: (name: string) => Promise<void>): Promise<void> {
  await page.getByTestId(testIds.newProject).click();
  await expect(page.getByTestId(testIds.welcome)).toBeVisible();
  await place('welcome page');
  await page.getByTestId(testIds.welcomeWeights).click();
  for (const source of ['model', 'file', 'run']) {
    await page.getByTestId(modelTestIds.source(source)).click();
    await place(`trained weights, ${source}`);
  }
  await page.keyboard.press('Escape');
  await page.getByTestId(testIds.welcomeBack).click();
}
