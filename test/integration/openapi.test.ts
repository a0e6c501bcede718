import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestPlatform, type TestPlatform } from '../fixtures/test-platform.ts'

interface Operation {
  readonly 'x-audience'?: string
  readonly security?: readonly Readonly<Record<string, unknown>>[]
  readonly responses?: Readonly<Record<string, unknown>>
}
interface Document {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly securitySchemes: Readonly<Record<string, unknown>> }
}

let platform: TestPlatform
let document: Document

beforeAll(async () => {
  platform = await openTestPlatform()
  document = (await (await fetch(`${platform.url}/docs/json`)).json()) as Document
})
afterAll(() => platform.close())

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(await new Validator().validate({ ...structuredClone(document) })).toEqual({ valid: true })
  })

  it('holds every route with the audience that the guard checks', () => {
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(
        ([method, operation]) => `${method.toUpperCase()} ${path} ${operation['x-audience']}`,
      ),
    )
    const declared = platform.app.declaredRoutes
      .filter(({ method, url, schema }) => method !== 'HEAD' && schema?.hide !== true && !url.startsWith('/docs'))
      .map(({ method, url, config }) => `${String(method)} ${url.replace(/:(\w+)/g, '{$1}')} ${config?.audience}`)
    expect(declared.length).toBeGreaterThan(25)
    expect(documented.sort()).toEqual(declared.sort())
  })

  it('asks for the token of the audience, and of nobody else', () => {
    const withToken = ['rider', 'staff', 'crew', 'factory']
    expect(Object.keys(document.components.securitySchemes).sort()).toEqual(withToken.toSorted())
    for (const [path, operations] of Object.entries(document.paths)) {
      for (const operation of Object.values(operations)) {
        const audience = operation['x-audience'] ?? ''
        const expected = withToken.includes(audience) ? [{ [audience]: [] }] : []
        expect(operation.security, path).toEqual(expected)
      }
    }
  })

  it('says what a success looks like, except where it is empty, a page, a stream or a foreign format', () => {
    const bare = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations)
        .filter(([, operation]) => !Object.values(operation.responses ?? {}).some((answer) => hasShape(answer)))
        .map(([method]) => `${method.toUpperCase()} ${path}`),
    )
    expect(bare.sort()).toEqual(withoutShape)
  })

  it('has one beside it for what locks say, by AsyncAPI and as a page', async () => {
    const [json, page] = await Promise.all(
      ['asyncapi.json', ''].map((path) => fetch(`${platform.url}/docs/mqtt/${path}`.replace(/\/$/, ''))),
    )
    expect(await json?.json()).toMatchObject({ asyncapi: '3.0.0' })
    expect(page?.headers.get('content-security-policy')).toMatch(/^default-src 'none'/)
    expect(await page?.text()).toContain('bss/v1/dn/{lockId}/cmd')
  })

  it('is offered as a page', async () => {
    const page = await fetch(`${platform.url}/docs/static/index.html`)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/html/)])
  })
})

const hasShape = (answer: unknown): boolean => typeof answer === 'object' && answer !== null && 'content' in answer

const withoutShape = [
  'DELETE /v1/crew/sessions/current',
  'DELETE /v1/login/sessions/current',
  'DELETE /v1/staff/sessions/current',
  'GET /demo/clock/stream',
  'GET /metrics',
  'GET /r/{token}',
  'GET /v1/factory/batches/{batchId}/labels.html',
  'GET /v1/factory/batches/{batchId}/labels/{sheet}',
  'GET /v1/me/exports/{exportId}/file',
  'GET /v1/photos/{photoId}',
  'GET /v1/staff/appeals/photos/{photoId}',
  'GET /v1/staff/audit.csv',
  'GET /v1/staff/lock-batches/{batchId}/labels.html',
  'GET /v1/staff/lock-batches/{batchId}/labels/{sheet}',
  'GET /v1/staff/photos/{photoId}',
  'GET /v1/staff/reports/{night}.html',
  'GET /v1/staff/rider-reports/photos/{photoId}',
  'GET /v1/trips/{tripId}/events',
  'POST /v1/webhooks/alipay',
]
