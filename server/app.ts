import fastifyCookie from '@fastify/cookie'
import fastifyHelmet from '@fastify/helmet'
import fastifyRateLimit from '@fastify/rate-limit'
import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastifyWebsocket from '@fastify/websocket'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyPluginAsync,
  LogController,
  type RouteOptions,
} from 'fastify'
import type { Logger } from 'pino'
import { traceColleagues } from './audit/audit-hook.ts'
import type { Audit } from './audit/audit-service.ts'
import { type GuardDeps, guardAudiences } from './platform/audience-guard.ts'
import type { Clock } from './platform/clock.ts'
import type { Database } from './platform/database.ts'
import { keepFirstAnswers } from './platform/idempotency.ts'
import { answerWithProblems } from './platform/problem-reply.ts'
import { refuseUnstorableText } from './platform/refuse-unstorable-text.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every route of this application, as it was registered: the access test walks them all. */
    readonly declaredRoutes: readonly RouteOptions[]
  }
}

export interface AppDeps {
  readonly db: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly guard: GuardDeps
  /** Where colleagues' acts are written down; only a test of a few routes goes without. */
  readonly audit?: Audit
  /** Requests per minute and caller; a simulated city comes from one address. */
  readonly requestsPerMinute: number
  /** The rooms' own routes. */
  readonly routes: readonly FastifyPluginAsync[]
  /** Hosts besides our own that the live map may ask: Mapbox, when a token is set. */
  readonly mapHosts: readonly string[]
}

const largestBodyBytes = 64 * 1024
const slowestRequestMs = 15_000

/** The only builder of the HTTP application, for production and tests alike. */
export async function buildApp(deps: AppDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger as FastifyBaseLogger,
    // One line a decision, from the rooms; a line a request would bury them.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: largestBodyBytes,
    requestTimeout: slowestRequestMs,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', allErrors: false } },
  }).withTypeProvider<TypeBoxTypeProvider>()

  const declaredRoutes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void declaredRoutes.push(route))
  app.decorate('declaredRoutes', declaredRoutes)
  answerWithProblems(app)
  await app.register(fastifyCookie)
  guardAudiences(app, deps.guard)
  if (deps.audit) traceColleagues(app, deps.audit)
  refuseUnstorableText(app)
  await app.register(fastifyHelmet, { contentSecurityPolicy: { directives: pagePolicy(deps.mapHosts) }, hsts: false })
  await app.register(fastifyRateLimit, {
    max: deps.requestsPerMinute,
    timeWindow: 60_000,
    // Whom the guard has let in, else the address: a token that nobody issued must not open a fresh allowance.
    keyGenerator: (request) => request.riderId || request.staffId || request.ip,
    addHeadersOnExceeding: {
      'x-ratelimit-limit': false,
      'x-ratelimit-remaining': false,
      'x-ratelimit-reset': false,
    },
  })
  keepFirstAnswers(app, deps)
  await app.register(fastifyWebsocket, { options: { maxPayload: 4_096 } })
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Zwerm', version: '1', description: 'Scan, pay, ride, lock, done.' },
      components: {
        securitySchemes: {
          rider: { type: 'http', scheme: 'bearer', description: 'token of POST /v1/login/sessions' },
          staff: { type: 'http', scheme: 'bearer', description: 'token of POST /v1/staff/sessions' },
          crew: { type: 'http', scheme: 'bearer', description: 'token of POST /v1/crew/sessions' },
          factory: { type: 'http', scheme: 'bearer', description: 'DATA_DIR/secrets/factory-token' },
        },
      },
    },
    transform: ({ schema, url, route }) => {
      const audience = route.config?.audience
      const needsToken = audience !== undefined && ['rider', 'staff', 'crew', 'factory'].includes(audience)
      const security = needsToken ? [{ [audience]: [] }] : []
      return { url, schema: { ...schema, security, 'x-audience': audience } }
    },
  })
  await app.register(async (docs) => {
    docs.addHook('onRoute', (route) => {
      route.config = { ...route.config, audience: 'public' }
    })
    await docs.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: false })
  })
  for (const routes of deps.routes) await app.register(routes)
  await app.ready()
  return app
}

/** What our pages may load: only what we serve ourselves (ui-and-maps.md, 7), and Mapbox where the operator uses it. */
const pagePolicy = (mapHosts: readonly string[]) => ({
  defaultSrc: ["'self'"],
  scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
  workerSrc: ["'self'", 'blob:'],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  connectSrc: ["'self'", 'data:', ...mapHosts],
  mediaSrc: ["'self'", 'blob:'],
  formAction: ["'self'"],
  upgradeInsecureRequests: null,
})
