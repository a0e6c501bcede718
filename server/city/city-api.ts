import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyReply } from 'fastify'
import { Type } from 'typebox'
import Value from 'typebox/value'
import { PublicConfig } from '../../contracts/http/config.ts'
import { CityFile } from '../../demo-city/city-files.ts'
import { openTilePack } from '../../demo-city/tile-pack.ts'

export interface CityApiDeps {
  /** Folder that demo-city/make-city.ts wrote. */
  readonly cityDir: string
  readonly demo: boolean
  readonly mapboxToken: string | null
  readonly currency: string
  readonly citySpeed: () => number
}

/** Reads what the made city says of itself. */
export async function readCityFile(cityDir: string): Promise<CityFile> {
  return Value.Parse(CityFile, JSON.parse(await readFile(join(cityDir, 'city.json'), 'utf8')))
}

const tileSeconds = 86_400

/** The basemap's tiles, and what a page must know before anybody logs in. */
export const cityApi: (deps: CityApiDeps) => FastifyPluginAsyncTypebox = (deps) => async (app) => {
  const city = await readCityFile(deps.cityDir)
  const tiles = openTilePack(deps.cityDir)
  const Zoom = Type.Integer({ minimum: 0, maximum: 22 })
  const Column = Type.Integer({ minimum: 0, maximum: 4_194_303 })

  app.get(
    '/v1/config',
    { config: { audience: 'public' }, schema: { tags: ['city'], response: { 200: PublicConfig } } },
    async () => ({
      demo: deps.demo,
      mapboxToken: deps.mapboxToken,
      // A city made anew has other tiles: browsers must not show the old ones.
      tilesUrl: `/tiles/{z}/{x}/{y}.mvt?v=${city.generatorVersion}-${city.seed}`,
      minZoom: city.minZoom,
      maxZoom: city.maxZoom,
      cityName: city.name,
      centre: city.centre,
      timeZone: city.timeZone,
      citySpeed: deps.citySpeed(),
      currency: deps.currency,
    }),
  )

  app.get(
    '/tiles/:z/:x/:y.mvt',
    {
      config: { audience: 'public', rateLimit: false },
      schema: { tags: ['city'], params: Type.Object({ z: Zoom, x: Column, y: Column }) },
    },
    async (request, reply) => {
      const { z, x, y } = request.params
      const tile = tiles.tile(z, x, y)
      reply.header('cache-control', `public, max-age=${tileSeconds}`)
      if (tile === null) return reply.code(204).send()
      return reply
        .type('application/vnd.mapbox-vector-tile')
        .header('content-encoding', tiles.contentEncoding)
        .send(Buffer.from(tile))
    },
  )
}

const yearSeconds = 31_536_000

/** The built web apps: the rider's at /, the desk's at /ops/, the crew's at /crew/. Paths inside an app get its index page. */
export const pagesApi: (distFolder: string) => FastifyPluginAsyncTypebox = (distFolder) => async (app) => {
  const rider = join(distFolder, 'rider')
  const ops = join(distFolder, 'ops')
  const crew = join(distFolder, 'crew')
  if (!existsSync(rider) || !existsSync(ops)) {
    app.log.warn(
      { distFolder },
      'the web pages are not built: run npm start, or node --import tsx scripts/build-apps.ts',
    )
    return
  }
  app.addHook('onRoute', (route) => {
    route.config = { ...route.config, audience: 'public', rateLimit: false } as NonNullable<typeof route.config>
  })
  const setHeaders = (reply: FastifyReply, path: string): void => {
    const isHashed = /[.-][A-Za-z0-9_-]{8,}\.(js|css|woff2|wasm)(\.br|\.gz)?$/.test(path)
    void reply.header('cache-control', isHashed ? `public, max-age=${yearSeconds}, immutable` : 'no-cache')
  }
  // the build packed what is worth it
  const packed = { preCompressed: true, globIgnore: ['**/*.{br,gz}'] }
  const shared = { index: ['index.html'], setHeaders, wildcard: false, ...packed }
  await app.register(fastifyStatic, { ...shared, root: rider, prefix: '/' })
  await app.register(fastifyStatic, { ...shared, root: ops, prefix: '/ops/', decorateReply: false })

  const hide = { hide: true } as const
  for (const path of ['/b/:code', '/trip/:tripId', '/mine', '/mine/*', '/rides']) {
    app.get(path, { schema: hide }, (_request, reply) => reply.sendFile('index.html', rider))
  }
  // The desk's pages are its own affair; an asset that is not there is not there.
  app.get<{ Params: { '*': string } }>('/ops/*', { schema: hide }, (request, reply) =>
    /(^assets\/|\.[a-z0-9]+$)/.test(request.params['*']) ? reply.callNotFound() : reply.sendFile('index.html', ops),
  )
  if (existsSync(crew)) {
    await app.register(fastifyStatic, { ...shared, root: crew, prefix: '/crew/', decorateReply: false })
    app.get('/crew', { schema: hide }, (_request, reply) => reply.redirect('/crew/'))
    for (const path of ['/crew/van', '/crew/route', '/crew/waiting', '/crew/more', '/crew/ready', '/crew/end']) {
      app.get(path, { schema: hide }, (_request, reply) => reply.sendFile('index.html', crew))
    }
  }
  app.get('/ops', { schema: hide }, (_request, reply) => reply.redirect('/ops/'))
  // A person who mistyped gets a page that says so; a program gets the plain no.
  app.get('/*', { schema: hide }, (request, reply) => {
    const wantsPage = request.headers.accept?.includes('text/html') === true
    const isOfOthers = /^\/(?:v1|ops|crew|demo|docs|r|tiles|assets)(?:\/|$)/.test(request.url)
    return wantsPage && !isOfOthers ? reply.code(404).sendFile('index.html', rider) : reply.callNotFound()
  })
}
