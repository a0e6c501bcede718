import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/**
 * `npm run bench -- NAME [ARGUMENTS]`: runs bench/NAME.ts, whose progress goes to standard error, and prints its figures as one line
 * of JSON on standard output. Without a name it lists them.
 */
const folder = fileURLToPath(new URL('.', import.meta.url))
const wrongNameExitCode = 2

interface Bench {
  run(args: readonly string[]): Promise<Record<string, unknown>>
}

/** A bench is a file here that exports `run`; the others are its parts. */
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.ts'))
  .filter((file) => /^export (async )?function run\(/m.test(readFileSync(`${folder}${file}`, 'utf8')))
  .map((file) => file.slice(0, -'.ts'.length))

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  process.stderr.write(`npm run bench -- NAME, one of:\n${names.map((one) => `  ${one}\n`).join('')}`)
  process.exitCode = wrongNameExitCode
} else {
  const bench = (await import(`./${name}.ts`)) as Bench
  process.stdout.write(`${JSON.stringify(await bench.run(args))}\n`)
}
