import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { availableParallelism } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { openTestDatabase, truncateAll } from '../fixtures/test-database.ts'
import { isPlantName, plants, sound } from './plants.ts'
import { simulateSeed } from './simulate-seed.ts'

/**
 * `npm run simulate -- --seed 1..200 [--verbose] [--plant NAME] [--jobs N]`: a line for each seed that failed, with the
 * command that repeats it; ends with `N passed, M failed`. Processes share the seeds out by remainder.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1..20' },
    verbose: { type: 'boolean', default: false },
    plant: { type: 'string', default: '' },
    jobs: { type: 'string' },
    share: { type: 'string', default: '0/1' },
  },
})

/** Each process holds a database of half a gigabyte. */
const mostJobs = 4
const progressEvery = 10

const range = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(values.seed)
if (!range) throw new Error(`--seed takes a number or a range like 1..200, not ${values.seed}`)
const first = Number(range[1])
const last = Number(range[2] ?? range[1])
if (values.plant !== '' && !isPlantName(values.plant)) {
  throw new Error(`--plant takes one of ${Object.keys(plants).join(', ')}`)
}
const plant = isPlantName(values.plant) ? plants[values.plant] : sound
const wantedJobs = values.verbose ? 1 : Number(values.jobs ?? Math.min(2, availableParallelism()))
const jobs = Math.max(1, Math.min(mostJobs, wantedJobs, last - first + 1))
const isShare = values.share !== '0/1'

const { passed, failed } = jobs > 1 && !isShare ? await shareOut() : await runHere()
console.log(`${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)

async function runHere(): Promise<{ passed: number; failed: number }> {
  const [part, parts] = values.share.split('/').map(Number) as [number, number]
  const db = await openTestDatabase()
  let [passed, failed] = [0, 0]
  for (let seed = first + part; seed <= last; seed += parts) {
    await truncateAll(db)
    const { violations, counts } = await simulateSeed(db, seed, {
      plant,
      ...(values.verbose ? { onLine: (line: string) => console.log(line), logLevel: 'info' } : {}),
    })
    const [worst] = violations
    if (worst === undefined) passed += 1
    else {
      failed += 1
      const more = violations.length > 1 ? ` and ${violations.length - 1} more` : ''
      const planted = values.plant === '' ? '' : ` --plant ${values.plant}`
      const again = `npm run simulate -- --seed ${seed}${planted} --verbose`
      console.log(`seed ${seed} broke ${worst.invariant} (${worst.detail})${more}; again: ${again}`)
    }
    if (values.verbose) {
      for (const { invariant, detail } of violations) console.log(`  ${invariant}: ${detail}`)
      console.log(JSON.stringify(counts))
    }
    if (!isShare && (passed + failed) % progressEvery === 0) console.log(`${passed + failed} seeds, ${failed} failed`)
    if (isShare) process.stdout.write('.\n')
  }
  await db.close()
  return { passed, failed }
}

async function shareOut(): Promise<{ passed: number; failed: number }> {
  const sum = { passed: 0, failed: 0 }
  let done = 0
  const beganAtMs = performance.now()
  const runs = Array.from({ length: jobs }, async (_, part) => {
    const options = ['--seed', values.seed, '--share', `${part}/${jobs}`]
    const args = [...options, ...(values.plant === '' ? [] : ['--plant', values.plant])]
    const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close') as Promise<[number | null]>
    let hasSummed = false
    for await (const line of createInterface({ input: child.stdout })) {
      const total = /^(\d+) passed, (\d+) failed$/.exec(line)
      if (total) {
        hasSummed = true
        sum.passed += Number(total[1])
        sum.failed += Number(total[2])
      } else if (line === '.') {
        done += 1
        if (done % progressEvery === 0) {
          console.log(`${done} seeds, ${Math.round((performance.now() - beganAtMs) / 1_000)} s`)
        }
      } else console.log(line)
    }
    await ended
    // A process that broke off has proved nothing about the seeds it had left.
    if (!hasSummed) sum.failed += 1
  })
  await Promise.all(runs)
  return sum
}
