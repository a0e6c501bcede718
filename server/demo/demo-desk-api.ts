import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import {
  CityStreet,
  DemoDesk,
  DemoFault,
  DemoFaultDone,
  DemoHealed,
  DemoMood,
  DemoSpeed,
} from '../../contracts/http/demo.ts'
import { Problem, refuse } from '../../contracts/refusals.ts'
import type { AskCity } from './ask-city.ts'
import type { CityClock } from './city-clock.ts'
import type { PersonSpeed } from './person-speed.ts'

const away = refuse('not_found', 'The simulated city is not running. It comes back by itself: try again in a moment.')

/** The knobs of the simulated city, at the desk. Registered in the demo only. */
export const demoDeskApi: (deps: {
  readonly clock: CityClock
  readonly speed: PersonSpeed
  readonly askCity: AskCity
}) => FastifyPluginAsyncTypebox =
  ({ clock, speed, askCity }) =>
  async (app) => {
    const seeing = { audience: 'staff', permission: 'desk.see' } as const
    const steering = { audience: 'staff', permission: 'demo.steer' } as const
    const tags = ['demo']
    const desk = async (): Promise<DemoDesk> => ({
      cityTime: clock.nowMs(),
      speed: clock.speed(),
      wantedSpeed: speed.chosen(),
      isPersonRiding: speed.isPersonRiding(),
      street: (await askCity('/street')) as CityStreet | null,
    })

    app.get(
      '/v1/staff/demo',
      {
        config: seeing,
        schema: { tags, summary: 'The simulated city: its knobs and what it does', response: { 200: DemoDesk } },
      },
      desk,
    )
    app.put(
      '/v1/staff/demo/speed',
      {
        config: steering,
        schema: {
          tags,
          summary: 'City seconds for each real one; while a person rides it stays at 1',
          body: DemoSpeed,
          response: { 200: DemoDesk },
        },
      },
      async (request) => {
        speed.choose(request.body.speed)
        return desk()
      },
    )
    app.put(
      '/v1/staff/demo/mood',
      {
        config: steering,
        schema: {
          tags,
          summary: 'Weather, how often things break, a rush',
          body: DemoMood,
          response: { 200: CityStreet, 404: Problem },
        },
      },
      async (request, reply) => {
        const street = await askCity('/mood', request.body)
        return street === null ? reply.refuse(away) : reply.send(street as CityStreet)
      },
    )
    app.post(
      '/v1/staff/demo/faults',
      {
        config: steering,
        schema: {
          tags,
          summary: 'Something happens to bikes that nobody uses',
          body: DemoFault,
          response: { 200: DemoFaultDone, 404: Problem },
        },
      },
      async (request, reply) => {
        const done = await askCity('/faults', request.body)
        return done === null ? reply.refuse(away) : reply.send(done as DemoFaultDone)
      },
    )
    app.post(
      '/v1/staff/demo/heal',
      {
        config: steering,
        schema: {
          tags,
          summary: 'Every fault that was ordered is put right',
          response: { 200: DemoHealed, 404: Problem },
        },
      },
      async (_request, reply) => {
        const healed = await askCity('/heal', {})
        return healed === null ? reply.refuse(away) : reply.send(healed as DemoHealed)
      },
    )
  }
