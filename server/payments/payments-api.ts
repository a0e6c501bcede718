import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { Debts, PaymentMethods, PromiseRequest, PromiseView } from '../../contracts/http/payments.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import type { MinorUnits } from '../../contracts/units.ts'
import '../platform/http-context.ts'
import type { Payments } from './payments-service.ts'
import { maxNotificationBytes } from './providers/alipay-notification.ts'

export interface PaymentsApiDeps {
  readonly payments: Payments
  /** How much a new promise must hold, by the tariff that holds now. */
  readonly promiseTerms: () => Promise<{ readonly amountMinor: MinorUnits; readonly currency: string }>
}

/** A provider sends from few addresses, for a whole fleet. */
const webhooksPerMinute = 6_000

const ByTrip = Type.Object({ tripId: Uuid }, { additionalProperties: false })
const ByPromise = Type.Object({ promiseId: Uuid }, { additionalProperties: false })

/** Promises of payment, the ways to pay, and the provider's own way in. */
export async function paymentsApi(instance: FastifyInstance, { payments, promiseTerms }: PaymentsApiDeps) {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get(
    '/v1/payment-methods',
    { config: { audience: 'public' }, schema: { response: { 200: PaymentMethods } } },
    async () => ({ methods: [...payments.methods] }),
  )

  app.post(
    '/v1/promises',
    {
      config: { audience: 'rider', idempotent: true },
      schema: { body: PromiseRequest, response: { 201: PromiseView } },
    },
    async (request, reply) => {
      const { provider, returnPath, way } = request.body
      const terms = await promiseTerms()
      const outcome = await payments.openPromise(request.riderId, { provider, returnPath, way, ...terms })
      if (isRefusal(outcome)) return reply.refuse(outcome)
      return reply.code(201).send(outcome)
    },
  )

  const onePromise = {
    config: { audience: 'rider' },
    schema: { params: ByPromise, response: { 200: PromiseView } },
  } as const
  app.get('/v1/promises/:promiseId', onePromise, async (request, reply) => {
    const outcome = await payments.promiseView(request.riderId, request.params.promiseId)
    return isRefusal(outcome) ? reply.refuse(outcome) : reply.send(outcome)
  })
  app.delete('/v1/promises/:promiseId', onePromise, async (request, reply) => {
    const outcome = await payments.cancelPromise(request.riderId, request.params.promiseId)
    return isRefusal(outcome) ? reply.refuse(outcome) : reply.send(outcome)
  })

  app.get('/v1/debts', { config: { audience: 'rider' }, schema: { response: { 200: Debts } } }, async (request) => ({
    debts: [...(await payments.debtsOf(request.riderId))],
  }))
  app.post(
    '/v1/debts/:tripId/promises',
    {
      config: { audience: 'rider', idempotent: true },
      schema: { params: ByTrip, body: PromiseRequest, response: { 201: PromiseView } },
    },
    async (request, reply) => {
      const outcome = await payments.openDebtPromise(request.riderId, { ...request.params, ...request.body })
      return isRefusal(outcome) ? reply.refuse(outcome) : reply.code(201).send(outcome)
    },
  )

  await app.register((scope) => webhooks(scope, payments))
}

/** In a scope of its own: here, and only here, a body is kept as the bytes that were signed. */
async function webhooks(scope: FastifyInstance, payments: Payments): Promise<void> {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'buffer', bodyLimit: maxNotificationBytes },
    (_request, body, done) => done(null, body),
  )
  const config = { audience: 'provider', rateLimit: { max: webhooksPerMinute, timeWindow: 60_000 } } as const
  scope.post('/v1/webhooks/alipay', { config }, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const answer = await payments.handleNotification('alipay', body, request.headers)
    return reply.code(answer.status).type(answer.contentType).send(answer.body)
  })
}
