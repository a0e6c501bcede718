import pg from 'pg'

export interface TargetDatabase {
  readonly kind: 'embedded' | 'server'
  /** What `openOwnPlatform` is given; nothing for the embedded one. */
  readonly given: { readonly databaseUrl?: string }
  close(): Promise<void>
}

/** With TEST_DATABASE_URL an empty database of its own on that server, dropped at the end; else the embedded one. */
export async function openTarget(bench: string): Promise<TargetDatabase> {
  const server = process.env.TEST_DATABASE_URL
  if (server === undefined) return { kind: 'embedded', given: {}, close: async () => undefined }
  const name = `zwerm_${bench}_${process.pid}`
  await onServer(server, `CREATE DATABASE ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const close = () => onServer(server, `DROP DATABASE ${name} WITH (FORCE)`)
  return { kind: 'server', given: { databaseUrl: url.href }, close }
}

async function onServer(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(statement)
  await client.end()
}
