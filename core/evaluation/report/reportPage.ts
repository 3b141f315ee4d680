import type { Language } from '../../words/catalogues.ts';
import { element, styleSheet, text, type Markup } from './html.ts';
import { REPORT_STYLE } from './reportStyle.ts';

const POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/**
 * A report as one HTML file that refers to nothing outside itself and runs no script: the policy in its head forbids
 * everything but its own styles and images.
 */
export function reportPage(title: string, language: Language, main: Markup): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { name: 'generator', content: 'NormLab' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('title', {}, text(title)),
    styleSheet(REPORT_STYLE),
  );
  return `<!doctype html>\n${element('html', { lang: language }, head, element('body', {}, main))}\n`;
}

/** Number of leading bytes that `isReport` needs. */
export const REPORT_HEAD_BYTES = 160;

/** Whether a file that begins with `head` is a report of NormLab. */
export function isReport(head: Uint8Array): boolean {
  const begins = /^<!doctype html>\n<html lang="[A-Za-z-]+"><head><meta charset="utf-8">/i;
  const text = String.fromCharCode(...head.subarray(0, REPORT_HEAD_BYTES));
  return begins.test(text) && text.includes('<meta name="generator" content="NormLab">');
}

export function section(title: string, ...contents: readonly Markup[]): Markup {
  return element('section', {}, element('h2', {}, text(title)), ...contents);
}

/** Sections beside each other where the page is wide enough. */
export function sideBySide(...sections: readonly Markup[]): Markup {
  return element('div', { class: 'beside' }, ...sections);
}

/** A section that may break across pages. */
export function longSection(title: string, contents: Markup): Markup {
  const scrolled = element('div', { class: 'scroll' }, contents);
  return element('section', { class: 'long' }, element('h2', {}, text(title)), scrolled);
}
