import type { NightSettings, PlanFigures, PlanState, PlanSummary } from '../../contracts/http/nights.ts'
import { type EpochMs, epochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { NightPlan } from './core/night-plan.ts'
import type { NightProblem, Van } from './core/night-problem.ts'
import type { NightFacts } from './core/tonight/night-inputs.ts'
import type { DistanceSource } from './distances/distances.ts'

/** A plan's row without the large parts. */
export interface StoredPlan {
  readonly planId: string
  readonly night: string
  readonly depotId: string
  readonly state: PlanState
  readonly revision: number
  readonly seed: number
  /** Seconds that the search took; before it, what it may take. */
  readonly planSeconds: number
  readonly iterations: number
  readonly settings: NightSettings
  readonly progress: PlanProgress | null
  readonly failure: string | null
  readonly createdAt: EpochMs
  readonly publishedAt: EpochMs | null
}

export interface PlanProgress {
  readonly share: number
  readonly objective: number
}

/** Facts as they are kept: those of the inputs, and where the ways come from. */
export interface KeptFacts extends NightFacts {
  readonly distances: DistanceSource
  readonly distancesNote: string | null
}

/** What a plan was made from: never changed afterwards. */
export interface PlanInputs {
  readonly problem: NightProblem
  readonly facts: KeptFacts
}

/** What people and crews change. */
export interface PlanBody {
  readonly vans: readonly Van[]
  readonly plan: NightPlan
  readonly proportional: PlanFigures
}

interface PlanRow {
  plan_id: string
  night: string
  depot_id: string
  state: PlanState
  revision: number
  seed: number
  plan_seconds: number
  iterations: number
  settings: NightSettings
  progress: PlanProgress | null
  failure: string | null
  created_at: number
  published_at: number | null
}

const columns = `plan_id, night, depot_id, state, revision, seed, plan_seconds, iterations, settings, progress, failure,
  created_at, published_at`

const toPlan = (row: PlanRow): StoredPlan => ({
  planId: row.plan_id,
  night: row.night,
  depotId: row.depot_id,
  state: row.state,
  revision: row.revision,
  seed: row.seed,
  planSeconds: row.plan_seconds,
  iterations: row.iterations,
  settings: row.settings,
  progress: row.progress,
  failure: row.failure,
  createdAt: epochMs(row.created_at),
  publishedAt: row.published_at === null ? null : epochMs(row.published_at),
})

export type NewPlanRow = Pick<
  StoredPlan,
  'planId' | 'night' | 'depotId' | 'seed' | 'planSeconds' | 'settings' | 'createdAt'
>

/** Throws a unique violation (`night_plan_one`) while another plan of the night is being made or waits as a draft. */
export async function insertPlan(tx: Queryable, plan: NewPlanRow): Promise<void> {
  await tx.query(
    `INSERT INTO night_plan (plan_id, night, depot_id, state, revision, seed, plan_seconds, iterations, settings, created_at)
     VALUES ($1, $2, $3, 'planning', 0, $4, $5, 0, $6, $7)`,
    [
      plan.planId,
      plan.night,
      plan.depotId,
      plan.seed,
      plan.planSeconds,
      JSON.stringify(plan.settings),
      new Date(plan.createdAt),
    ],
  )
}

export async function readPlan(db: Queryable, planId: string): Promise<StoredPlan | null> {
  const { rows } = await db.query<PlanRow>(`SELECT ${columns} FROM night_plan WHERE plan_id = $1`, [planId])
  return rows[0] ? toPlan(rows[0]) : null
}

/** Held until the transaction ends: edits, publishing and re-planning come one after the other. */
export async function holdPlan(tx: Queryable, planId: string): Promise<StoredPlan | null> {
  const { rows } = await tx.query<PlanRow>(`SELECT ${columns} FROM night_plan WHERE plan_id = $1 FOR UPDATE`, [planId])
  return rows[0] ? toPlan(rows[0]) : null
}

/** Null before the plan is made. */
export async function readInputs(db: Queryable, planId: string): Promise<PlanInputs | null> {
  const { rows } = await db.query<{ problem: NightProblem | null; facts: KeptFacts | null }>(
    'SELECT problem, facts FROM night_plan WHERE plan_id = $1',
    [planId],
  )
  const { problem = null, facts = null } = rows[0] ?? {}
  return problem === null || facts === null ? null : { problem, facts }
}

export async function readBody(db: Queryable, planId: string): Promise<PlanBody | null> {
  const { rows } = await db.query<{ [Key in keyof PlanBody]: PlanBody[Key] | null }>(
    'SELECT vans, plan, proportional FROM night_plan WHERE plan_id = $1',
    [planId],
  )
  const { vans = null, plan = null, proportional = null } = rows[0] ?? {}
  return vans === null || plan === null || proportional === null ? null : { vans, plan, proportional }
}

/** The inputs are kept before the search: they are there to look at when it fails. */
export async function saveInputs(db: Queryable, planId: string, { problem, facts }: PlanInputs): Promise<void> {
  await db.query(`UPDATE night_plan SET problem = $2, facts = $3 WHERE plan_id = $1 AND state = 'planning'`, [
    planId,
    JSON.stringify(problem),
    JSON.stringify(facts),
  ])
}

export async function saveProgress(db: Queryable, planId: string, progress: PlanProgress): Promise<void> {
  await db.query(`UPDATE night_plan SET progress = $2 WHERE plan_id = $1 AND state = 'planning'`, [
    planId,
    JSON.stringify(progress),
  ])
}

/** The plan becomes a draft; false when it is one already (a second run of the same job). */
export async function saveDraft(
  db: Queryable,
  planId: string,
  made: PlanBody & { readonly iterations: number; readonly planSeconds: number },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE night_plan SET state = 'draft', vans = $2, plan = $3, proportional = $4, iterations = $5, plan_seconds = $6,
            progress = NULL
      WHERE plan_id = $1 AND state = 'planning'`,
    [
      planId,
      JSON.stringify(made.vans),
      JSON.stringify(made.plan),
      JSON.stringify(made.proportional),
      made.iterations,
      made.planSeconds,
    ],
  )
  return rowCount > 0
}

export async function saveFailure(db: Queryable, planId: string, sentence: string): Promise<void> {
  await db.query(
    `UPDATE night_plan SET state = 'failed', failure = $2, progress = NULL WHERE plan_id = $1 AND state = 'planning'`,
    [planId, sentence],
  )
}

/** After an edit, an undo or a re-planned rest: one revision more. The caller holds the plan. */
export async function saveChange(
  tx: Queryable,
  planId: string,
  change: Pick<PlanBody, 'vans' | 'plan'>,
): Promise<void> {
  await tx.query('UPDATE night_plan SET vans = $2, plan = $3, revision = revision + 1 WHERE plan_id = $1', [
    planId,
    JSON.stringify(change.vans),
    JSON.stringify(change.plan),
  ])
}

export async function setPlanState(tx: Queryable, planId: string, state: PlanState): Promise<void> {
  await tx.query('UPDATE night_plan SET state = $2 WHERE plan_id = $1', [planId, state])
}

/** A draft makes room for another plan; false when it is none any more: whoever published it meanwhile keeps it. */
export async function supersedeDraft(tx: Queryable, planId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE night_plan SET state = 'superseded' WHERE plan_id = $1 AND state = 'draft'`,
    [planId],
  )
  return rowCount > 0
}

