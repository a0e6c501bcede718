import { mkdirSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { buildRoadGraph } from '../server/rebalancing/core/street-matrix.ts'
import { networkOf } from '../server/rebalancing/core/streets/road-edges.ts'
import { readRoadFile, writeRoadFile } from '../server/rebalancing/distances/road-file.ts'
import { readOsmExtract } from './import-streets/read-osm-extract.ts'

/** Makes the road file of the night plan out of an OpenStreetMap extract. Progress goes to standard error. */
const usage = 'usage: npm run import-streets -- FILE.osm.pbf [--out FOLDER]    (default: DATA_DIR/streets)'

await main().catch((failure: unknown) => {
  process.stderr.write(`${failure instanceof Error ? failure.message : String(failure)}\n`)
  process.exitCode = 1
})

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ options: { out: { type: 'string' } }, allowPositionals: true })
  const [extract] = positionals
  if (extract === undefined || positionals.length > 1) throw new Error(usage)
  const folder = resolve(values.out ?? join(process.env.DATA_DIR ?? './data', 'streets'))
  const progress = (sentence: string) => void process.stderr.write(`${sentence}\n`)

  const { roads, counts } = await readOsmExtract(extract, progress)
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `${basename(extract).replace(/\.osm\.pbf$|\.pbf$/, '')}.roads`)
  const header = writeRoadFile(path, roads, {
    attribution: '© OpenStreetMap contributors',
    licence: 'Open Database License (ODbL) 1.0, https://www.openstreetmap.org/copyright',
    source: basename(extract),
  })
  progress('written; reading it again as the server will')
  const { network } = buildRoadGraph(networkOf(readRoadFile(path).roads))
  const whole = networkOf(roads)
  process.stdout.write(
    `${[
      `ways      ${counts.waysRead} read, ${counts.waysKept} kept, ${counts.waysDropped} dropped (no street for vans, or closed to them)`,
      `nodes     ${counts.nodesRead} read, ${counts.nodesKept} kept, ${counts.nodesMissing} missing in the extract`,
      `barriers  ${counts.barriers} that no van passes`,
      `stretches ${counts.edges}, ${counts.oneWayEdges} of them one-way`,
      `connected ${Math.round((100 * network.arcs.from.length) / whole.arcs.from.length)} % of all street directions, both there and back`,
      `box       ${header.bbox.map((degrees) => degrees.toFixed(4)).join(', ')}`,
      `${header.attribution}; ${header.licence}`,
      `ROAD_FILE=${path}`,
    ].join('\n')}\n`,
  )
}
