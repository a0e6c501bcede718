import type { PaymentStatus } from '../../../contracts/http/payments.ts'
import type { TripState } from '../../../contracts/http/trips.ts'
import type { Database } from '../../../server/platform/database.ts'
import type { Notes, Violation } from '../world/notes.ts'

/** The database as it stands, and what was seen from outside: all that a checker judges by. */
export interface Evidence {
  readonly notes: Notes
  readonly locks: readonly LockTruth[]
  readonly trips: readonly TripRow[]
  readonly commands: readonly CommandRow[]
  readonly payments: readonly PaymentRow[]
  readonly reports: readonly ReportRow[]
  /** How often each telemetry record is stored, by its name. */
  readonly positions: ReadonlyMap<string, number>
  /** Locks of bikes that staff have been told to look at before anybody rents them. */
  readonly alarmed: ReadonlySet<string>
  readonly wishes: readonly WishRow[]
  readonly undone: { readonly effects: number; readonly refunds: number; readonly messages: number }
  readonly ledger: { readonly sumMinor: number; readonly clearingMinor: number; readonly unbalanced: number }
}

export type Checker = (evidence: Evidence) => readonly Violation[]

/** A lock as it truly is, beside what the platform believes of it. */
export interface LockTruth {
  readonly lockId: string
  readonly position: 'closed' | 'between' | 'open'
  readonly saysItIs: string
  readonly isConnected: boolean
  readonly waiting: number
  readonly believedBolt: string | null
  readonly believedConnected: boolean
}

export interface TripRow {
  readonly trip_id: string
  readonly rider_id: string
  readonly lock_id: string
  readonly payment_id: string
  readonly state: TripState
  readonly created_at: number
  readonly started_at: number | null
  readonly ended_at: number | null
  readonly end_reason: string | null
  readonly price: { readonly total: number } | null
}
export interface CommandRow {
  readonly command_id: string
  readonly lock_id: string
  readonly trip_id: string | null
  readonly state: string
  readonly payload: { readonly b: number; readonly dl: number; readonly exp: number; readonly c: number }
}
/** What staff asked of a lock. */
export interface WishRow {
  readonly command_id: string
  readonly state: string
  readonly result_code: string | null
}
export interface PaymentRow {
  readonly payment_id: string
  readonly trip_id: string | null
  readonly state: PaymentStatus
  readonly hold_key: string
  readonly hold_gone: boolean
  readonly held_minor: number
  readonly captured_minor: number
  readonly refunded_minor: number
}
export interface ReportRow {
  readonly lock_id: string
  readonly boot_id: number
  readonly sequence: number
  readonly kind: string
  readonly made_at: number
  readonly received_at: number
  readonly applied_at: number | null
  readonly body: {
    readonly k?: string
    readonly from?: string
    readonly to?: string
    readonly by?: string
    readonly bolt?: string
    readonly cid?: string
    readonly lv?: string
    readonly tq: number
    readonly t?: number
    readonly u?: number
    /** Since the satellites were last heard, ms of its uptime. */
    readonly fa?: number
  }
}

export async function gatherEvidence(db: Database, seen: Pick<Evidence, 'notes' | 'locks'>): Promise<Evidence> {
  const rowsOf = async <Row>(text: string) => (await db.query<Row>(text)).rows
  const positions = await rowsOf<{ name: string; count: number }>(
    `SELECT lock_id || '/' || boot_id || '/' || sequence AS name, count(*) AS count FROM position GROUP BY 1`,
  )
  const alarmed = await rowsOf<{ lock_id: string }>(
    `SELECT lock_id FROM alarm JOIN bike USING (bike_id) WHERE state <> 'resolved'
        AND (blocks_rental OR kind = 'opened_by_staff')`,
  )
  const [undone] = await rowsOf<Evidence['undone']>(
    `SELECT (SELECT count(*) FROM outbox WHERE done_at IS NULL) AS effects,
            (SELECT count(*) FROM refund WHERE state <> 'done') AS refunds,
            (SELECT count(*) FROM provider_message WHERE applied_at IS NULL) AS messages`,
  )
  const [ledger] = await rowsOf<Evidence['ledger']>(
    `SELECT (SELECT coalesce(sum(amount_minor), 0)::int8 FROM entry) AS "sumMinor",
            (SELECT coalesce(sum(amount_minor), 0)::int8 FROM entry JOIN account USING (account_id)
              WHERE code LIKE 'provider:%:clearing') AS "clearingMinor",
            (SELECT count(*) FROM (SELECT 1 FROM entry GROUP BY journal_id HAVING sum(amount_minor) <> 0) AS u)
              AS "unbalanced"`,
  )
  return {
    ...seen,
    trips: await rowsOf<TripRow>('SELECT * FROM trip ORDER BY created_at'),
    wishes: await rowsOf<WishRow>('SELECT * FROM staff_command ORDER BY asked_at'),
    commands: await rowsOf<CommandRow>('SELECT *, payload::jsonb AS payload FROM command ORDER BY issued_at'),
    payments: await rowsOf<PaymentRow>('SELECT * FROM payment ORDER BY created_at'),
    reports: await rowsOf<ReportRow>('SELECT * FROM lock_report ORDER BY report_id'),
    positions: new Map(positions.map(({ name, count }) => [name, count])),
    alarmed: new Set(alarmed.map(({ lock_id }) => lock_id)),
    undone: undone!,
    ledger: ledger!,
  }
}

export const violation = (invariant: string, detail: string): Violation => ({ invariant, detail })
