import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../server/platform/embedded-postgres/start-embedded-postgres.ts'
import { proveRecurringJobs } from './recurring-jobs-promise.ts'

describe('recurring jobs on the embedded database', () => {
  let folder: string
  let server: EmbeddedPostgres

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zwerm-queue-'))
    server = await startEmbeddedPostgres({ folder })
  })

  afterAll(async () => {
    await server.stop()
    await rm(folder, { recursive: true })
  })

  proveRecurringJobs(() => ({ kind: 'embedded', host: server.host, port: server.port }))
})
