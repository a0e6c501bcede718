import { parseArgs } from 'node:util'
import { holdsCity } from './kept-city.ts'

const largestSeed = 4_294_967_295
const usage = 'usage: make-city.ts --out FOLDER [--seed 0…4294967295] [--radius-m 900…6000]'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    'radius-m': { type: 'string', default: '3300' },
  },
})
const seed = Number(values.seed)
const radiusM = Number(values['radius-m'])
const isUsable =
  values.out !== undefined &&
  Number.isInteger(seed) &&
  seed >= 0 &&
  seed <= largestSeed &&
  radiusM >= 900 &&
  radiusM <= 6_000

if (values.out === undefined || !isUsable) {
  process.stderr.write(`${usage}\n`)
  process.exitCode = 2
} else {
  const order = { out: values.out, seed, radiusM }
  if (holdsCity(order)) process.stdout.write('city is up to date\n')
  else {
    const { writeCity } = await import('./write-city.ts')
    writeCity(order, (line) => process.stdout.write(`${line}\n`))
    process.stdout.write('city is ready\n')
  }
}
