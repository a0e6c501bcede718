/** Anything a statement can be sent to: the database itself, or one open transaction. */
export interface Queryable {
  /**
   * One statement with `$1…` parameters, or several statements separated by `;` without parameters (the last answer is
   * returned). Values: Date for timestamptz, JS arrays for SQL arrays, JSON.stringify(…) for json and jsonb.
   * Columns come back as `column-parsers.ts` says. Throws an error that carries SQLSTATE in `code` (see below).
   */
  query<Row>(text: string, values?: readonly unknown[]): Promise<{ readonly rows: Row[]; readonly rowCount: number }>
}

export interface Database extends Queryable {
  /** `embedded`: one session shared by everybody, nothing runs concurrently. `server`: a real PostgreSQL. */
  readonly kind: 'embedded' | 'server'
  /**
   * Begins, runs `work`, commits; rolls back and rethrows when `work` throws. Send every statement to `tx`: a query on
   * the database from inside its own transaction is refused, because on the embedded database it would wait for itself.
   * `work` may run again after a serialisation failure or a deadlock (40001, 40P01), so it must have no other effects.
   */
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  /** Waits for what is running, then lets go of every connection. */
  close(): Promise<void>
}

const uniqueViolation = '23505'

/** True when a unique index or constraint refused the row; with a name, only when it was that one. */
export function isUniqueViolation(error: unknown, constraintName?: string): boolean {
  if (sqlStateOf(error) !== uniqueViolation) return false
  return constraintName === undefined || constraintOf(error) === constraintName
}

const lostConnectionCodes: ReadonlySet<string> = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOENT', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['57P01', '57P02', '57P03'],
])

/** `pg` gives these no code, only a sentence. */
const lostConnectionSentence =
  /^(Connection terminated|Client has encountered a connection error|timeout exceeded when)/

/**
 * True when the answer is unknown because the database went away or cannot be reached: worth trying again later.
 * Whether the statement took effect is not known. SQLSTATE class 08 and 57P01–57P03:
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isConnectionLost(error: unknown): boolean {
  const code = sqlStateOf(error)
  if (code !== undefined && (lostConnectionCodes.has(code) || code.startsWith('08'))) return true
  return error instanceof Error && lostConnectionSentence.test(error.message)
}

/** SQLSTATE of an error from the database, or the system's code (`ECONNREFUSED`) when it never got there. */
export function sqlStateOf(error: unknown): string | undefined {
  return textField(error, 'code')
}

function constraintOf(error: unknown): string | undefined {
  return textField(error, 'constraint')
}

function textField(error: unknown, name: string): string | undefined {
  if (typeof error !== 'object' || error === null || !(name in error)) return undefined
  const value: unknown = Reflect.get(error, name)
  return typeof value === 'string' ? value : undefined
}
