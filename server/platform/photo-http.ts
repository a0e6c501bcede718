import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { largestPhotoBytes, photoTypes } from '../../contracts/photo-limits.ts'
import { refuse } from '../../contracts/refusals.ts'

/** A picture as it is sent to a page. */
export interface PhotoToSend {
  readonly contentType: string
  readonly body: Buffer
}

/** 413 too large, 415 not a picture. */
const wrongPicture: ReadonlySet<number | undefined> = new Set([413, 415])

/** From here on a body is a picture: in a scope of its own. */
export function takePhotoBodies(app: FastifyInstance): void {
  app.addContentTypeParser(
    [...photoTypes],
    { parseAs: 'buffer', bodyLimit: largestPhotoBytes },
    (_request, body, done) => done(null, body),
  )
}

/** What a route does with a body that is too large or no picture. */
export function refuseWrongPhoto(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!wrongPicture.has(error.statusCode)) throw error
  return reply.refuse(refuse('photo_wrong'))
}

/** The body as bytes and what its sender calls it; null: it is no picture. */
export function photoIn({ body, headers }: FastifyRequest): PhotoToSend | null {
  if (!Buffer.isBuffer(body)) return null
  return { body, contentType: (headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '' }
}

/** Strangers made it: nothing in it may run, be guessed to be something else, or stay in a cache. */
export function sendPhoto(reply: FastifyReply, photo: PhotoToSend | null): FastifyReply {
  if (photo === null) return reply.refuse(refuse('not_found'))
  return reply
    .type(photo.contentType)
    .header('cache-control', 'private, no-store')
    .header('x-content-type-options', 'nosniff')
    .header('content-security-policy', "sandbox; default-src 'none'")
    .header('content-disposition', 'inline')
    .send(photo.body)
}
