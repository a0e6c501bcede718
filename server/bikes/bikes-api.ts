import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  BikeNote,
  BikeNotes,
  BikePage,
  NewNote,
  NoteText,
  RawMessage,
  ServiceAct,
  ServiceChange,
  Timeline,
  TimelineQuery,
} from '../../contracts/http/bike-page.ts'
import { asId, type BikeId, BikeNumberSchema, Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { Bikes } from './bikes-service.ts'

const OfBike = Type.Object({ bikeId: Uuid })
const OfNote = Type.Object({ bikeId: Uuid, noteId: Uuid })
const OfMessage = Type.Object({
  bikeId: Uuid,
  reportId: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
})

/** Routes of one bike's page: what is known of it, what happened, its service, its notes. */
export const bikesApi: (bikes: Bikes) => FastifyPluginAsyncTypebox = (bikes) => async (app) => {
  app.get(
    '/v1/staff/bikes/by-number/:number',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags: ['staff'],
        summary: 'All that is known of a bike now, by the number printed on it',
        params: Type.Object({ number: BikeNumberSchema }),
        response: { 200: BikePage, 404: Problem },
      },
    },
    async (request, reply) => {
      const page = await bikes.page(request.params.number)
      return isRefusal(page) ? reply.refuse(page) : page
    },
  )

  app.get(
    '/v1/staff/bikes/:bikeId/timeline',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags: ['staff'],
        summary: 'What happened to a bike, newest first, of all rooms; without who rode it',
        params: OfBike,
        querystring: TimelineQuery,
        response: { 200: Timeline, 400: Problem, 404: Problem },
      },
    },
    async (request, reply) => {
      const page = await bikes.timeline(request.params.bikeId, request.query)
      return isRefusal(page) ? reply.refuse(page) : page
    },
  )

  app.get(
    '/v1/staff/bikes/:bikeId/messages/:reportId',
    {
      // A bolt's own word carries the place where somebody opened or closed it: who looks is written down.
      config: { audience: 'staff', permission: 'desk.see', audited: true },
      schema: {
        tags: ['staff'],
        summary: 'What a lock sent, as it came',
        params: OfMessage,
        response: { 200: RawMessage, 404: Problem },
      },
    },
    async (request, reply) => {
      const message = await bikes.message(request.params.bikeId, request.params.reportId)
      return isRefusal(message) ? reply.refuse(message) : message
    },
  )

  app.post(
    '/v1/staff/bikes/:bikeId/service',
    {
      config: { audience: 'staff', permission: 'bike.service' },
      schema: {
        tags: ['staff'],
        summary: 'Takes a bike out of service, puts it back, or retires it',
        params: OfBike,
        body: ServiceAct,
        response: { 200: ServiceChange, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const changed = await bikes.setService(asId<BikeId>(request.params.bikeId), request.staffId, request.body)
      return isRefusal(changed) ? reply.refuse(changed) : changed
    },
  )

  app.get(
    '/v1/staff/bikes/:bikeId/notes',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: {
        tags: ['staff'],
        summary: 'What colleagues noted of a bike, the last 50, newest first',
        params: OfBike,
        response: { 200: BikeNotes },
      },
    },
    async (request) => ({ notes: await bikes.notes(asId<BikeId>(request.params.bikeId)) }),
  )

  app.post(
    '/v1/staff/bikes/:bikeId/notes',
    {
      config: { audience: 'staff', permission: 'bike.service' },
      schema: {
        tags: ['staff'],
        summary: 'Notes something of a bike; sent again with its id, it is the same note',
        params: OfBike,
        body: NewNote,
        response: { 201: BikeNote, 404: Problem },
      },
    },
    async (request, reply) => {
      const note = await bikes.addNote(asId<BikeId>(request.params.bikeId), request.staffId, request.body)
      return isRefusal(note) ? reply.refuse(note) : reply.code(201).send(note)
    },
  )

  app.put(
    '/v1/staff/bikes/:bikeId/notes/:noteId',
    {
      config: { audience: 'staff', permission: 'bike.service' },
      schema: {
        tags: ['staff'],
        summary: 'Changes an own note, for ten minutes',
        params: OfNote,
        body: NoteText,
        response: { 200: BikeNote, 403: Problem, 404: Problem, 409: Problem },
      },
    },
    async (request, reply) => {
      const { bikeId, noteId } = request.params
      const note = await bikes.editNote(asId<BikeId>(bikeId), request.staffId, { noteId, text: request.body.text })
      return isRefusal(note) ? reply.refuse(note) : note
    },
  )

  app.delete(
    '/v1/staff/bikes/:bikeId/notes/:noteId',
    {
      config: { audience: 'staff', permission: 'bike.service' },
      schema: {
        tags: ['staff'],
        summary: 'Deletes the text of a note; that it was there, and who deleted it, stays',
        params: OfNote,
        response: { 200: BikeNote, 404: Problem },
      },
    },
    async (request, reply) => {
      const { bikeId, noteId } = request.params
      const note = await bikes.deleteNote(asId<BikeId>(bikeId), request.staffId, noteId)
      return isRefusal(note) ? reply.refuse(note) : note
    },
  )
}
