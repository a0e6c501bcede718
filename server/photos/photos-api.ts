import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { RiderPhotoKept } from '../../contracts/http/photos.ts'
import { Uuid } from '../../contracts/ids.ts'
import { photoTypes } from '../../contracts/photo-limits.ts'
import { isRefusal, Problem, refuse } from '../../contracts/refusals.ts'
import '../platform/http-context.ts'
import { photoIn, refuseWrongPhoto, sendPhoto, takePhotoBodies } from '../platform/photo-http.ts'
import type { RiderPhotos } from './rider-photos.ts'

const params = Type.Object({ photoId: Uuid })
const tags = ['photos']
/** Three pictures, each with some tries over a bad connection, several times over. */
const uploadsPerHour = 60

/** Riders' pictures: sent by their rider, seen by that rider and by colleagues who look after what they belong to. */
export const photosApi: (photos: RiderPhotos) => FastifyPluginAsyncTypebox = (photos) => async (app) => {
  takePhotoBodies(app)

  app.put(
    '/v1/photos/:photoId',
    {
      config: {
        audience: 'rider',
        rateLimit: {
          max: uploadsPerHour,
          timeWindow: 3_600_000,
          hook: 'preHandler',
          keyGenerator: (request) => request.riderId,
        },
      },
      schema: {
        tags,
        summary: 'Keep a picture: image/jpeg, image/png or image/webp, up to 3 MB',
        consumes: [...photoTypes],
        params,
        response: { 200: RiderPhotoKept, 422: Problem, 429: Problem },
      },
      errorHandler: refuseWrongPhoto,
    },
    async (request, reply) => {
      const photo = photoIn(request)
      if (photo === null) return reply.refuse(refuse('photo_wrong'))
      const kept = await photos.keep(request.riderId, request.params.photoId, photo)
      return isRefusal(kept) ? reply.refuse(kept) : kept
    },
  )

  app.get(
    '/v1/photos/:photoId',
    { config: { audience: 'rider' }, schema: { tags, summary: 'A picture that I sent', params } },
    async ({ params: { photoId }, riderId }, reply) =>
      sendPhoto(reply, await photos.read(photoId, { kind: 'rider', riderId })),
  )
  app.get(
    '/v1/staff/rider-reports/photos/:photoId',
    {
      config: { audience: 'staff', permission: 'desk.see' },
      schema: { tags, summary: 'A picture that a rider sent with a report', params },
    },
    async ({ params: { photoId } }, reply) => sendPhoto(reply, await photos.read(photoId, { kind: 'a_report' })),
  )
  app.get(
    '/v1/staff/appeals/photos/:photoId',
    {
      config: { audience: 'staff', permission: 'appeal.see' },
      schema: { tags, summary: 'A picture that a rider sent with an appeal', params },
    },
    async ({ params: { photoId } }, reply) => sendPhoto(reply, await photos.read(photoId, { kind: 'an_appeal' })),
  )
}
