import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { RUN_POLICIES } from '../../core/nodes/batchNormPolicies.ts';
import { policyTestIds } from '../../renderer/testIds/policyTestIds.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { modelTestIds } from '../../renderer/testIds/modelTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { drawImages } from '../../workers/runs/testing/imageFolder.ts';
import { expectAccessible } from '../fixtures/axe.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { station } from '../fixtures/station.ts';
import { writeModel } from '../fixtures/modelFile.ts';
import { EditorPage } from '../pages/editorPage.ts';
import { FilePicker } from '../pages/filePicker.ts';

let lab: LabServer;
test.beforeEach(async ({ page }) => {
  lab = await LabServer.start();
  writeModel(join(lab.folder, 'tiny.safetensors'));
  await drawImages(join(lab.folder, 'birds'), 30, 1);
  await page.goto(lab.url);
  await openProject(page);
});
test.afterEach(() => lab[Symbol.asyncDispose]());

/** A project that starts from a model for the classes of the folder, so that its head is kept. */
async function openProject(page: Page): Promise<void> {
  await page.getByTestId(testIds.welcomeWeights).click();
  await page.getByTestId(modelTestIds.source('file')).click();
  await page.getByTestId(modelTestIds.chooseFile).click();
  await new FilePicker(page).goTo(lab.folder);
  await page.getByTestId(dockTestIds.fileEntry('tiny.safetensors')).dblclick();
  await page.getByTestId(modelTestIds.folder).click();
  await new FilePicker(page).choosePath(join(lab.folder, 'birds'));
  await page.getByTestId(modelTestIds.open).click();
  await expect(page.getByTestId(dockTestIds.dataImages)).toContainText('90');
}

async function compare(page: Page, epochs: number): Promise<void> {
  await page.getByTestId(policyTestIds.open).click();
  await page.getByTestId(policyTestIds.epochs).fill(String(epochs));
  await expect(page.getByTestId(policyTestIds.cost)).toContainText('5 runs');
}

test('five policies are trained one after another, compared, and the chosen one is used', async ({
  page,
}) => {
  await test.step('the dialog says what it costs', async () => {
    await compare(page, 4);
    await expect(page.getByTestId(policyTestIds.cost)).toContainText('5 runs × 4 epochs = 20 epochs');
    await expectAccessible(page, 'dialog of the comparison');
    await station(page, 'compare-1-dialog');
    await page.getByTestId(policyTestIds.start).click();
  });

  await test.step('a line for each policy, and what they say', async () => {
    const panel = page.getByTestId(policyTestIds.panel);
    await expect(panel).toBeVisible();
    await expect(page.getByTestId(policyTestIds.stop)).toHaveCount(0, { timeout: 90_000 });
    for (const policy of ['start', ...RUN_POLICIES])
      await expect(page.getByTestId(policyTestIds.row(policy))).toContainText(/\d+ of \d+/);
    await expect(page.getByTestId(policyTestIds.row('frozen'))).toContainText('moved 0 σ');
    await expect(page.getByTestId(policyTestIds.row('recalibrated'))).toContainText('without training');
    await expect(page.getByTestId(policyTestIds.verdict)).toContainText('validation images');
    await expect(page.getByTestId(dockTestIds.chart('accuracy'))).toBeVisible();
    await expectAccessible(page, 'table of the comparison');
    await station(page, 'compare-2-table');
  });

  await test.step('a policy is used, and taken back', async () => {
    await page.getByTestId(policyTestIds.use('recalibrated')).click();
    await expect(page.getByTestId(modelTestIds.trunkNorms)).toContainText('Frozen');
    await expect(page.getByTestId(policyTestIds.startStatistics)).toHaveAttribute('aria-checked', 'true');
    await page.getByTestId(testIds.undo).click();
    await expect(page.getByTestId(policyTestIds.startStatistics)).toHaveAttribute('aria-checked', 'false');
  });

  await test.step('the table is there after a reload', async () => {
    await page.reload();
    await new EditorPage(page).openDock('train');
    await page.getByTestId(dockTestIds.runTab('comparison')).click();
    for (const policy of ['start', ...RUN_POLICIES])
      await expect(page.getByTestId(policyTestIds.row(policy))).toContainText(/\d+ of \d+/);
  });
});

test('a comparison that is stopped keeps its runs and starts no other', async ({ page }) => {
  await compare(page, 100_000);
  await page.getByTestId(policyTestIds.start).click();
  await expect(page.getByTestId(policyTestIds.row('frozen'))).toContainText('epoch', { timeout: 30_000 });
  await expect(page.getByTestId(policyTestIds.row('all'))).toContainText('Waiting');
  await station(page, 'compare-3-running');
  await page.reload();
  await expect(page.getByTestId(policyTestIds.stop)).toBeVisible();
  await page.getByTestId(policyTestIds.stop).click();
  await expect(page.getByTestId(policyTestIds.row('frozen'))).toContainText('Stopped', {
    timeout: 30_000,
  });
  await expect(page.getByTestId(policyTestIds.row('all'))).toHaveCount(0);
  expect(readdirSync(join(lab.folder, 'lab-home', 'runs'))).toHaveLength(1);
});
