import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import { type Static, type TSchema, Type } from 'typebox'
import { Availability, LockNumbers, mostDays, Numbers, NumbersQuery, Unmet } from '../../contracts/http/numbers.ts'
import { may } from '../../contracts/permissions.ts'
import { refuse } from '../../contracts/refusals.ts'
import { csvHeaders } from '../platform/csv.ts'
import { dayAfter, daysBetween, isDay } from './core/days.ts'
import { availabilityCsv, locksCsv, numbersCsv, unmetCsv } from './numbers-csv.ts'
import type { DayRange, NumbersReader } from './numbers-reader.ts'

/** What the operator's days came to, as figures and as tables for spreadsheets. */
export const numbersApi: (deps: { readonly numbers: NumbersReader }) => FastifyPluginAsyncTypebox =
  ({ numbers }) =>
  async (app) => {
    const config = { audience: 'staff', permission: 'numbers.see' } as const

    /** One question with its two forms of answer. */
    function table<Answer>(
      path: string,
      question: {
        readonly name: string
        readonly summary: string
        readonly shape: TSchema
        readonly read: (range: DayRange, withMoney: boolean) => Promise<Answer>
        readonly csv: (answer: Answer) => string
      },
    ): void {
      app.get(
        path,
        {
          config,
          schema: {
            tags: ['numbers'],
            summary: question.summary,
            querystring: NumbersQuery,
            response: {
              200: {
                description: 'as JSON, or with format=csv as a file',
                content: { 'application/json': { schema: question.shape }, 'text/csv': { schema: Type.String() } },
              },
            },
          },
        },
        async (request, reply) => {
          const { format } = request.query
          const range = rangeOf(request.query, numbers.today())
          const wrong = whyNotARange(range)
          if (wrong !== null) return reply.refuse(refuse('bad_request', wrong))
          const answer = await question.read(range, may(request.staffRole, 'money.see'))
          if (format !== 'csv') return reply.type('application/json; charset=utf-8').send(answer)
          return reply
            .headers(csvHeaders(`zwerm-${question.name}-${range.from}-${range.to}`))
            .send(question.csv(answer))
        },
      )
    }

    table('/v1/staff/numbers', {
      name: 'numbers',
      summary: 'Figures of days; money only for who may see it',
      shape: Numbers,
      read: (range, withMoney) => numbers.numbers(range, withMoney),
      csv: numbersCsv,
    })
    table('/v1/staff/numbers/availability', {
      name: 'availability',
      summary: 'How often a bike stood at each hotspot, by hour of the day',
      shape: Availability,
      read: (range) => numbers.availability(range),
      csv: availabilityCsv,
    })
    table('/v1/staff/numbers/unmet', {
      name: 'unmet',
      summary: 'Where and when people found no bike; not for others below `leastForOthers`',
      shape: Unmet,
      read: (range) => numbers.unmet(range),
      csv: unmetCsv,
    })
    table('/v1/staff/numbers/locks', {
      name: 'locks',
      summary: 'Locks whose unlocks failed most often',
      shape: LockNumbers,
      read: (range) => numbers.locks(range),
      csv: locksCsv,
    })
  }

function rangeOf({ from, to, days }: Static<typeof NumbersQuery>, today: string): DayRange {
  if (days !== undefined) return { from: dayAfter(today, 1 - days), to: today }
  return { from: from ?? to ?? today, to: to ?? today }
}

/** In English, for who wrote the question; null when it can be answered. */
function whyNotARange({ from, to }: DayRange): string | null {
  if (!isDay(from) || !isDay(to)) return 'querystring/from and to are days of the calendar, YYYY-MM-DD'
  if (from > to) return 'querystring/from is not after to'
  if (daysBetween(from, to).length > mostDays) return `querystring/from and to are at most ${mostDays} days`
  return null
}
