import { isMainThread } from 'node:worker_threads';

// Loaded by `--import` into a process that is measured: its last line on stderr is the peak of its memory.
if (isMainThread)
  process.on('exit', () => {
    process.stderr.write(`\npeak memory: ${process.resourceUsage().maxRSS} KB\n`);
  });
