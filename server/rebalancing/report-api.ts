import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import { MorningReport, Night, ReportList } from '../../contracts/http/nights.ts'
import { refuse } from '../../contracts/refusals.ts'
import type { NightSettingsStore } from './night-settings.ts'
import { noReportPage, reportPage } from './report-page.ts'
import type { Reports } from './report-service.ts'

const Params = Type.Object({ night: Night })
const OfDepot = Type.Object({ depotId: Type.Optional(Type.String({ pattern: '^[a-z0-9-]{1,40}$' })) })

export const reportApi: (deps: {
  reports: Reports
  settings: NightSettingsStore
  timeZone: string
}) => FastifyPluginAsyncTypebox =
  ({ reports, settings, timeZone }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'desk.see' } as const
    const tags = ['night']
    const about = { params: Params, querystring: OfDepot }

    app.get(
      '/v1/staff/reports',
      { config, schema: { tags, summary: 'Morning reports, the newest first', response: { 200: ReportList } } },
      async () => reports.list(),
    )
    app.get(
      '/v1/staff/reports/:night',
      { config, schema: { tags, summary: 'What became of a night', ...about, response: { 200: MorningReport } } },
      async (request, reply) => {
        const report = await reports.read(request.params.night, request.query.depotId ?? null)
        return report ?? reply.refuse(refuse('not_found'))
      },
    )
    app.get(
      '/v1/staff/reports/:night.html',
      { config, schema: { tags, summary: 'The same as a page, to read and to mail', ...about } },
      async (request, reply) => {
        const { night } = request.params
        const report = await reports.read(night, request.query.depotId ?? null)
        reply.type('text/html; charset=utf-8')
        if (report === null) return reply.code(404).send(noReportPage(night))
        const { depots } = await settings.read()
        const depotName = depots.find(({ depotId }) => depotId === report.depotId)?.name ?? report.depotId
        return reply.send(reportPage(report, { timeZone, depotName }))
      },
    )
  }
