import { randomUUID } from 'node:crypto'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { FaultParams, NewFault, OrderParams, Page } from './control-schemas.ts'
import { restFen } from './core/authorisation-machine.ts'
import { getRow, rowsOf } from './core/table.ts'
import { type FaultBox, maxFaultRules } from './fault-box.ts'
import type { MoneyLog } from './money-log.ts'
import type { Notifier } from './notifier.ts'
import type { Provider } from './provider.ts'

export interface ControlDeps {
  readonly provider: Provider
  readonly faults: FaultBox
  readonly notifier: Notifier
  readonly moneyLog: MoneyLog
}

const defaultPageSize = 100

/**
 * For tests and demos only, and only from this machine:
 * - `GET /control` what there is
 * - `POST /control/faults` `{ fault: { kind, … }, target: method | notify type | '*', number?, next | probability }` → `{ id }`
 * - `GET /control/faults`, `DELETE /control/faults`, `DELETE /control/faults/:id`
 * - `GET /control/orders?after&limit`, `GET /control/orders/:outOrderNo` the provider's records
 * - `POST /control/orders/:outOrderNo/release` the automatic unfreeze, now
 * - `GET /control/notifications` those not acknowledged yet; `POST /control/notifications/send` sends those due
 * - `GET /control/journal?after&limit` every money move in order; `GET /control/totals` their sums in fen
 */
export async function controlApi(instance: FastifyInstance, deps: ControlDeps): Promise<void> {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()
  app.addHook('onRequest', async (request, reply) => {
    // A page in the browser of this machine is not this machine: browsers name their origin.
    const isLocal = ['127.0.0.1', '::1', '::ffff:127.0.0.1'].includes(request.socket.remoteAddress ?? '')
    const isBrowserPage = request.headers.origin !== undefined || request.headers['sec-fetch-site'] === 'cross-site'
    if (!isLocal || isBrowserPage) return reply.code(403).send({ code: 'LOCAL_ONLY' })
  })
  faultRoutes(app, deps)
  orderRoutes(app, deps)
  moneyRoutes(app, deps)
  app.get('/control', async () => ({
    faults: deps.faults.rules().length,
    orders: deps.provider.state().orders.size,
    pendingNotifications: deps.provider.pending().size,
    rules: deps.provider.state().rules,
  }))
}

type ControlApp = ReturnType<typeof typed>
const typed = (app: FastifyInstance) => app.withTypeProvider<TypeBoxTypeProvider>()

function faultRoutes(app: ControlApp, { faults }: ControlDeps): void {
  app.get('/control/faults', async () => faults.rules())
  app.post('/control/faults', { schema: { body: NewFault } }, async (request, reply) => {
    if (faults.rules().length >= maxFaultRules) return reply.code(409).send({ code: 'TOO_MANY_FAULTS' })
    const id = randomUUID()
    faults.add({ id, ...request.body })
    return reply.code(201).send({ id })
  })
  app.delete('/control/faults', async () => ({ removed: faults.remove() }))
  app.delete('/control/faults/:id', { schema: { params: FaultParams } }, async (request, reply) => {
    const removed = faults.remove(request.params.id)
    return reply.code(removed === 0 ? 404 : 200).send({ removed })
  })
}

function orderRoutes(app: ControlApp, { provider, notifier }: ControlDeps): void {
  app.get('/control/orders', { schema: { querystring: Page } }, async (request) => {
    const { after = 0, limit = defaultPageSize } = request.query
    const orders = [...rowsOf(provider.state().orders)].sort(
      (a, b) => a.createdMs - b.createdMs || (a.outOrderNo < b.outOrderNo ? -1 : 1),
    )
    return { total: orders.length, orders: orders.slice(after, after + limit) }
  })
  app.get('/control/orders/:outOrderNo', { schema: { params: OrderParams } }, async (request, reply) => {
    const order = getRow(provider.state().orders, request.params.outOrderNo)
    return order ?? reply.code(404).send({ code: 'NO_SUCH_ORDER' })
  })
  app.post('/control/orders/:outOrderNo/release', { schema: { params: OrderParams } }, async (request, reply) => {
    const { outOrderNo } = request.params
    const answer = await provider.handle({ kind: 'release', outOrderNo }, 'control.release')
    const released = answer.kind === 'release' && answer.released
    return reply.code(released ? 200 : 409).send({ released })
  })
  app.get('/control/notifications', async () => [...provider.pending().values()])
  app.post('/control/notifications/send', async () => {
    await notifier.sendDue()
    return { pending: provider.pending().size }
  })
}

function moneyRoutes(app: ControlApp, { provider, moneyLog }: ControlDeps): void {
  app.get('/control/journal', { schema: { querystring: Page } }, async (request) => {
    const { after = 0, limit = defaultPageSize } = request.query
    return { total: moneyLog.length(), moves: moneyLog.slice(after, limit) }
  })
  app.get('/control/totals', async () => {
    const { totals, orders } = provider.state()
    let heldFen = 0
    for (const order of rowsOf(orders)) heldFen += restFen(order.authorisation)
    return {
      currency: 'CNY',
      ...totals,
      heldFen,
      merchantNetFen: totals.capturedFen - totals.refundedFen,
      moves: moneyLog.length(),
    }
  })
}
