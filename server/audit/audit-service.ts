import type { Clock } from '../platform/clock.ts'
import type { Database, Queryable } from '../platform/database.ts'
import {
  type AuditEnd,
  type AuditEntry,
  type AuditFilter,
  type AuditRow,
  auditRows,
  completeAudit,
  forgetAuditBefore,
  insertAudit,
} from './audit-store.ts'

/** What colleagues did: begun before each act and completed after it, so that nothing happens without a trace. */
export interface Audit {
  /** Before the act; the row's id. Throws when it cannot be written: then nothing is to happen. */
  begin(entry: AuditEntry): Promise<number>
  complete(auditId: number, end: AuditEnd, subject: { kind: string; id: string } | null): Promise<void>
  /** What is over already: a refusal, or a log-in within its own transaction. */
  write(entry: AuditEntry, end: AuditEnd, tx?: Queryable): Promise<void>
  /** Newest first, at most `limit`. */
  rows(filter: AuditFilter, limit: number): Promise<AuditRow[]>
  forgetBefore(beforeMs: number, most: number): Promise<void>
}

export function createAudit({ db, clock }: { readonly db: Database; readonly clock: Clock }): Audit {
  const now = () => ({ atMs: clock.realNowMs(), cityAtMs: clock.nowMs() })
  return {
    begin: (entry) => insertAudit(db, entry, now(), null),
    complete: (auditId, end, subject) => completeAudit(db, auditId, end, subject),
    write: async (entry, end, tx = db) => {
      await insertAudit(tx, entry, now(), end)
    },
    rows: (filter, limit) => auditRows(db, filter, limit),
    forgetBefore: (beforeMs, most) => db.transaction((tx) => forgetAuditBefore(tx, beforeMs, most)),
  }
}
