/** Writes what is generated from chart/values.yaml: its schema and the tables of its README. `npm run generate` calls it. */
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './chart-values/files.ts';

for (const { path, content } of generatedFiles()) writeFileSync(path, content);
