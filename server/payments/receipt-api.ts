import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { Receipt } from '../../contracts/http/trips.ts'
import { refuse } from '../../contracts/refusals.ts'
import '../platform/http-context.ts'
import { noReceiptPage, receiptPage, receiptPagePolicy } from './receipt-page.ts'
import type { Receipts } from './receipt-store.ts'
import { preferredLanguage, receiptLanguages } from './receipt-texts.ts'

const ByToken = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{22}$' }) }, { additionalProperties: false })

/** Tokens cannot be guessed; this keeps anybody from trying. */
const config = { audience: 'public', rateLimit: { max: 120, timeWindow: 60_000 } } as const

/** A receipt for whoever holds its token, as a page and as JSON. `timeZone` is the city's. */
export async function receiptApi(
  instance: FastifyInstance,
  { receipts, timeZone }: { readonly receipts: Receipts; readonly timeZone: string },
) {
  const app = instance.withTypeProvider<TypeBoxTypeProvider>()

  app.get(
    '/v1/receipts/:token',
    { config, schema: { params: ByToken, response: { 200: Receipt } } },
    async (request, reply) => {
      const receipt = await receipts.receiptByToken(request.params.token)
      privately(reply)
      return receipt ?? reply.refuse(refuse('not_found'))
    },
  )

  // A person may have mistyped the address: they get a page, not a problem document, so any token is let in here.
  app.get<{ Params: { token: string }; Querystring: { lang?: unknown } }>(
    '/r/:token',
    { config },
    async (request, reply) => {
      const { token } = request.params
      const receipt = /^[A-Za-z0-9_-]{22}$/.test(token) ? await receipts.receiptByToken(token) : null
      // The app's own links name the language that the rider reads it in.
      const language =
        receiptLanguages.find((one) => one === request.query.lang) ??
        preferredLanguage(request.headers['accept-language'])
      privately(reply)
      reply.type('text/html; charset=utf-8').header('content-security-policy', receiptPagePolicy)
      if (!receipt) return reply.code(404).send(noReceiptPage(language))
      return reply.send(await receiptPage(receipt, language, timeZone))
    },
  )
}

/** The address is the key: it goes into no cache and to no other site. */
function privately(reply: Pick<FastifyReply, 'header'>): void {
  reply.header('cache-control', 'no-store')
  reply.header('referrer-policy', 'no-referrer')
  reply.header('x-robots-tag', 'noindex')
  reply.header('vary', 'accept-language')
}
