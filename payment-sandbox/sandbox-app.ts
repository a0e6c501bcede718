import { join } from 'node:path'
import Fastify from 'fastify'
import { controlApi } from './control-api.ts'
import type { Rules } from './core/records.ts'
import { defaultRules } from './core/sandbox.ts'
import { newFaultBox } from './fault-box.ts'
import { holdFolder } from './folder-hold.ts'
import { gatewayApi } from './gateway-api.ts'
import { openKeys, writeMerchantFile } from './keys.ts'
import { newMoneyLog } from './money-log.ts'
import { newProviderId } from './new-id.ts'
import { newNotifier } from './notifier.ts'
import { payerApi } from './payer-api.ts'
import { openProvider } from './provider.ts'

export interface SandboxSettings {
  readonly dataDir: string
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** Waits pass this many times faster than real time. */
  readonly timeScale: number
  /** Where payers reach the sandbox when that is not host and port. */
  readonly publicUrl?: string
  readonly rules?: Partial<Omit<Rules, 'appId' | 'sellerId' | 'pageUrl' | 'timeScale'>>
  /** The provider's clock; the real one when left out. Signatures' timestamps are always real time. */
  readonly nowMs?: () => number
  readonly chance?: () => number
  readonly log: (line: string) => void
  /** The journal can no longer be written: nothing may be answered any more, so the process should end. */
  readonly onBroken: (error: unknown) => void
}

export interface RunningSandbox {
  readonly url: string
  /** Lets waits end and sends what is due, now; resolves when that is done. A timer does it in between. */
  readonly wake: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A v1 request is a few kilobytes; nothing here needs more. */
const bodyLimitBytes = 64 * 1024
const requestTimeoutMs = 30_000
const wakeEveryMs = 250

/** Starts the whole provider on a data folder: gateway, payer page, control API, notifications. */
export async function startSandbox(settings: SandboxSettings): Promise<RunningSandbox> {
  const nowMs = settings.nowMs ?? Date.now
  const keys = await openKeys(settings.dataDir)
  const giveFolderBack = await holdFolder(settings.dataDir)
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: true,
    // Unknown fields are refused, not quietly removed.
    ajv: { customOptions: { removeAdditional: false } },
  })
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  )
  // Known only once a port is taken, which is after the routes exist and before the first request comes.
  let listeningUrl = ''
  const faults = newFaultBox(settings.chance ?? Math.random)
  const moneyLog = newMoneyLog()
  const rules: Rules = {
    ...defaultRules,
    ...settings.rules,
    timeScale: settings.timeScale,
    appId: keys.appId,
    sellerId: keys.sellerId,
    get pageUrl() {
      return settings.publicUrl ?? listeningUrl
    },
  }
  const provider = await openProvider({
    journalPath: join(settings.dataDir, 'journal.jsonl'),
    rules,
    nowMs,
    newId: (kind) => newProviderId(kind, nowMs()),
    moneyLog,
    log: settings.log,
  })
  const notifier = newNotifier({
    provider,
    faults,
    privateKey: keys.alipayPrivateKey,
    nowMs,
    timeScale: settings.timeScale,
    log: settings.log,
  })
  gatewayApi(app, { provider, faults, keys, realNowMs: Date.now, log: settings.log })
  payerApi(app, provider)
  await app.register(controlApi, { provider, faults, notifier, moneyLog })

  await app.listen({ host: settings.host, port: settings.port })
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('the sandbox listens on no port')
  const url = `http://${settings.host}:${address.port}`
  listeningUrl = url
  await writeMerchantFile(settings.dataDir, keys, url)

  const wake = async (): Promise<void> => {
    await provider.handle({ kind: 'tick' }, 'time')
    await notifier.sendDue()
  }
  let isClosing = false
  const timer = setInterval(() => {
    wake().catch((error: unknown) => {
      if (!isClosing) settings.onBroken(error)
    })
  }, wakeEveryMs)

  return {
    url,
    wake,
    close: async () => {
      isClosing = true
      clearInterval(timer)
      await app.close()
      await notifier.stop()
      await provider.close()
      await giveFolderBack()
    },
  }
}
