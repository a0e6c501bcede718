import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AccessChange, NewPerson, People, PersonChange, PersonLink, RoleChange } from '../../contracts/http/crews.ts'
import { asId, type StaffId, Uuid } from '../../contracts/ids.ts'
import { may } from '../../contracts/permissions.ts'
import { isRefusal, Problem, type Refusal, refuse } from '../../contracts/refusals.ts'
import type { PeopleService } from './people-service.ts'

const params = Type.Object({ staffId: Uuid })

/** Colleagues, their roles and their access. A crew lead has crews alone. */
export const peopleApi: (deps: { staff: PeopleService }) => FastifyPluginAsyncTypebox =
  ({ staff }) =>
  async (app) => {
    const tags = ['people']
    const managing = { audience: 'staff', permission: 'crews.manage' } as const

    /** Null: this colleague may manage that one. */
    const refusalFor = async (request: FastifyRequest, staffId: StaffId): Promise<Refusal | null> => {
      const role = await staff.roleOf(staffId)
      if (role === null) return refuse('not_found')
      return may(request.staffRole, 'people.manage') || role === 'crew' ? null : refuse('not_allowed')
    }

    app.post(
      '/v1/staff/people',
      {
        config: managing,
        schema: {
          tags,
          summary: 'A new colleague, and the link that logs in once; a crew lead makes crews only',
          body: NewPerson,
          response: { 201: PersonLink, 403: Problem, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { name, role, logInName = '' } = request.body
        if (!may(request.staffRole, 'people.manage') && role !== 'crew') return reply.refuse(refuse('not_allowed'))
        const staffId = await staff.addPerson(name, role, logInName)
        if (isRefusal(staffId)) return reply.refuse(staffId)
        request.auditNote = { subject: { kind: 'staff', id: staffId } }
        const link = await staff.linkFor(staffId)
        return link === null ? reply.refuse(refuse('not_found')) : reply.code(201).send(link)
      },
    )

    app.get(
      '/v1/staff/people',
      {
        config: { audience: 'staff', permission: 'people.see' },
        schema: { tags, summary: 'Colleagues and their roles', response: { 200: People } },
      },
      async (request) => ({ people: await staff.people(may(request.staffRole, 'crews.manage')) }),
    )

    app.put(
      '/v1/staff/people/:staffId',
      {
        config: managing,
        schema: {
          tags,
          summary: 'Another name, or log-in name',
          params,
          body: PersonChange,
          response: { 204: Type.Null(), 403: Problem, 404: Problem, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const staffId = asId<StaffId>(request.params.staffId)
        const { name, logInName } = request.body
        const no = (await refusalFor(request, staffId)) ?? (await staff.rename(staffId, name, logInName))
        return no === null ? reply.code(204).send(null) : reply.refuse(no)
      },
    )

    app.post(
      '/v1/staff/people/:staffId/links',
      {
        config: managing,
        schema: {
          tags,
          summary: 'Another link that logs a colleague in once; a crew lead makes those of crews only',
          params,
          querystring: Type.Object(
            { withoutSecondFactor: Type.Optional(Type.Boolean()) },
            { additionalProperties: false },
          ),
          response: { 201: PersonLink, 403: Problem, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const staffId = asId<StaffId>(request.params.staffId)
        const no = await refusalFor(request, staffId)
        if (no !== null) return reply.refuse(no)
        const link = await staff.linkFor(staffId, request.query.withoutSecondFactor ?? false)
        return link === null ? reply.refuse(refuse('person_off')) : reply.code(201).send(link)
      },
    )

    app.post(
      '/v1/staff/people/:staffId/role',
      {
        config: { audience: 'staff', permission: 'people.manage' },
        schema: {
          tags,
          summary: 'Another role',
          params,
          body: RoleChange,
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const staffId = asId<StaffId>(request.params.staffId)
        if (staffId === request.staffId) return reply.refuse(refuse('own_account'))
        request.auditNote = { roleBefore: await staff.roleOf(staffId) }
        const no = await staff.changeRole(staffId, request.body.role)
        return no === null ? reply.code(204).send(null) : reply.refuse(no)
      },
    )

    for (const [way, summary] of [
      ['off', 'Switch a colleague off: sessions and links end at once'],
      ['on', 'Switch a colleague on again'],
    ] as const) {
      app.post(
        `/v1/staff/people/:staffId/${way}`,
        {
          config: managing,
          schema: {
            tags,
            summary,
            params,
            body: AccessChange,
            response: { 204: Type.Null(), 403: Problem, 404: Problem, 409: Problem },
          },
        },
        async (request, reply) => {
          const staffId = asId<StaffId>(request.params.staffId)
          if (staffId === request.staffId) return reply.refuse(refuse('own_account'))
          const no =
            (await refusalFor(request, staffId)) ??
            (way === 'off' ? await staff.switchOff(staffId) : await staff.switchOn(staffId))
          return no === null ? reply.code(204).send(null) : reply.refuse(no)
        },
      )
    }
  }
