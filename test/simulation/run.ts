import { parseArgs } from 'node:util'
import { openTestDatabase, truncateAll } from '../fixtures/test-database.ts'
import { isPlantName, plants, sound } from './plants.ts'
import { simulateSeed } from './simulate-seed.ts'

/** `npm run simulate -- --seed 1..200 [--verbose] [--plant NAME]`: ends with `N passed, M failed`. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1..20' }, verbose: { type: 'boolean' }, plant: { type: 'string' } },
})
const range = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(values.seed)
if (!range) throw new Error(`--seed takes a number or a range like 1..200, not ${values.seed}`)
const planted = values.plant ?? ''
if (planted !== '' && !isPlantName(planted)) throw new Error(`--plant takes one of ${Object.keys(plants).join(', ')}`)
const plant = isPlantName(planted) ? plants[planted] : sound
const first = Number(range[1])
const last = Number(range[2] ?? range[1])
const db = await openTestDatabase()
let failed = 0
const totals: Record<string, number> = {}
const beganAt = performance.now()
for (let seed = first; seed <= last; seed++) {
  await truncateAll(db)
  const result = await simulateSeed(db, seed, {
    plant,
    ...(values.verbose ? { onLine: (line: string) => console.log(line), logLevel: 'info' } : {}),
  })
  for (const [what, count] of Object.entries(result.counts)) totals[what] = (totals[what] ?? 0) + count
  const violations = result.violations
  if (violations.length > 0) {
    failed += 1
    const [worst] = violations
    console.log(
      `seed ${seed} broke ${worst?.invariant} (${worst?.detail})${violations.length > 1 ? ` and ${violations.length - 1} more` : ''}: npm run simulate -- --seed ${seed} --verbose`,
    )
  }
  if (values.verbose) for (const { invariant, detail } of violations) console.log(`  ${invariant}: ${detail}`)
  const done = seed - first + 1
  if (done % 10 === 0) console.log(`${done} seeds, ${failed} failed, ${Math.round(performance.now() - beganAt)} ms`)
}
console.log(JSON.stringify(totals))
await db.close()
console.log(`${last - first + 1 - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
