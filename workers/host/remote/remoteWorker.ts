import { z } from 'zod';
import { serveCalls } from '../../threads/calls.ts';
import { remoteHandlers } from './remoteHandlers.ts';

/** Entry of the thread that reads the folders of runs that train elsewhere. */
void serveCalls(z.null(), remoteHandlers);
