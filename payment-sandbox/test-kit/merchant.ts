import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunningSandbox, type SandboxSettings, startSandbox } from '../sandbox-app.ts'

/** A notification as the merchant received it. */
export interface Received {
  readonly fields: Readonly<Record<string, string>>
  readonly verified: boolean
}

export interface Merchant {
  readonly url: string
  readonly received: readonly Received[]
  /** What the merchant answers from now on. */
  answer: string
  /** Resolves once so many notifications have arrived. */
  readonly until: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** The official SDK as far as these tests use it; each test file brings the real one. */
export interface MerchantSdk {
  readonly exec: (
    method: string,
    parameters: Readonly<Record<string, unknown>>,
    options: { readonly validateSign: boolean },
  ) => Promise<unknown>
  readonly checkNotifySignV2: (fields: Readonly<Record<string, string>>) => boolean
}

export interface SdkSettings {
  readonly appId: string
  readonly privateKey: string
  readonly keyType: 'PKCS8'
  readonly alipayPublicKey: string
  readonly gateway: string
  readonly camelcase: false
  readonly timeout: number
}

export type MakeSdk = (settings: SdkSettings) => MerchantSdk

/** The official SDK, set up from `merchant.json` exactly as the platform does. */
export async function sdkFor(dataDir: string, makeSdk: MakeSdk): Promise<MerchantSdk> {
  const merchant = JSON.parse(await readFile(join(dataDir, 'merchant.json'), 'utf8'))
  return makeSdk({
    appId: merchant.appId,
    privateKey: merchant.merchantPrivateKey,
    keyType: 'PKCS8',
    alipayPublicKey: merchant.alipayPublicKey,
    gateway: merchant.gateway,
    camelcase: false,
    timeout: 5_000,
  })
}

/** A merchant's notify endpoint that checks every signature with the official SDK. */
async function startMerchant(sdk: MerchantSdk): Promise<Merchant> {
  const received: Received[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    request.on('end', () => {
      const fields = Object.fromEntries(new URLSearchParams(body))
      received.push({ fields, verified: fields.sign_type === 'RSA2' && sdk.checkNotifySignV2({ ...fields }) })
      response.end(merchant.answer)
      for (const one of waiting) if (received.length >= one.count) one.resolve()
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const merchant: Merchant = {
    url: `http://127.0.0.1:${port}/notify`,
    received,
    answer: 'success',
    until: (count) =>
      received.length >= count
        ? Promise.resolve()
        : new Promise((resolve) => {
            waiting.push({ count, resolve })
          }),
    close: async () => {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return merchant
}

export interface World {
  readonly dataDir: string
  sandbox: RunningSandbox
  readonly sdk: MerchantSdk
  readonly merchant: Merchant
  /** Moves the provider's clock and lets it act. */
  readonly passMs: (ms: number) => Promise<void>
  /** Stops the sandbox and starts it again on the same folder and port. */
  readonly restart: () => Promise<void>
  readonly close: () => Promise<void>
}

/** A sandbox on its own folder with its own clock, the official SDK pointed at it, and a merchant that listens. */
export async function startWorld(makeSdk: MakeSdk, settings: Partial<SandboxSettings> = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'zwerm-pay-'))
  let aheadMs = 0
  const start = (port: number): Promise<RunningSandbox> =>
    startSandbox({
      dataDir,
      host: '127.0.0.1',
      port,
      timeScale: 1,
      nowMs: () => Date.now() + aheadMs,
      log: () => undefined,
      onBroken: (error) => {
        throw error
      },
      ...settings,
    })
  const sandbox = await start(0)
  const sdk = await sdkFor(dataDir, makeSdk)
  const merchant = await startMerchant(sdk)
  const world: World = {
    dataDir,
    sandbox,
    sdk,
    merchant,
    passMs: async (ms) => {
      aheadMs += ms
      await world.sandbox.wake()
    },
    restart: async () => {
      await world.sandbox.close()
      world.sandbox = await start(Number(new URL(world.sandbox.url).port))
    },
    close: async () => {
      await world.sandbox.close()
      await merchant.close()
      await rm(dataDir, { recursive: true })
    },
  }
  return world
}

export type Fields = Readonly<Record<string, unknown>>

/** A gateway call whose answer's signature the SDK has verified. */
export async function call(world: World, method: string, bizContent: Fields, more: Fields = {}): Promise<Fields> {
  const request = { bizContent, notify_url: world.merchant.url, ...more }
  return (await world.sdk.exec(method, request, { validateSign: true })) as Fields
}

/** Asks for a freeze; the page's address is where the payer answers. */
export async function freeze(world: World, outOrderNo: string, yuan = '20.00', more: Fields = {}): Promise<string> {
  const answer = await call(
    world,
    'alipay.fund.auth.order.voucher.create',
    {
      out_order_no: outOrderNo,
      out_request_no: `${outOrderNo}-F`,
      order_title: 'Bike 0042: ride hold',
      amount: yuan,
      product_code: 'PREAUTH_PAY',
    },
    more,
  )
  if (answer.code !== '10000') throw new Error(JSON.stringify(answer))
  return String(answer.code_value)
}

/** The payer's answer, as a simulated rider gives it. */
export async function answerPage(
  page: string,
  action: string,
): Promise<{ readonly status: number; readonly body: Fields }> {
  const response = await fetch(page, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ action }),
  })
  return { status: response.status, body: (await response.json()) as Fields }
}

/** A freeze that the payer has approved: its auth_no. */
export async function approvedFreeze(world: World, outOrderNo: string, yuan = '20.00'): Promise<string> {
  await answerPage(await freeze(world, outOrderNo, yuan), 'approve')
  return String((await detail(world, outOrderNo)).auth_no)
}

/** The freeze operation and its order, as the provider tells it. */
export function detail(world: World, outOrderNo: string): Promise<Fields> {
  return call(world, 'alipay.fund.auth.operation.detail.query', {
    out_order_no: outOrderNo,
    out_request_no: `${outOrderNo}-F`,
  })
}

/** A capture that releases the rest. */
export function capture(
  world: World,
  authNo: string,
  outTradeNo: string,
  yuan: string,
  more: Fields = {},
): Promise<Fields> {
  return call(world, 'alipay.trade.pay', {
    out_trade_no: outTradeNo,
    auth_no: authNo,
    product_code: 'PREAUTH_PAY',
    auth_confirm_mode: 'COMPLETE',
    total_amount: yuan,
    subject: 'Ride',
    ...more,
  })
}

/** A control call; throws when it was refused. */
export async function control(world: World, method: string, path: string, body?: unknown): Promise<Fields> {
  const response = await fetch(`${world.sandbox.url}/control${path}`, {
    method,
    ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Fields
}

/** Sets one fault for the next n calls. */
export function fault(world: World, kind: Fields, target: string, next = 1): Promise<Fields> {
  return control(world, 'POST', '/faults', { fault: kind, target, next })
}
