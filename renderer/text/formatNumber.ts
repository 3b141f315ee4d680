const MB = 1024 * 1024;

/** `73856` -> `73,856` in the language's own grouping. */
export function formatCount(value: number, language: string): string {
  return new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(value);
}

/** Counts of operations: `1.24 G`, `37 M`; three significant digits. `unit` follows the prefix. */
export function formatScaled(value: number, language: string, unit = ''): string {
  const steps = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
    [1e3, 'k'],
  ] as const;
  const [size, prefix] = steps.find(([from]) => value >= from) ?? [1, ''];
  const digits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }).format(value / size);
  const suffix = `${prefix}${unit}`;
  return suffix ? `${digits} ${suffix}` : digits;
}

/** `5.3 MB`, powers of 1024. */
export function formatBytes(sizeBytes: number, language: string): string {
  const format = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  if (sizeBytes >= 1024 * MB) return `${format.format(sizeBytes / (1024 * MB))} GB`;
  if (sizeBytes >= MB) return `${format.format(sizeBytes / MB)} MB`;
  if (sizeBytes >= 1024) return `${format.format(sizeBytes / 1024)} KB`;
  return `${sizeBytes} B`;
}
