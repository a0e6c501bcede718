/**
 * Solves one file of a published benchmark of bike rebalancing and prints the plan as one line of JSON:
 *
 *   npm run --silent plan -- --brp FILE --seconds 30 --seed 1
 *   npm run --silent plan -- --pdtsp FILE --seconds 30 --seed 1
 *
 * The format, the algorithm and what it reaches: `--help` and server/rebalancing/core/tours.
 */
import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { checkTours } from '../server/rebalancing/core/tours/check-tours.ts'
import type { TourInstance } from '../server/rebalancing/core/tours/instance.ts'
import { readBrp } from '../server/rebalancing/core/tours/read-brp.ts'
import { readPdtsp } from '../server/rebalancing/core/tours/read-pdtsp.ts'
import { preciseEpochMs } from '../server/rebalancing/tour-cycle.ts'
import { solveTours, type TourBudget } from '../server/rebalancing/tour-solver.ts'

const wrongInputExitCode = 2
const leastSeconds = 0.5
const mostSeconds = 3_600
const defaultSeconds = 10
const mostSeed = 0xffff_ffff
const mostIterations = 1_000_000_000
/** Kept for npm's own start (it is not in our clock), for stopping the threads and for printing. */
const farewellMs = 500
/** And this share of the seconds: a busy machine comes late to everything. */
const farewellShare = 0.01
/** Largest file that is read, bytes: 1,000 nodes with long numbers fit. */
const mostFileBytes = 64 * 1024 * 1024

const help = `Solves one benchmark file of bike rebalancing and prints one line of JSON.

  npm run --silent plan -- --brp FILE    [--seconds S] [--seed N]   several vans, asymmetric distances
  npm run --silent plan -- --pdtsp FILE  [--seconds S] [--seed N]   one van, one tour

  --brp FILE       bike sharing rebalancing problem (Dell'Amico et al. 2014): number of nodes, demands, capacity, matrix
  --pdtsp FILE     1-PDTSP (Hernandez-Perez, Salazar-Gonzalez), TSPLIB-like; node 1 of the file is the depot and is
                   node 0 in the answer, so node k of the file is printed as k - 1
  --seconds S      ${leastSeconds} to ${mostSeconds}, wall time of the whole process from its start; default ${defaultSeconds}
  --iterations K   1 to ${mostIterations} iterations per thread instead of seconds: the same seed and K give the same plan
  --seed N         0 to ${mostSeed}; default 1
  --help           this text

Answer: {"cost", "vehicles", "feasible", "seconds", "routes"}; each route is a list of nodes from and to the depot 0.
Progress goes to standard error. Exit code 0: a plan that can be driven; 1: none was found; ${wrongInputExitCode}: the input is wrong.
`

/** A wrong option or file: said in one sentence, ends with code 2. */
class WrongInput extends Error {}

interface Request {
  readonly instance: TourInstance
  readonly budget: TourBudget
  readonly seed: number
}

await main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exitCode = failure instanceof WrongInput ? wrongInputExitCode : 1
})

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2))
  if (request === null) {
    process.stdout.write(help)
    return
  }
  const { instance, budget, seed } = request
  const solved = await solveTours(instance, budget, seed, (line) => process.stderr.write(`${line}\n`))
  const tours = solved.tours ?? []
  const checked = checkTours(instance, tours)
  const feasible = checked.faults.length === 0
  if (!feasible) {
    process.stderr.write(`no plan that can be driven was found: ${checked.faults[0]}\n`)
    process.exitCode = 1
  }
  const answer = {
    cost: feasible ? checked.cost : null,
    vehicles: tours.length,
    feasible,
    seconds: Math.round(performance.now()) / 1_000,
    routes: tours.map((tour) => [0, ...tour, 0]),
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}

/** Null asks for help. */
function readRequest(args: string[]): Request | null {
  const values = readOptions(args)
  if (values.help === true) return null
  if ((values.brp === undefined) === (values.pdtsp === undefined))
    throw new WrongInput('give either --brp FILE or --pdtsp FILE (see --help)')
  if (values.seconds !== undefined && values.iterations !== undefined)
    throw new WrongInput('give either --seconds or --iterations, not both')
  const seed = wholeOption('seed', values.seed ?? '1', 0, mostSeed)
  const budget = readBudget(values.seconds ?? `${defaultSeconds}`, values.iterations)
  return { instance: readInstance(values.brp, values.pdtsp), budget, seed }
}

function readOptions(args: string[]) {
  try {
    const text = { type: 'string' } as const
    const options = {
      brp: text,
      pdtsp: text,
      seconds: text,
      iterations: text,
      seed: text,
      help: { type: 'boolean' },
    } as const
    return parseArgs({ args, options }).values
  } catch (cause) {
    throw new WrongInput(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function readBudget(secondsText: string, iterationsText: string | undefined): TourBudget {
  if (iterationsText !== undefined) return { iterations: wholeOption('iterations', iterationsText, 1, mostIterations) }
  const seconds = /^\d+(\.\d+)?$/.test(secondsText) ? Number(secondsText) : Number.NaN
  if (!(seconds >= leastSeconds && seconds <= mostSeconds))
    throw new WrongInput(`--seconds is "${secondsText}", a number from ${leastSeconds} to ${mostSeconds} was expected`)
  // performance.now() counts from the start of the process.
  const leftMs = seconds * 1_000 * (1 - farewellShare) - performance.now() - farewellMs
  return { untilEpochMs: preciseEpochMs() + Math.max(0, leftMs) }
}

function readInstance(brp: string | undefined, pdtsp: string | undefined): TourInstance {
  const path = brp ?? pdtsp ?? ''
  const bytes = readBytes(path)
  if (bytes.length > mostFileBytes)
    throw new WrongInput(`${path}: ${bytes.length} bytes, at most ${mostFileBytes} are read`)
  const text = bytes.toString('latin1')
  const read = brp === undefined ? readPdtsp(basename(path), text) : readBrp(basename(path), text)
  if (read.kind === 'refused') throw new WrongInput(`${path}: ${read.sentence}`)
  return read.instance
}

function readBytes(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new WrongInput(`${path}: cannot be read (${cause instanceof Error ? cause.message : String(cause)})`, {
      cause,
    })
  }
}

function wholeOption(name: string, text: string, from: number, to: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= from && value <= to) return value
  throw new WrongInput(`--${name} is "${text}", a whole number from ${from} to ${to} was expected`)
}
