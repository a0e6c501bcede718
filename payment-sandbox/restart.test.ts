import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AlipaySdk } from 'alipay-sdk'
import { expect, it, onTestFinished } from 'vitest'
import { openJournal } from './journal.ts'
import { startSandbox } from './sandbox-app.ts'
import {
  answerPage,
  approvedFreeze,
  capture,
  control,
  detail,
  freeze,
  sdkFor,
  startWorld,
} from './test-kit/merchant.ts'

const makeSdk = (settings: ConstructorParameters<typeof AlipaySdk>[0]) => new AlipaySdk(settings)

it('continues after a restart: freezes, captures, page addresses, unsent notifications and totals', async () => {
  const world = await startWorld(makeSdk)
  const page = await freeze(world, 'R-1')
  const authNo = await approvedFreeze(world, 'R-2')
  const paid = await capture(world, authNo, 'R-2-T', '4.00')
  await world.sandbox.wake()
  world.merchant.answer = 'not now'
  await approvedFreeze(world, 'R-3')
  await world.sandbox.wake()
  const totals = await control(world, 'GET', '/totals')
  const moves = await control(world, 'GET', '/journal')

  await world.restart()
  expect(await control(world, 'GET', '/totals')).toEqual(totals)
  expect(await control(world, 'GET', '/journal')).toEqual(moves)
  expect(await capture(world, authNo, 'R-2-T', '4.00')).toMatchObject({ trade_no: paid.trade_no })
  expect(await answerPage(page, 'approve')).toMatchObject({ status: 200, body: { orderStatus: 'AUTHORIZED' } })
  world.merchant.answer = 'success'
  const before = world.merchant.received.length
  await world.passMs(4 * 60_000)
  expect(
    world.merchant.received
      .slice(before)
      .map((one) => one.fields.out_order_no)
      .sort(),
  ).toEqual(['R-1', 'R-3'])
  await world.close()
})

it('loses nothing that it answered when it is killed in the middle of work', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'zwerm-kill-'))
  const start = async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), '--data', dataDir],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    onTestFinished(() => {
      child.kill('SIGKILL')
    })
    for await (const line of createInterface({ input: child.stdout })) {
      const ready = JSON.parse(line) as { ready: boolean; url: string }
      child.stdout.resume()
      return { child, url: ready.url }
    }
    throw new Error('the sandbox ended before it was ready')
  }
  const first = await start()
  const sdk = await sdkFor(dataDir, makeSdk)
  const answered: string[] = []
  const asking = Array.from({ length: 200 }, async (_, index) => {
    const outOrderNo = `K-${index}`
    const answer = (await sdk.exec(
      'alipay.fund.auth.order.voucher.create',
      {
        bizContent: {
          out_order_no: outOrderNo,
          out_request_no: `${outOrderNo}-F`,
          order_title: 'ride',
          amount: '5.00',
          product_code: 'PREAUTH_PAY',
        },
      },
      { validateSign: true },
    )) as { code: string }
    if (answer.code === '10000') answered.push(outOrderNo)
    if (answered.length === 40) first.child.kill('SIGKILL')
  })
  await Promise.allSettled(asking)
  if (first.child.exitCode === null && first.child.signalCode === null) await once(first.child, 'exit')
  expect(answered.length).toBeGreaterThanOrEqual(40)

  const second = await start()
  const { orders } = (await (await fetch(`${second.url}/control/orders?limit=500`)).json()) as {
    orders: { outOrderNo: string }[]
  }
  const kept = new Set(orders.map((order) => order.outOrderNo))
  expect(answered.filter((outOrderNo) => !kept.has(outOrderNo))).toEqual([])
  second.child.kill('SIGTERM')
  await once(second.child, 'exit')
  expect(second.child.exitCode).toBe(0)
  await rm(dataDir, { recursive: true })
})

it('keeps its keys and its money to itself: 0600 files in a 0700 folder, the same keys after a restart', async () => {
  const world = await startWorld(makeSdk)
  const mode = async (name: string) => ((await stat(join(world.dataDir, name))).mode & 0o777).toString(8)
  expect(await mode('.')).toBe('700')
  for (const name of ['keys.json', 'merchant.json', 'journal.jsonl']) expect(await mode(name)).toBe('600')
  const keys = await readFile(join(world.dataDir, 'keys.json'), 'utf8')
  await world.restart()
  expect(await readFile(join(world.dataDir, 'keys.json'), 'utf8')).toBe(keys)
  await freeze(world, 'S-1')
  expect(await detail(world, 'S-1')).toMatchObject({ code: '10000' })
  await world.close()
})

it('refuses a data folder that another sandbox is running on', async () => {
  const world = await startWorld(makeSdk)
  const second = startSandbox({
    dataDir: world.dataDir,
    host: '127.0.0.1',
    port: 0,
    timeScale: 1,
    log: () => undefined,
    onBroken: () => undefined,
  })
  await expect(second).rejects.toThrow('another payment sandbox is running on')
  await world.close()
})

it('cuts off a line that a kill left half-written, and refuses a journal that is damaged elsewhere', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'zwerm-journal-'))
  const path = join(folder, 'journal.jsonl')
  const entry = { kind: 'attempt', atMs: 1, notifyId: 'n', outcome: 'delivered', attempts: 0, dueMs: 1 } as const
  const journal = await openJournal(path, () => undefined)
  journal.append(entry)
  await journal.close()
  await appendFile(path, '{"kind":"att')

  const replayed: unknown[] = []
  const again = await openJournal(path, (one) => replayed.push(one))
  again.append(entry)
  await again.close()
  expect(replayed).toEqual([entry])
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2)

  await writeFile(path, `{"kind"\n${JSON.stringify(entry)}\n`)
  await expect(openJournal(path, () => undefined)).rejects.toThrow('damaged at line 1')
  await rm(folder, { recursive: true })
})
