import { type FastifyPluginAsyncTypebox, TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox'
import { Type } from 'typebox'
import {
  CrewTaskDone,
  CrewTasks,
  CrewTasksQuery,
  NewReport,
  NewTask,
  ReportDeed,
  ReportKept,
  ReportList,
  ReportsQuery,
  TaskActRequest,
  TaskList,
  TaskStory,
  TasksQuery,
} from '../../contracts/http/tasks.ts'
import { BikeCodeSchema, BikeNumberSchema, Uuid } from '../../contracts/ids.ts'
import { isRefusal, Problem } from '../../contracts/refusals.ts'
import type { Reports } from './reports-service.ts'
import type { Tasks } from './tasks-service.ts'

const TaskParams = Type.Object({ taskId: Uuid })
const ReportParams = Type.Object({ reportId: Uuid })
const tags = ['tasks']

/** What is to do, at the desk and in the street, and what riders say. */
export const tasksApi: (deps: { readonly tasks: Tasks; readonly reports: Reports }) => FastifyPluginAsyncTypebox =
  ({ tasks, reports }) =>
  async (app) => {
    await app.register(deskTasks(tasks))
    await app.register(crewTasks(tasks))
    await app.register(reportRoutes(reports))
  }

const deskTasks =
  (tasks: Tasks): FastifyPluginAsyncTypebox =>
  async (app) => {
    const seeing = { audience: 'staff', permission: 'desk.see' } as const
    const handling = { audience: 'staff', permission: 'task.handle' } as const

    app.get(
      '/v1/staff/tasks',
      {
        config: seeing,
        schema: { tags, summary: 'What is to do', querystring: TasksQuery, response: { 200: TaskList } },
      },
      async (request) => tasks.list(request.query, request.staffId),
    )
    app.post(
      '/v1/staff/tasks',
      {
        config: handling,
        schema: { tags, summary: 'A new task', body: NewTask, response: { 201: TaskStory, 404: Problem } },
      },
      async (request, reply) => {
        const made = await tasks.create(request.body, request.staffId)
        return isRefusal(made) ? reply.refuse(made) : reply.code(201).send(made)
      },
    )
    app.get(
      '/v1/staff/tasks/:taskId',
      {
        config: seeing,
        schema: { tags, summary: 'One task with its history', params: TaskParams, response: { 200: TaskStory } },
      },
      async (request, reply) => {
        const story = await tasks.story(request.params.taskId)
        return isRefusal(story) ? reply.refuse(story) : story
      },
    )
    app.post(
      '/v1/staff/tasks/:taskId/acts',
      {
        config: handling,
        // Checked as it is: the usual checker would make a colleague of nobody (null).
        validatorCompiler: TypeBoxValidatorCompiler,
        schema: {
          tags,
          summary: 'Assign, start, done, drop, reopen, note',
          params: TaskParams,
          body: TaskActRequest,
          response: { 200: TaskStory, 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const { version = null, deed } = request.body
        const story = await tasks.act(request.params.taskId, deed, version, request.staffId)
        return isRefusal(story) ? reply.refuse(story) : story
      },
    )
  }

const crewTasks =
  (tasks: Tasks): FastifyPluginAsyncTypebox =>
  async (app) => {
    const config = { audience: 'crew' } as const
    app.get(
      '/v1/crew/tasks',
      {
        config,
        schema: { tags, summary: 'What is to do near here', querystring: CrewTasksQuery, response: { 200: CrewTasks } },
      },
      async (request) => {
        const { lon, lat } = request.query
        return tasks.near(request.staffId, lon === undefined || lat === undefined ? null : { lon, lat })
      },
    )
    app.post(
      '/v1/crew/tasks/:taskId/done',
      {
        config,
        schema: {
          tags,
          summary: 'It is done; a repeat changes nothing',
          params: TaskParams,
          body: CrewTaskDone,
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const deed = { act: 'done', ...request.body } as const
        const story = await tasks.act(request.params.taskId, deed, null, request.staffId)
        if (!isRefusal(story)) return reply.code(204).send(null)
        const known = story.code === 'task_ended' ? await tasks.story(request.params.taskId) : story
        return isRefusal(known) || known.task.state !== 'done' ? reply.refuse(story) : reply.code(204).send(null)
      },
    )
  }

/** From one rider. */
const reportsPerHour = 20

const reportRoutes =
  (reports: Reports): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post(
      '/v1/bikes/:code/reports',
      {
        config: {
          audience: 'rider',
          rateLimit: {
            max: reportsPerHour,
            timeWindow: 3_600_000,
            hook: 'preHandler',
            keyGenerator: (request) => request.riderId,
          },
        },
        schema: {
          tags,
          summary: 'Say that something is wrong with a bike',
          params: Type.Object({ code: Type.Union([BikeCodeSchema, BikeNumberSchema]) }),
          body: NewReport,
          response: { 201: ReportKept, 404: Problem, 409: Problem, 429: Problem },
        },
      },
      async (request, reply) => {
        const kept = await reports.say(request.riderId, request.params.code, request.body)
        return isRefusal(kept) ? reply.refuse(kept) : reply.code(201).send(kept)
      },
    )
    app.get(
      '/v1/staff/rider-reports',
      {
        config: { audience: 'staff', permission: 'desk.see' },
        schema: { tags, summary: 'What riders say', querystring: ReportsQuery, response: { 200: ReportList } },
      },
      async (request) => reports.list(request.query),
    )
    app.post(
      '/v1/staff/rider-reports/:reportId/acts',
      {
        config: { audience: 'staff', permission: 'report.handle' },
        schema: {
          tags,
          summary: 'Seen, closed, or an alarm made of it',
          params: ReportParams,
          body: ReportDeed,
          response: { 204: Type.Null(), 404: Problem, 409: Problem },
        },
      },
      async (request, reply) => {
        const refusal = await reports.act(request.params.reportId, request.body, request.staffId)
        return refusal === null ? reply.code(204).send(null) : reply.refuse(refusal)
      },
    )
  }
