import { parseArgs } from 'node:util'
import { isScenarioName, scenarios } from '../../lock-simulator/scenarios/all.ts'
import { openSimulationDatabase, truncateAll } from '../fixtures/test-database.ts'
import { isPlantName, plants, sound } from './plants.ts'
import { type Lived, printTable, shareOut, sumOf } from './share-out.ts'
import { simulateSeed } from './simulate-seed.ts'

/**
 * `npm run simulate -- --seed 1..200 [--hours H] [--bikes B] [--faults swarm|none] [--scenario NAME] [--jobs N]
 * [--verbose] [--plant NAME]`: a line for each seed with its time, and for one that failed the command that repeats it;
 * ends with what went wrong how often, and `N passed, M failed`. Processes share the seeds out by remainder.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1..20' },
    hours: { type: 'string' },
    bikes: { type: 'string' },
    faults: { type: 'string', default: 'swarm' },
    scenario: { type: 'string', default: '' },
    verbose: { type: 'boolean', default: false },
    plant: { type: 'string', default: '' },
    jobs: { type: 'string', default: '2' },
    share: { type: 'string', default: '0/1' },
  },
})

/** Each process holds a database of half a gigabyte. */
const mostJobs = 4
const mostHours = 24 * 7
const mostBikes = 5_000

const range = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/.exec(values.seed)
if (!range) throw new Error(`--seed takes a number or a range like 1..200, not ${values.seed}`)
const first = Number(range[1])
const last = Number(range[2] ?? range[1])
if (values.plant !== '' && !isPlantName(values.plant)) {
  throw new Error(`--plant takes one of ${Object.keys(plants).join(', ')}`)
}
if (values.scenario !== '' && !isScenarioName(values.scenario)) {
  throw new Error(`--scenario takes one of ${Object.keys(scenarios).join(', ')}`)
}
if (values.faults !== 'swarm' && values.faults !== 'none') throw new Error('--faults takes swarm or none')
const plant = isPlantName(values.plant) ? plants[values.plant] : sound
const scenario = isScenarioName(values.scenario) ? scenarios[values.scenario] : undefined
const street = {
  bikes: numberIn('bikes', values.bikes, mostBikes),
  hours: numberIn('hours', values.hours, mostHours),
  faults: values.faults,
} as const
const isShare = values.share !== '0/1'
const jobs = Math.max(1, Math.min(mostJobs, values.verbose ? 1 : Number(values.jobs), last - first + 1))
/** What makes a seed the same again. */
const same = ['hours', 'bikes', 'faults', 'scenario', 'plant'].flatMap((name) => {
  const value = values[name as 'hours']
  return value === undefined || value === '' || value === 'swarm' ? [] : [`--${name}`, value]
})

const total = jobs > 1 && !isShare ? await shareOut(['--seed', values.seed, ...same], jobs) : await runHere()
const missing = isShare ? [] : printTable(total)
const isSwarm = street.faults === 'swarm' && scenario === undefined && values.plant === ''
/** So many streets between them have met everything, or a fault is no longer laid. */
const seedsThatMeetAll = 20
const isIncomplete = isSwarm && last - first + 1 >= seedsThatMeetAll && missing.length > 0
if (isSwarm && missing.length > 0) {
  const said = isIncomplete ? 'so this run proves nothing of it, and fails' : 'so this run proves nothing of it'
  console.log(`never happened, ${said}: ${missing.join(', ')}`)
}
console.log(isShare ? `sum ${JSON.stringify(total)}` : `${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 && !isIncomplete && total.passed > 0 ? 0 : 1)

async function runHere(): Promise<Lived> {
  const [part, parts] = values.share.split('/').map(Number) as [number, number]
  const db = await openSimulationDatabase()
  let total: Lived = { passed: 0, failed: 0, counts: {} }
  for (let seed = first + part; seed <= last; seed += parts) {
    await truncateAll(db)
    const beganAtMs = performance.now()
    const { violations, counts, events, virtualMinutes, hash } = await simulateSeed(db, seed, {
      plant,
      street,
      ...(scenario === undefined ? {} : { scenario }),
      ...(values.verbose ? { onLine: (line: string) => console.log(line), logLevel: 'info' } : {}),
    })
    const [worst] = violations
    total = sumOf(total, { passed: worst ? 0 : 1, failed: worst ? 1 : 0, counts })
    const seconds = ((performance.now() - beganAtMs) / 1_000).toFixed(1)
    const { ride = 0 } = counts
    console.log(
      `seed ${seed}: ${seconds} s for ${virtualMinutes} min, ${events} events, ${ride} rides, ${hash.slice(0, 12)}`,
    )
    if (worst !== undefined) {
      const more = violations.length > 1 ? ` and ${violations.length - 1} more` : ''
      const again = ['npm run simulate -- --seed', seed, ...same, '--verbose'].join(' ')
      console.log(`seed ${seed} broke ${worst.invariant} at event ${events} (${worst.detail})${more}; again: ${again}`)
    }
    if (values.verbose) {
      for (const { invariant, detail } of violations) console.log(`  ${invariant}: ${detail}`)
      console.log(JSON.stringify(counts))
    }
  }
  await db.close()
  return total
}

function numberIn(name: string, text: string | undefined, most: number): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (!(value > 0 && value <= most)) throw new Error(`--${name} takes a number up to ${most}, not ${text}`)
  return name === 'bikes' ? Math.round(value) : value
}
