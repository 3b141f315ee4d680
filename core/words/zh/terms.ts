import { termsOf } from '../terms.ts';
import { kinds } from './terms/kinds.ts';
import { optionHelps, options } from './terms/options.ts';
import { params } from './terms/params.ts';
import { presets } from './terms/presets.ts';
import { templates } from './terms/templates.ts';

/** Names and help texts of blocks and their parameters, built-in networks and their like. */
export const terms = termsOf({ kinds, params, options, optionHelps, presets, templates });