/** Throws a unique violation (`night_plan_one_published`) while another plan of the night is published. */
export async function setPublished(
  tx: Queryable,
  planId: string,
  atMs: EpochMs,
  staffId: string | null,
): Promise<void> {
  await tx.query(`UPDATE night_plan SET state = 'published', published_at = $2, published_by = $3 WHERE plan_id = $1`, [
    planId,
    new Date(atMs),
    staffId,
  ])
}

/** Newest night first, the newest plan of a night first. */
export async function listPlans(db: Queryable, limit: number): Promise<PlanSummary[]> {
  const { rows } = await db.query<Omit<PlanSummary, 'figures'> & { plan: PlanFigures | null }>(
    `SELECT plan_id AS "planId", night, depot_id AS "depotId", state, created_at AS "createdAt",
            CASE WHEN plan IS NULL THEN NULL ELSE jsonb_build_object('value', plan -> 'value', 'cost', plan -> 'cost',
              'objective', plan -> 'objective', 'bikesMoved', plan -> 'bikesMoved', 'distanceM', plan -> 'distanceM')
            END AS plan
       FROM night_plan ORDER BY night DESC, created_at DESC, plan_id DESC LIMIT $1`,
    [limit],
  )
  return rows.map(({ plan, ...summary }) => ({ ...summary, figures: plan }))
}

export interface PlanOfNight {
  readonly planId: string
  readonly depotId: string
  readonly state: PlanState
  readonly failure: string | null
  readonly revision: number
  readonly createdAt: EpochMs
}

/** Every plan of a night, the newest first. */
export async function plansOfNight(db: Queryable, night: string): Promise<PlanOfNight[]> {
  const { rows } = await db.query<PlanOfNight>(
    `SELECT plan_id AS "planId", depot_id AS "depotId", state, failure, revision,
            created_at AS "createdAt" FROM night_plan
      WHERE night = $1 ORDER BY created_at DESC, plan_id DESC`,
    [night],
  )
  return rows
}

/** Plans that somebody must be making. */
export async function plansUnderWay(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ plan_id: string }>(
    `SELECT plan_id FROM night_plan WHERE state = 'planning' ORDER BY created_at`,
  )
  return rows.map((row) => row.plan_id)
}
