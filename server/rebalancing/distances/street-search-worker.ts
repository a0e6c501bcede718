import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../../contracts/assert.ts'
import { buildRoadGraph, type Place, type RoadGraph, type TravelMatrix, travelMatrix } from '../core/street-matrix.ts'
import { networkOf, type RoadEdges } from '../core/streets/road-edges.ts'
import { readCityStreets } from './city-streets.ts'
import { DistancesFault } from './distances.ts'
import { readRoadFile } from './road-file.ts'
import { estimatedWay } from './straight-line.ts'
import type { FoundWays, SearchAnswer, SearchRequest, StreetsSource } from './street-search-messages.ts'

/** A thread that reads its streets once, says so, and then answers one matrix after the other. */
const port = present(parentPort, 'the street search runs in a worker thread')
const say = (answer: SearchAnswer, transfer: ArrayBuffer[] = []): void => port.postMessage(answer, transfer)

const graph = load(workerData as StreetsSource)
if (graph !== null) {
  port.on('message', ({ requestId, places }: SearchRequest) => {
    const startMs = performance.now()
    const ways = wholeNumbers(travelMatrix(graph, places), places)
    const searchMs = Math.round(performance.now() - startMs)
    const columns = [ways.distanceM.buffer as ArrayBuffer, ways.driveS.buffer as ArrayBuffer]
    say({ kind: 'ways', requestId, ways, searchMs }, columns)
  })
}

/** Whole numbers, and straight lines where no street is near. */
function wholeNumbers({ distanceM, driveS, far, unplaced }: TravelMatrix, places: readonly Place[]): FoundWays {
  const count = places.length
  const ways = { distanceM: distanceM.map(Math.round), driveS: driveS.map(Math.round) }
  for (const place of unplaced) {
    for (let other = 0; other < count; other++) {
      const there = estimatedWay(places[place] as Place, places[other] as Place)
      for (const pair of [place * count + other, other * count + place]) {
        ways.distanceM[pair] = there.distanceM
        ways.driveS[pair] = there.driveS
      }
    }
  }
  return { ...ways, far: far.length, unplaced: unplaced.length }
}

function load(source: StreetsSource): RoadGraph | null {
  const startMs = performance.now()
  try {
    const { roads, attribution } = readRoads(source)
    const made = buildRoadGraph(networkOf(roads))
    const loadMs = Math.round(performance.now() - startMs)
    say({ kind: 'loaded', attribution, nodes: made.network.nodes.length, loadMs })
    return made
  } catch (error) {
    if (!(error instanceof DistancesFault)) throw error
    say({ kind: 'bad_file', message: error.message })
    return null
  }
}

function readRoads({ kind, path }: StreetsSource): { readonly roads: RoadEdges; readonly attribution: string | null } {
  if (kind === 'city_streets') return { roads: readCityStreets(path), attribution: null }
  const { header, roads } = readRoadFile(path)
  return { roads, attribution: header.attribution }
}
