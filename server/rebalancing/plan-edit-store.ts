import type { PlanEdit } from '../../contracts/http/nights.ts'
import type { EpochMs } from '../../contracts/units.ts'
import type { Queryable } from '../platform/database.ts'
import type { NightPlan } from './core/night-plan.ts'
import type { Van } from './core/night-problem.ts'

export interface StoredEdit {
  /** Of the plan after the edit. */
  readonly revision: number
  readonly edit: PlanEdit
  readonly by: string
  readonly at: EpochMs
  readonly change: number
}

const maxEdits = 500

export async function insertEdit(
  tx: Queryable,
  planId: string,
  edit: {
    readonly revision: number
    readonly edit: PlanEdit
    readonly vansBefore: readonly Van[]
    readonly planBefore: NightPlan
    readonly change: number
    readonly staffId: string
    readonly atMs: EpochMs
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO plan_edit (plan_id, revision, edit, vans_before, plan_before, change, made_by, made_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      planId,
      edit.revision,
      JSON.stringify(edit.edit),
      JSON.stringify(edit.vansBefore),
      JSON.stringify(edit.planBefore),
      edit.change,
      edit.staffId,
      new Date(edit.atMs),
    ],
  )
}

/** Oldest first. */
export async function listEdits(db: Queryable, planId: string): Promise<StoredEdit[]> {
  const { rows } = await db.query<StoredEdit>(
    `SELECT e.revision, e.edit, s.name AS by, e.made_at AS at, e.change FROM plan_edit e
       JOIN staff s ON s.staff_id = e.made_by WHERE e.plan_id = $1 ORDER BY e.revision LIMIT $2`,
    [planId, maxEdits],
  )
  return rows
}

/** The newest edit with what was before it; null when there is none. */
export async function lastEdit(
  tx: Queryable,
  planId: string,
): Promise<{ readonly revision: number; readonly vans: readonly Van[]; readonly plan: NightPlan } | null> {
  const { rows } = await tx.query<{ revision: number; vans: readonly Van[]; plan: NightPlan }>(
    `SELECT revision, vans_before AS vans, plan_before AS plan FROM plan_edit WHERE plan_id = $1
      ORDER BY revision DESC LIMIT 1`,
    [planId],
  )
  return rows[0] ?? null
}

export async function deleteEdit(tx: Queryable, planId: string, revision: number): Promise<void> {
  await tx.query('DELETE FROM plan_edit WHERE plan_id = $1 AND revision = $2', [planId, revision])
}
