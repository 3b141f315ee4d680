import { expect, test } from '@playwright/test';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { SelectBox } from '../pages/selectBox.ts';
import { TrainPage } from '../pages/trainPage.ts';

test('without the native engine a standing notice says why, and what mends it', async ({ page }) => {
  await using lab = await LabServer.start({ NORMLAB_NATIVE: '/no/such/engine.node' });
  await page.goto(lab.url);
  const notice = page.getByTestId(testIds.engineNotice);
  await expect(notice).toContainText('slow reference engine');
  await expect(notice).toContainText('not built');
  await expect(notice.locator('code')).toContainText('npm run setup');
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  await expect(notice).toBeVisible();
  await page.getByTestId(testIds.settingsMenu).click();
  await new SelectBox(page.getByTestId(testIds.languageSelect)).choose('zh-CN');
  await expect(notice).toContainText('参考引擎');
});

test('a run on the reference engine carries a mark', async ({ page }) => {
  await using lab = await LabServer.start({ NORMLAB_NATIVE: '/no/such/engine.node' });
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeSample).click();
  await new TrainPage(page).expectRunning();
  await expect(page.getByTestId(dockTestIds.runCard).getByTestId(dockTestIds.referenceMark)).toBeVisible();
});

test('with the native engine there is no such notice', async ({ page }) => {
  await using lab = await LabServer.start();
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('bn-mlp')).click();
  await expect(page.getByTestId(testIds.canvas)).toBeVisible();
  await expect(page.getByTestId(testIds.engineNotice)).toHaveCount(0);
});
