import { parentPort, workerData } from 'node:worker_threads'
import { present } from '../../contracts/assert.ts'
import { reasonsFor } from './core/tonight/reasons-of-plan.ts'
import type { ReasonsOrder } from './plan-reasons.ts'

const { problem, plan, progress } = workerData as ReasonsOrder
present(parentPort, 'reasons are found in a thread of their own').postMessage(reasonsFor(problem, plan, progress))
