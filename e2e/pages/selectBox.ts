import { expect, type Locator } from '@playwright/test';

/** Which option: by its value, by the words that it shows, or by its place from 0. */
type Wanted = string | { readonly label: string } | { readonly index: number };

/** A choice from a list: `UiSelect`, known by its button. Only one list is open at a time. */
export class SelectBox {
  readonly button: Locator;

  constructor(button: Locator) {
    this.button = button;
  }

  async choose(wanted: Wanted): Promise<void> {
    await this.button.click();
    await this.option(wanted).click();
    await expect(this.list()).toHaveCount(0);
  }

  /** Expects that the list has so many options; opens it for that, as often as it takes, and closes it. */
  async expectOptions(count: number, timeout: number): Promise<void> {
    await expect(async () => {
      await this.button.click({ timeout: 2_000 });
      const options = await this.list().getByRole('option').count();
      await this.button.page().keyboard.press('Escape');
      expect(options).toBe(count);
    }).toPass({ timeout });
    await expect(this.list()).toHaveCount(0);
  }

  private list(): Locator {
    return this.button.page().locator('[data-overlay][role="listbox"]');
  }

  private option(wanted: Wanted): Locator {
    if (typeof wanted === 'string') return this.list().locator(`[data-value="${wanted}"]`);
    if ('index' in wanted) return this.list().getByRole('option').nth(wanted.index);
    return this.list().getByRole('option', { name: wanted.label, exact: true });
  }
}
