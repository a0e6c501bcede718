import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../contracts/assert.ts'
import type { TourInstance } from './core/tours/instance.ts'
import { createIsland, type IslandChoice } from './core/tours/island.ts'
import { runCycle, type TourOrder } from './tour-cycle.ts'

/** A thread that searches on one island: each message in is a `TourOrder`, each message out a `TourAnswer`. */
const port = parentPort
assert(port !== null, 'the tour worker is started as a thread')
const { instance, choice } = workerData as { readonly instance: TourInstance; readonly choice: IslandChoice }
const island = createIsland(instance, choice)
port.on('message', (order: TourOrder) => port.postMessage(runCycle(island, order)))
