import { expect, test, type Page } from '@playwright/test';
import { english } from '../../renderer/messages/en/english.ts';
import { dockTestIds } from '../../renderer/testIds/dockTestIds.ts';
import { testIds } from '../../renderer/testIds/testIds.ts';
import { LabServer } from '../fixtures/labServer.ts';
import { EditorPage } from '../pages/editorPage.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

let lab: LabServer;
test.beforeAll(async () => {
  lab = await LabServer.start();
});
test.afterAll(() => lab[Symbol.asyncDispose]());

const MOST_STOPS = 400;

interface Stop {
  readonly what: string;
  /** This element was visited before. */
  readonly isKnown: boolean;
  readonly testId: string;
  readonly isMarked: boolean;
}

/** The focused element, and whether it is visibly focused: by an outline, or by a border of the accent colour. */
async function focused(page: Page): Promise<Stop> {
  return page.evaluate(() => {
    const element = document.activeElement ?? document.body;
    const style = getComputedStyle(element);
    const around = element.parentElement ? getComputedStyle(element.parentElement) : style;
    const hasOutline = (of: CSSStyleDeclaration): boolean =>
      of.outlineStyle !== 'none' && Number.parseFloat(of.outlineWidth) >= 1;
    const path = element.querySelector('.vue-flow__edge-path');
    const accent = getComputedStyle(document.documentElement).getPropertyValue('--accent').trim();
    const probe = document.createElement('i');
    probe.style.color = accent;
    document.body.append(probe);
    const accentColour = getComputedStyle(probe).color;
    probe.remove();
    const isKnown = element.hasAttribute('data-walked');
    element.setAttribute('data-walked', '');
    return {
      what: element.outerHTML.slice(0, 160),
      isKnown,
      testId: element.getAttribute('data-testid') ?? '',
      isMarked:
        hasOutline(style) ||
        hasOutline(around) ||
        style.borderTopColor === accentColour ||
        (path !== null && getComputedStyle(path).stroke === accentColour),
    };
  });
}

/** Walks the page with Tab from the current focus until it returns there; returns every stop. */
async function walk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = [];
  for (let count = 0; count < MOST_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    // Between its last and its first stop the page itself has the focus.
    if (stop.what.startsWith('<body')) continue;
    if (stop.isKnown) return stops;
    stops.push(stop);
  }
  throw new Error(`more than ${MOST_STOPS} stops`);
}

function expectMarked(stops: readonly Stop[]): void {
  expect(stops.filter(({ isMarked }) => !isMarked).map(({ what }) => what)).toEqual([]);
}

test('Tab reaches everything on the welcome page, and the focus is always seen', async ({ page }) => {
  await page.goto(lab.url);
  await expect(page.getByTestId(testIds.welcomeFolder)).toBeEnabled();
  const stops = await walk(page);
  expectMarked(stops);
  const reached = stops.map(({ testId }) => testId);
  for (const id of [testIds.welcomeFolder, testIds.welcomeOpen, testIds.welcomeTemplate('resnet20')])
    expect(reached).toContain(id);
});

const DOCK_TABS = Object.keys(english.shell.dockTabs);
for (const tab of DOCK_TABS) {
  test(`Tab reaches everything of the workspace with the panel ${tab}, and the focus is always seen`, async ({
    page,
  }) => {
    await page.goto(lab.url);
    await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
    await new EditorPage(page).block('bn1').click();
    await page.getByTestId(testIds.dockTab(tab)).click();
    const stops = await walk(page);
    expectMarked(stops);
    const reached = stops.map(({ testId }) => testId);
    for (const id of [
      testIds.projectTab(0),
      dockTestIds.train,
      testIds.settingsMenu,
      testIds.paletteSearch,
      testIds.paletteItem('conv2d'),
      testIds.zoomFit,
      testIds.dockTab(tab),
      testIds.dockCollapse,
      testIds.blockLabel,
    ])
      expect(reached).toContain(id);
  });
}

test('each panel of the dock has a tab, a key and a command', async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await expect(page.getByTestId(testIds.dock).getByRole('tab')).toHaveCount(DOCK_TABS.length);
  for (const [index, tab] of [...DOCK_TABS.entries()].toReversed()) {
    await page.keyboard.press(`Alt+${index + 1}`);
    await expect(page.getByTestId(testIds.dockTab(tab))).toHaveAttribute('aria-selected', 'true');
    await expect(page.locator(`#panel-${tab}`)).toBeVisible();
  }
  await page.keyboard.press('Control+k');
  for (const tab of DOCK_TABS)
    await expect(page.getByTestId(testIds.command(`view.dock.${tab}`))).toBeVisible();
});

test('the tabs of the dock and the settings are used without a mouse', async ({ page }) => {
  await page.goto(lab.url);
  await page.getByTestId(testIds.welcomeTemplate('mnist-cnn-bn')).click();
  await page.getByTestId(testIds.dockTab('data')).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByTestId(testIds.dockTab('train'))).toBeFocused();
  await expect(page.getByTestId(testIds.dockTab('train'))).toHaveAttribute('aria-selected', 'true');
  await page.getByTestId(testIds.settingsMenu).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId(testIds.themeSelect)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId(testIds.themeSelect)).toBeHidden();
  await expect(page.getByTestId(testIds.settingsMenu)).toBeFocused();
});
