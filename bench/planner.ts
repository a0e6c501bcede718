import { execFile, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual, promisify } from 'node:util'
import { checkNightPlan } from '../server/rebalancing/core/night/check-night-plan.ts'
import { proportionalPlan } from '../server/rebalancing/core/night/proportional-plan.ts'
import { scheduleSequences } from '../server/rebalancing/core/night/schedule-route.ts'
import type { NightPlan } from '../server/rebalancing/core/night-plan.ts'
import type { NightProblem } from '../server/rebalancing/core/night-problem.ts'
import { planRoutes } from '../server/rebalancing/core/plan-routes.ts'
import { planNight } from '../server/rebalancing/night-planner.ts'
import { makeNight } from './planner-night.ts'
import { isInstalled, makePeersFolder, orToolsPackage } from './planner-ortools.ts'

const nightSeed = 7
const size = { stops: 600, hotspots: 60, vans: 3, capacity: 22, hours: 8 }
const planSeed = 1
const reportedS = [5, 15, 60, 120]
const repeatIterations = 3_000
const orToolsS = 120
/** `--short` takes a tenth of the time. */
const shortShare = 0.1

const say = (sentence: string): void => void process.stderr.write(`${sentence}\n`)

/**
 * A made-up night of 3 vans, 600 places and 8 hours: rides won (moves minus what driving and time cost) by the planner
 * after 5 to 120 seconds, by the proportional mover, and by OR-Tools as npm has it, its orders quantified by us.
 */
export async function run(args: readonly string[] = []): Promise<Record<string, unknown>> {
  const share = args.includes('--short') ? shortShare : 1
  const problem = makeNight(nightSeed, size)
  const proportional = proportionalPlan(problem)
  say(`proportional mover: ${proportional.objective.toFixed(1)} rides`)
  const searched = await searchedRows(
    problem,
    reportedS.map((seconds) => seconds * share),
  )
  say('the same seed and iterations twice')
  const [once, again] = [await repeated(problem), await repeated(problem)]
  const orTools = await orToolsValue(problem, orToolsS * share)
  const last = searched.plan
  return {
    ...size,
    rows: searched.rows,
    proportional_value: round(proportional.objective),
    ratio_to_proportional: round(last.objective / proportional.objective),
    no_move_value: 0,
    ortools_value: orTools.value,
    ortools_note: orTools.note,
    reproducible: isDeepStrictEqual(once, again),
    faults: checkNightPlan(problem, last).length + checkNightPlan(problem, proportional).length,
    iterations: searched.iterations,
    iterations_per_s: Math.round(searched.iterations / searched.seconds),
    bikes_moved: last.bikesMoved,
    km: round(last.distanceM / 1_000),
    units: 'rides won minus rides that driving and time cost',
  }
}

const round = (value: number): number => Math.round(value * 100) / 100

async function searchedRows(problem: NightProblem, reportS: readonly number[]) {
  const rows: { seconds: number; value: number }[] = []
  let value = 0
  const longest = Math.max(...reportS)
  const reached = (seconds: number): void => {
    for (const report of reportS.slice(rows.length))
      if (report <= seconds) rows.push({ seconds: report, value: round(value) })
  }
  const planned = await planNight(problem, {
    seconds: longest,
    seed: planSeed,
    onProgress: (progress) => {
      reached(Math.min(progress.seconds, longest - Number.EPSILON * longest))
      value = progress.objective
      say(`${progress.seconds.toFixed(1)} s: ${value.toFixed(1)} rides`)
    },
  })
  value = planned.plan.objective
  reached(Number.POSITIVE_INFINITY)
  return { rows, ...planned }
}

async function repeated(problem: NightProblem): Promise<NightPlan> {
  return (await planNight(problem, { iterations: repeatIterations, seed: planSeed, threads: 2 })).plan
}

interface OrToolsNews {
  readonly strategy?: string
  readonly price?: number
  readonly solutions?: number | null
  readonly seconds?: number
  readonly orders?: number[][]
  readonly fault?: string
}

async function orToolsValue(problem: NightProblem, limitS: number): Promise<{ value: number | null; note: string }> {
  try {
    await installOrTools()
  } catch (fault) {
    return { value: null, note: `${orToolsPackage} can't be had: ${String(fault).slice(0, 200)}` }
  }
  const { news, ended } = await hearOrTools(problem, limitS)
  let value: number | null = null
  const notes: string[] = []
  for (const one of news) {
    if (one.orders === undefined) notes.push(one.fault ?? 'nothing')
    else {
      const objective = quantified(problem, one.orders)
      value = Math.max(value ?? 0, objective)
      const won = `${objective.toFixed(1)} rides`
      notes.push(
        `${one.strategy} (${one.solutions ?? 'all'}) at ${one.price?.toFixed(2)} a bike: ${won} in ${one.seconds?.toFixed(1)} s`,
      )
    }
  }
  if (!ended) notes.push(`stopped after ${limitS} s`)
  const note = `first solutions and descent, no guided search; windows are not told; ${notes.join('; ')}`
  say(`OR-Tools: ${note}`)
  return { value: value === null ? null : round(value), note }
}

/** It knows no windows: stops outside theirs are left out, then stops at which the best quantities do nothing. */
function quantified(problem: NightProblem, orders: readonly (readonly number[])[]): number {
  let kept = orders
  for (;;) {
    const scheduled = scheduleSequences(problem, kept)
    if ('plan' in scheduled) return planRoutes(problem, { seed: planSeed, from: kept }).objective()
    const [outside] = scheduled.faults.filter((fault) => fault.kind === 'outside_window')
    if (outside === undefined) return 0
    const van = problem.vans.findIndex(({ vanId }) => vanId === outside.vanId)
    kept = kept.map((order, v) => {
      const merged = order.filter((place, at) => place !== order[at - 1])
      return v === van ? merged.filter((_, at) => at !== outside.stop) : order
    })
  }
}

async function installOrTools(): Promise<void> {
  const folder = await makePeersFolder()
  if (isInstalled()) return
  say(`installing ${orToolsPackage} into ${folder}`)
  const wish = ['install', '--prefix', folder, orToolsPackage, '--no-save', '--ignore-scripts']
  await promisify(execFile)('npm', wish, { cwd: folder })
}

function hearOrTools(problem: NightProblem, limitS: number): Promise<{ news: OrToolsNews[]; ended: boolean }> {
  return new Promise((resolve) => {
    const news: OrToolsNews[] = []
    const child = fork(fileURLToPath(new URL('./planner-ortools.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let isStopped = false
    const timer = setTimeout(() => {
      isStopped = true
      child.kill('SIGKILL')
    }, limitS * 1_000)
    child.on('message', (one: OrToolsNews) => news.push(one))
    child.on('exit', () => {
      clearTimeout(timer)
      resolve({ news, ended: !isStopped })
    })
    child.send(problem)
  })
}
