import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  AlarmActRequest,
  AlarmBatch,
  AlarmBatchAnswer,
  AlarmList,
  AlarmSettings,
  AlarmStory,
  AlarmsQuery,
  AlarmTrial,
} from '../../contracts/http/alarms.ts'
import { Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { AlarmDesk } from './alarm-desk.ts'
import type { AlarmSettingsStore } from './alarm-settings-store.ts'
import type { AlarmWatch } from './alarm-watch.ts'
import { checkAlarmSettings } from './core/alarm-settings.ts'

const AlarmParams = Type.Object({ alarmId: Uuid })
/** Each looks at every bike. */
const trialsPerMinute = 30

/** The inbox of the desk, and from when on rules fill it. */
export const alarmsApi: (deps: {
  readonly desk: AlarmDesk
  readonly settings: AlarmSettingsStore
  readonly watch: Pick<AlarmWatch, 'tryOut'>
}) => FastifyPluginAsyncTypebox =
  ({ desk, settings, watch }) =>
  async (app) => {
    const seeing = { audience: 'staff', permission: 'desk.see' } as const
    const handling = { audience: 'staff', permission: 'alarm.handle' } as const
    const setting = { audience: 'staff', permission: 'alarm.settings' } as const
    const tags = ['alarms']

    app.get(
      '/v1/staff/alarms',
      {
        config: seeing,
        schema: {
          tags,
          summary: 'What a person should look at',
          querystring: AlarmsQuery,
          response: { 200: AlarmList },
        },
      },
      async (request) => desk.list(request.query, request.staffId),
    )
    app.get(
      '/v1/staff/alarms/:alarmId',
      {
        config: seeing,
        schema: {
          tags,
          summary: 'One alarm with its history',
          params: AlarmParams,
          response: { 200: AlarmStory, 404: Problem },
        },
      },
      async (request, reply) => {
        const story = await desk.story(request.params.alarmId)
        return isRefusal(story) ? reply.refuse(story) : story
      },
    )
    app.post(
      '/v1/staff/alarms/:alarmId/acts',
      {
        config: handling,
        // Checked as it is: the usual checker would make a colleague of nobody (null).
        validatorCompiler: TypeBoxValidatorCompiler,
        schema: {
          tags,
          summary: 'Acknowledge, assign, snooze, resolve, reopen, note',
          params: AlarmParams,
          body: AlarmActRequest,
          response: { 200: AlarmStory, 404: Problem, 409: Problem, 422: Problem },
        },
      },
      async (request, reply) => {
        const { version = null, deed } = request.body
        const story = await desk.act(request.params.alarmId, deed, version, request.staffId)
        return isRefusal(story) ? reply.refuse(story) : story
      },
    )
    app.post(
      '/v1/staff/alarms/acts',
      {
        config: handling,
        validatorCompiler: TypeBoxValidatorCompiler,
        schema: {
          tags,
          summary: 'The same on up to 100 alarms',
          body: AlarmBatch,
          response: { 200: AlarmBatchAnswer },
        },
      },
      async (request) => desk.actOnMany(request.body.alarms, request.body.deed, request.staffId),
    )

    app.get(
      '/v1/staff/alarm-settings',
      {
        config: seeing,
        schema: { tags, summary: 'From when on rules raise an alarm', response: { 200: AlarmSettings } },
      },
      async () => settings.now(),
    )
    app.put(
      '/v1/staff/alarm-settings',
      {
        config: setting,
        schema: {
          tags,
          summary: 'Change it; holds at once',
          body: AlarmSettings,
          response: { 200: AlarmSettings, 422: Problem },
        },
      },
      async (request, reply) => {
        const written = await settings.write(request.body, request.staffId)
        return isRefusal(written) ? reply.refuse(written) : written
      },
    )
    app.post(
      '/v1/staff/alarm-settings/try',
      {
        config: { ...setting, audited: false, rateLimit: { max: trialsPerMinute, timeWindow: 60_000 } },
        schema: {
          tags,
          summary: 'How many bikes each rule would tell of; changes nothing',
          body: AlarmSettings,
          response: { 200: AlarmTrial, 422: Problem },
        },
      },
      async (request, reply) => {
        const refusal = checkAlarmSettings(request.body)
        return refusal === null ? watch.tryOut(request.body) : reply.refuse(refusal)
      },
    )
  }
