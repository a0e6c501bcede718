import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { NewStaffCommand, StaffCommand, StaffCommands } from '../../contracts/http/bike-page.ts'
import { asId, type BikeId, type CommandId, Uuid } from '../../contracts/ids.ts'
import { may } from '../../contracts/permissions.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import type { StaffCommands as StaffCommandsRoom } from './staff-commands.ts'

/** Routes of what staff ask of locks. */
export const staffCommandsApi: (
  commands: Pick<StaffCommandsRoom, 'ask' | 'list' | 'cancel'>,
) => FastifyPluginAsyncTypebox = (commands) => async (app) => {
  app.post(
    '/v1/staff/bikes/:bikeId/commands',
    {
      config: { audience: 'staff', permission: 'bike.command' },
      schema: {
        tags: ['staff'],
        summary:
          "Asks a bike's lock to ring, locate, test itself, reboot, close or open; sent again with its id, it is the same command",
        params: Type.Object({ bikeId: Uuid }),
        body: NewStaffCommand,
        response: { 200: StaffCommand, 201: StaffCommand, 403: Problem, 404: Problem, 409: Problem, 422: Problem },
      },
    },
    async (request, reply) => {
      const { staffId, staffRole, body } = request
      if (staffId === null || staffRole === null) return reply.refuse(refuse('log_in_first'))
      if (body.op === 'unlock' && !may(staffRole, 'bike.unlock')) return reply.refuse(refuse('not_allowed'))
      const asked = await commands.ask(asId<BikeId>(request.params.bikeId), staffId, body)
      if (isRefusal(asked)) return reply.refuse(asked)
      return reply.code(asked.isNew ? 201 : 200).send(asked.command)
    },
  )

  app.get(
    '/v1/staff/bikes/:bikeId/commands',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags: ['staff'],
        summary: 'The last 50 commands that staff gave to a lock, newest first',
        params: Type.Object({ bikeId: Uuid }),
        response: { 200: StaffCommands, 404: Problem },
      },
    },
    async (request, reply) => {
      const listed = await commands.list(asId<BikeId>(request.params.bikeId))
      return isRefusal(listed) ? reply.refuse(listed) : { commands: listed }
    },
  )

  app.post(
    '/v1/staff/bikes/:bikeId/commands/:commandId/cancel',
    {
      config: { audience: 'staff', permission: 'bike.command' },
      schema: {
        tags: ['staff'],
        summary: 'Takes back a command that was not sent yet',
        params: Type.Object({ bikeId: Uuid, commandId: Uuid }),
        response: { 200: StaffCommand, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { bikeId, commandId } = request.params
      const cancelled = await commands.cancel(asId<BikeId>(bikeId), asId<CommandId>(commandId))
      return isRefusal(cancelled) ? reply.refuse(cancelled) : cancelled
    },
  )
}
