import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  NewPlan,
  NightSettings,
  PlanEditAnswer,
  PlanEditRequest,
  PlanList,
  PlanSummary,
  PlanView,
} from '../../contracts/http/nights.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal } from '../../contracts/refusals.ts'
import type { NightSettingsStore } from './night-settings.ts'
import type { Plans } from './plan-service.ts'

const PlanParams = Type.Object({ planId: Uuid })
const UndoRequest = Type.Object(
  { revision: Type.Integer({ minimum: 0, maximum: 100_000 }) },
  { additionalProperties: false },
)

/** The desk's side of the night: settings and plans. */
export const planApi: (deps: { plans: Plans; settings: NightSettingsStore }) => FastifyPluginAsyncTypebox =
  ({ plans, settings }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'desk.see' } as const
    const planning = { audience: 'staff', permission: 'night.plan' } as const
    const tags = ['night']

    app.get(
      '/v1/staff/night/settings',
      { config, schema: { tags, summary: 'How nights are planned', response: { 200: NightSettings } } },
      async () => settings.read(),
    )
    app.put(
      '/v1/staff/night/settings',
      {
        config: planning,
        schema: {
          tags,
          summary: 'Change it; holds from the next plan on',
          body: NightSettings,
          response: { 200: NightSettings },
        },
      },
      async (request, reply) => {
        const written = await settings.write(request.body, request.staffId)
        return isRefusal(written) ? reply.refuse(written) : written
      },
    )
    app.post(
      '/v1/staff/plans',
      {
        config: planning,
        schema: { tags, summary: 'Plan tonight now', body: NewPlan, response: { 202: PlanSummary } },
      },
      async (request, reply) => {
        const created = await plans.create(request.body)
        return isRefusal(created) ? reply.refuse(created) : reply.code(202).send(created)
      },
    )
    app.get(
      '/v1/staff/plans',
      { config, schema: { tags, summary: 'Plans, the newest night first', response: { 200: PlanList } } },
      async () => plans.list(),
    )
    app.get(
      '/v1/staff/plans/:planId',
      { config, schema: { tags, summary: 'A plan with its reasons', params: PlanParams, response: { 200: PlanView } } },
      async (request, reply) => {
        const view = await plans.view(request.params.planId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
    app.post(
      '/v1/staff/plans/:planId/edits',
      {
        config: { ...planning, audited: 'unless_dry_run' },
        schema: {
          tags,
          summary: 'Change a plan, or ask what a change would cost',
          params: PlanParams,
          body: PlanEditRequest,
          response: { 200: PlanEditAnswer },
        },
      },
      async (request, reply) => {
        const answer = await plans.edit(request.params.planId, request.body, request.staffId)
        return isRefusal(answer) ? reply.refuse(answer) : answer
      },
    )
    app.post(
      '/v1/staff/plans/:planId/undo',
      {
        config: planning,
        schema: {
          tags,
          summary: 'Take the last edit back',
          params: PlanParams,
          body: UndoRequest,
          response: { 200: PlanView },
        },
      },
      async (request, reply) => {
        const view = await plans.undo(request.params.planId, request.body.revision)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
    app.post(
      '/v1/staff/plans/:planId/publish',
      {
        config: planning,
        schema: { tags, summary: 'Give its routes to the crews', params: PlanParams, response: { 200: PlanView } },
      },
      async (request, reply) => {
        const view = await plans.publish(request.params.planId, request.staffId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
    app.post(
      '/v1/staff/plans/:planId/discard',
      { config: planning, schema: { tags, summary: 'Drop a draft', params: PlanParams, response: { 200: PlanView } } },
      async (request, reply) => {
        const view = await plans.discard(request.params.planId)
        return isRefusal(view) ? reply.refuse(view) : view
      },
    )
  }
