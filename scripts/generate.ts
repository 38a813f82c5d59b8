/** Writes what is generated: the chart's schema and tables from its values, docs/openapi.json from the backend. `npm run generate` calls it. */
import { writeFileSync } from 'node:fs';
import { generatedFiles } from './chart-values/files.ts';
import { documentPath, openApiDocument } from './openapi/document.ts';

for (const { path, content } of generatedFiles()) writeFileSync(path, content);
writeFileSync(documentPath, await openApiDocument());
