import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import { type Closing, closeAll } from './closing.ts'
import { openDatabase } from './open-database.ts'
import { createAlipay } from './payments/providers/alipay-provider.ts'
import { alipaySettings } from './payments/providers/alipay-settings.ts'
import type { PaymentProvider } from './payments/providers/payment-provider.ts'
import { migrate } from './platform/migrate.ts'
import { openProcessLog } from './platform/process-log.ts'
import { checkSecretsFit, openSecrets } from './platform/secrets.ts'
import { readSettings, type Settings } from './settings.ts'
import { startPlatform } from './start-platform.ts'

/**
 * The platform as a process. Prints `{"ready":true,"url":…,"mqttPort":…,"staffLink":…,…}` when it serves; everything else
 * on standard output is a pino line. SIGTERM and SIGINT let what runs finish, then stop.
 */
const root = fileURLToPath(new URL('..', import.meta.url))
const failedExitCode = 1
const wrongSettingExitCode = 2

const checked = readSettings(process.env, process.cwd())
if (checked.ok) await run(checked.settings)
else {
  for (const sentence of checked.sentences) process.stderr.write(`${sentence}\n`)
  process.exitCode = wrongSettingExitCode
}

async function run(settings: Settings): Promise<void> {
  const { logger, sayLastWords } = openProcessLog(settings.LOG_LEVEL)
  const closing: Closing[] = []
  let stopping = false
  const stop = async (code: number): Promise<void> => {
    if (stopping) return
    stopping = true
    await closeAll(closing, logger)
    await sayLastWords()
    process.exit(code)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(0))
  process.on('unhandledRejection', (error) => {
    logger.error({ err: error }, 'a bug: a rejection that nobody handles')
    void stop(failedExitCode)
  })
  try {
    await bringUp(settings, logger, closing, () => stopping)
  } catch (error) {
    const { code, message } = error as { code?: unknown; message?: string }
    // A fault that has a code says all in its sentence; anything else is a bug, whose stack is wanted.
    if (typeof code === 'string') logger.error({ code, why: message }, 'the server cannot start')
    else logger.error({ err: error }, 'the server cannot start')
    process.stderr.write(`${message ?? String(error)}\n`)
    await stop(failedExitCode)
  }
}

async function bringUp(
  settings: Settings,
  logger: Logger,
  closing: Closing[],
  isStopping: () => boolean,
): Promise<void> {
  const isDemo = process.env.ZWERM_DEMO === '1'
  const secrets = await openSecrets(settings.DATA_DIR)
  const { db, where, queue } = openDatabase(settings, process.env, (error) =>
    logger.warn({ err: error }, 'an idle connection to the database was lost'),
  )
  closing.push({ name: 'database', close: () => db.close() })
  const { applied, version } = await migrate(db, { where, onApplied: (file) => logger.info({ file }, 'migrated') })
  logger.info({ applied: applied.length, version }, 'the database is at its newest')
  await checkSecretsFit(db, secrets)
  const port = settings.PORT === 0 ? await freePort(settings.HOST) : settings.PORT
  const started = await startPlatform({
    settings,
    db,
    queue,
    logger,
    secrets,
    closing,
    isStopping,
    isDemo,
    port,
    root,
    publicUrl: settings.PUBLIC_URL ?? `http://127.0.0.1:${port}`,
    cityDir: process.env.ZWERM_CITY_DIR ?? null,
    provider: await openProvider(isDemo, logger),
  })
  process.on('message', (message: { cityUrl?: unknown }) => {
    if (typeof message?.cityUrl === 'string') started.cityIsAt(message.cityUrl)
  })
  process.stdout.write(`${JSON.stringify({ ready: true, ...started.addresses })}\n`)
}

/** Alipay by the file that `ZWERM_ALIPAY_FILE` names: the demo's sandbox wrote it, or the operator did. */
async function openProvider(isDemo: boolean, logger: Logger): Promise<PaymentProvider | null> {
  const file = process.env.ZWERM_ALIPAY_FILE
  if (!file || !existsSync(file)) {
    logger.warn('no payment provider: set ZWERM_ALIPAY_FILE; until then nobody can start a ride')
    return null
  }
  const text = await readFile(file, 'utf8')
  return createAlipay(alipaySettings(JSON.parse(text), { demo: isDemo }))
}

function freePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, host, () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
