import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { PersonLink } from '../../contracts/http/crews.ts'
import {
  ClockView,
  CrewLinkRequest,
  DemoOutbox,
  VirtualAct,
  VirtualBike,
  VirtualBikes,
  VirtualRadio,
  VirtualRadioAnswer,
} from '../../contracts/http/demo.ts'
import { BikeNumberSchema } from '../../contracts/ids.ts'
import { refuse } from '../../contracts/refusals.ts'
import { Latitude, Longitude } from '../../contracts/units.ts'
import type { Account } from '../riders/account.ts'
import type { localOutbox } from '../riders/code-sender.ts'
import type { Staff } from '../staff/staff-service.ts'
import type { AskCity } from './ask-city.ts'
import type { CityClock } from './city-clock.ts'

export interface DemoApiDeps {
  readonly clock: CityClock
  readonly outbox: ReturnType<typeof localOutbox>
  readonly staff: Pick<Staff, 'crewNamed'>
  readonly account: Pick<Account, 'addressOf'>
  readonly askCity: AskCity
}

/** Routes that exist only in the demo: its clock, the local outbox, the panel that stands in for the bike in the hand. */
export const demoApi: (deps: DemoApiDeps) => FastifyPluginAsyncTypebox =
  ({ clock, outbox, staff, account, askCity }) =>
  async (app) => {
    const config = { audience: 'demo' } as const
    const tags = ['demo']
    const mailsTo = (address: string) => {
      const message = outbox.newestFor(address)
      if (!message) return []
      const { to, code, sentAtMs } = message
      return [{ to, code, sentAtMs, text: `Zwerm: ${code}` }]
    }

    app.get('/demo/clock', { config, schema: { tags, response: { 200: ClockView } } }, async () => clock.view())

    app.get('/demo/clock/stream', { config, schema: { tags } }, (_request, reply) => {
      streamClock(reply, clock)
      return reply
    })

    app.get(
      '/demo/outbox',
      {
        config,
        schema: {
          tags,
          querystring: Type.Object({ to: Type.String({ maxLength: 254 }) }),
          response: { 200: DemoOutbox },
        },
      },
      async (request) => ({ messages: mailsTo(request.query.to) }),
    )

    // Whoever is logged in need not know the whole address any more that the demo plays the phone of.
    app.get(
      '/demo/outbox/mine',
      { config: { audience: 'rider' }, schema: { tags, response: { 200: DemoOutbox } } },
      async (request) => {
        const to = await account.addressOf(request.riderId)
        return { messages: to === null ? [] : mailsTo(to) }
      },
    )

    app.post(
      '/demo/crew-links',
      { config, schema: { tags, body: CrewLinkRequest, response: { 201: PersonLink } } },
      async (request, reply) => reply.code(201).send(await staff.crewNamed(request.body.name)),
    )

    const away = refuse('not_found', 'The simulated city is not running, or it does not know this bike.')

    app.get(
      '/demo/city/bikes',
      {
        config,
        schema: { tags, querystring: Type.Object({ lon: Longitude, lat: Latitude }), response: { 200: VirtualBikes } },
      },
      async (request, reply) => {
        const { lon, lat } = request.query
        const bikes = await askCity(`/bikes?lon=${lon}&lat=${lat}`)
        return bikes === null ? reply.refuse(away) : reply.send(bikes as Type.Static<typeof VirtualBikes>)
      },
    )
    const params = Type.Object({ number: BikeNumberSchema })
    app.get(
      '/demo/city/bikes/:number',
      { config, schema: { tags, params, response: { 200: VirtualBike } } },
      async (request, reply) => {
        const bike = await askCity(`/bikes/${request.params.number}`)
        return bike === null ? reply.refuse(away) : reply.send(bike as Type.Static<typeof VirtualBike>)
      },
    )
    app.post(
      '/demo/city/bikes/:number/act',
      { config, schema: { tags, params, body: VirtualAct, response: { 200: VirtualBike } } },
      async (request, reply) => {
        const bike = await askCity(`/bikes/${request.params.number}/act`, request.body)
        return bike === null ? reply.refuse(away) : reply.send(bike as Type.Static<typeof VirtualBike>)
      },
    )
    app.post(
      '/demo/city/bikes/:number/radio',
      { config, schema: { tags, params, body: VirtualRadio, response: { 200: VirtualRadioAnswer } } },
      async (request, reply) => {
        const answer = await askCity(`/bikes/${request.params.number}/radio`, request.body)
        return answer === null ? reply.refuse(away) : reply.send(answer as VirtualRadioAnswer)
      },
    )
  }

function streamClock(reply: FastifyReply, clock: CityClock): void {
  reply.hijack()
  const { raw } = reply
  if (raw.destroyed || raw.closed) return
  raw.on('error', () => raw.destroy())
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const send = () => void raw.write(`data: ${JSON.stringify(clock.view())}\n\n`)
  const stop = clock.onChange(send)
  raw.on('close', stop)
  send()
}
