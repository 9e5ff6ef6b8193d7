// Builds the page into a folder (dist beside this file, or the one that is named): one script, one worker, one style sheet,
// the page itself, and the licences of the packages that are inside.
import { build } from 'esbuild';
import { cp, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const web = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(web, 'dist'));

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const result = await build({
  absWorkingDir: web,
  entryPoints: { explorer: 'src/main.ts', 'index-worker': 'src/map/index-worker.ts', style: 'src/style.css' },
  outdir: out,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  charset: 'utf8',
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
await cp(join(web, 'src/index.html'), join(out, 'index.html'));
await cp(join(web, 'src/icon.svg'), join(out, 'icon.svg'));
await writeFile(join(out, 'licenses.txt'), await licenses(Object.keys(result.metafile.inputs)));

/** Returns the licences of all packages that a file of the page came from, and of those that they have inside. */
async function licenses(inputs) {
  const waiting = inputs.flatMap(input => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? []);
  const texts = new Map();
  while (waiting.length > 0) {
    const name = waiting.pop();
    if (texts.has(name)) {
      continue;
    }

    const folder = join(web, 'node_modules', name);
    const about = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    const file = (await readdir(folder)).find(entry => /^licen[cs]e/i.test(entry));
    const license = file ? await readFile(join(folder, file), 'utf8') : about.license;
    texts.set(name, `${name} ${about.version}\n\n${license.trim()}\n\n\n`);
    waiting.push(...Object.keys(about.dependencies ?? {}));
  }

  return [...texts.keys()].sort().map(name => texts.get(name)).join('');
}
