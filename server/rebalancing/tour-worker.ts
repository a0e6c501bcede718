import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../contracts/assert.ts'
import { createSearch, type SearchChoice } from './core/tours/improve-tours.ts'
import type { TourInstance } from './core/tours/instance.ts'
import { runCycle, type TourOrder } from './tour-cycle.ts'

/** A thread that anneals one search: each message in is a `TourOrder`, each message out a `TourAnswer`. */
const port = parentPort
assert(port !== null, 'the tour worker is started as a thread')
const { instance, choice } = workerData as { readonly instance: TourInstance; readonly choice: SearchChoice }
const search = createSearch(instance, choice)
port.on('message', (order: TourOrder) => port.postMessage(runCycle(search, order)))
