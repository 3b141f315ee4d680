import { z } from 'zod';

// Zod would otherwise try `new Function`, which the page's content policy forbids. Must run before the first schema is
// used.
z.config({ jitless: true });
