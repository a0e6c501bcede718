import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { BatchId } from '../../contracts/http/locks.ts'
import { isRefusal, refuse } from '../../contracts/refusals.ts'
import type { Batches } from './batches.ts'
import { labelSheetSvg, labelsPage, labelsPagePolicy } from './labels-page.ts'

export const OfBatch = Type.Object({ batchId: BatchId })
const OfSheet = Type.Object({ batchId: BatchId, sheet: Type.Integer({ minimum: 1, maximum: 42 }) })

/**
 * Labels of a batch below `path`: a page to print, and single sheets.
 * @param isSaved a browser keeps a sheet as a file instead of showing it
 */
export async function labelRoutes(
  app: Parameters<FastifyPluginAsyncTypebox>[0],
  routes: {
    readonly path: string
    readonly config:
      | { readonly audience: 'factory' }
      | { readonly audience: 'staff'; readonly permission: 'lock.revoke' }
    readonly tag: string
    readonly batches: Pick<Batches, 'labelsOf'>
    readonly isSaved: boolean
  },
): Promise<void> {
  const { path, config, batches, isSaved } = routes
  const tags = [routes.tag]

  app.get(
    `${path}/:batchId/labels.html`,
    { config, schema: { tags, summary: 'Labels of a batch, to be printed', params: OfBatch } },
    async ({ params }, reply) => {
      const bikes = await batches.labelsOf(params.batchId)
      if (isRefusal(bikes)) return reply.refuse(bikes)
      return reply
        .header('content-security-policy', labelsPagePolicy)
        .type('text/html; charset=utf-8')
        .send(labelsPage(params.batchId, bikes))
    },
  )

  app.get(
    `${path}/:batchId/labels/:sheet`,
    { config, schema: { tags, summary: 'One sheet of its labels, SVG', params: OfSheet } },
    async ({ params: { batchId, sheet } }, reply) => {
      const bikes = await batches.labelsOf(batchId)
      if (isRefusal(bikes)) return reply.refuse(bikes)
      const svg = labelSheetSvg(batchId, bikes, sheet)
      if (svg === null) return reply.refuse(refuse('not_found'))
      const name = `${batchId}-${String(sheet).padStart(2, '0')}.svg`
      if (isSaved) void reply.header('content-disposition', `attachment; filename="${name}"`)
      return reply.type('image/svg+xml').send(svg)
    },
  )
}
