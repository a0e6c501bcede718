import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { ClaimRequest, CrewActs, CrewActsAnswer, CrewRoute, PhotoKept, RouteList } from '../../contracts/http/crews.ts'
import { BikeNumberSchema, Uuid } from '../../contracts/ids.ts'
import { photoTypes } from '../../contracts/photo-limits.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import { photoIn, refuseWrongPhoto, sendPhoto, takePhotoBodies } from '../platform/photo-http.ts'
import type { CrewPhotos } from './crew-photos.ts'
import type { Crew } from './crew-service.ts'

/** 200 acts with notes. */
const largestActsBytes = 256 * 1_024
const ringsPerMinute = 30

const RouteParams = Type.Object({ routeId: Uuid })
const PhotoParams = Type.Object({ photoId: Uuid })

/** What crews' phones ask for. */
export const crewApi: (deps: { readonly crew: Crew; readonly photos: CrewPhotos }) => FastifyPluginAsyncTypebox =
  ({ crew, photos }) =>
  async (app) => {
    app.get(
      '/v1/crew/routes',
      {
        config: { audience: 'crew' },
        schema: { tags: ['crew'], summary: "Tonight's published routes", response: { 200: RouteList } },
      },
      async (request) => crew.routes(request.staffId),
    )

    app.get(
      '/v1/crew/routes/:routeId',
      {
        config: { audience: 'crew' },
        schema: {
          tags: ['crew'],
          summary: 'Everything that a night without network needs',
          params: RouteParams,
          response: { 200: CrewRoute, 404: Problem },
        },
      },
      async (request, reply) => {
        const route = await crew.route(request.staffId, request.params.routeId)
        return isRefusal(route) ? reply.refuse(route) : route
      },
    )

    app.post(
      '/v1/crew/routes/:routeId/claim',
      {
        config: { audience: 'crew' },
        schema: {
          tags: ['crew'],
          summary: 'Take a route; from now on riders do not get its bikes',
          params: RouteParams,
          body: ClaimRequest,
          response: { 200: CrewRoute, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const route = await crew.claim(request.staffId, request.params.routeId, request.body.actId)
        return isRefusal(route) ? reply.refuse(route) : route
      },
    )

    app.post(
      '/v1/crew/acts',
      {
        config: { audience: 'crew' },
        bodyLimit: largestActsBytes,
        // Checked as it is: the usual checker would turn a place that is not known (null) into 0° east, 0° north.
        validatorCompiler: TypeBoxValidatorCompiler,
        schema: {
          tags: ['crew'],
          summary: 'What was done, in the order in which it was done; a repeat changes nothing',
          body: CrewActs,
          response: { 200: CrewActsAnswer },
        },
      },
      async (request) => crew.acts(request.staffId, request.body.acts),
    )

    app.post(
      '/v1/crew/bikes/:number/ring',
      {
        config: { audience: 'crew', rateLimit: { max: ringsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags: ['crew'],
          summary: 'Make the lock of a bike of the own route beep',
          params: Type.Object({ number: BikeNumberSchema }),
          response: { 202: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const refusal = await crew.ring(request.staffId, request.params.number)
        return refusal ? reply.refuse(refusal) : reply.code(202).send(null)
      },
    )

    await app.register(deskRoutes(crew))
    await app.register(photoRoutes(photos))
  }

const deskRoutes =
  (crew: Crew): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/staff/bikes/:bikeId/free',
      {
        config: { audience: 'staff', permission: 'bike.service' },
        schema: {
          tags: ['staff'],
          summary: 'No crew has this bike any more',
          params: Type.Object({ bikeId: Uuid }),
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const refusal = await crew.freeBike(request.staffId, request.params.bikeId)
        return refusal ? reply.refuse(refusal) : reply.code(204).send(null)
      },
    )

    app.post(
      '/v1/staff/routes/:routeId/take-back',
      {
        config: { audience: 'staff', permission: 'night.plan' },
        schema: {
          tags: ['staff'],
          summary: 'Open a claimed route to the next crew, with what is in its van',
          params: RouteParams,
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const refusal = await crew.takeBack(request.staffId, request.params.routeId)
        return refusal ? reply.refuse(refusal) : reply.code(204).send(null)
      },
    )
  }

/** A scope of their own: only here is a body a picture. */
const photoRoutes =
  (photos: CrewPhotos): FastifyPluginAsyncTypebox =>
  async (app) => {
    takePhotoBodies(app)

    app.put(
      '/v1/crew/photos/:photoId',
      {
        config: { audience: 'crew' },
        schema: {
          tags: ['crew'],
          summary: 'Keep a picture: image/jpeg, image/png or image/webp, up to 3 MB',
          consumes: [...photoTypes],
          params: PhotoParams,
          response: { 200: PhotoKept, 422: Problem },
        },
        errorHandler: refuseWrongPhoto,
      },
      async (request, reply) => {
        const photo = photoIn(request)
        if (photo === null) return reply.refuse(refuse('photo_wrong'))
        const kept = await photos.keep(request.staffId, request.params.photoId, photo.contentType, photo.body)
        return isRefusal(kept) ? reply.refuse(kept) : kept
      },
    )

    app.get(
      '/v1/staff/photos/:photoId',
      {
        config: { audience: 'staff', permission: 'desk.see' },
        schema: { tags: ['staff'], summary: 'A picture that a crew took', params: PhotoParams },
      },
      async (request, reply) => sendPhoto(reply, await photos.read(request.params.photoId)),
    )
  }
