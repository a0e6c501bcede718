import '../../contracts/lean-closures.ts'
import { writeFile } from 'node:fs/promises'
import { present } from '../../contracts/assert.ts'
import { createCrowd } from './crowd.ts'
import type { CrowdNews, CrowdOrder } from './crowd-orders.ts'
import { startRealTime } from './real-time.ts'
import { startStreet } from './street.ts'

/** A process of locks: told by its parent what to do, and ends with it. */
const tell = (news: CrowdNews): void => void process.send?.(news)
const time = startRealTime()
const crowd = createCrowd(time.schedule, tell)
const street = startStreet(crowd)

async function obey(order: CrowdOrder): Promise<void> {
  switch (order.kind) {
    case 'connect':
      return crowd.connect(order)
    case 'count':
      return tell({ kind: 'count', count: { ...crowd.count(), rssBytes: process.memoryUsage.rss() } })
    case 'lever':
      return present(crowd.lock(order.lockId), 'a lever belongs to a lock of this process').pushLever()
    case 'rattle':
      return street.rattle(order.lockIds, order.everyMs)
    case 'wander':
      return street.wander(order.lockIds, order.everyMs)
    case 'still':
      return street.stop()
    case 'write': {
      const records = crowd.acknowledged()
      await writeFile(order.path, records.map((line) => `${line}\n`).join(''))
      return tell({ kind: 'write', records: records.length })
    }
  }
}

process.on('message', (order: CrowdOrder) => void obey(order))
process.on('disconnect', () => {
  street.stop()
  crowd.stop()
  time.stop()
  process.exit(0)
})
// Ctrl-C reaches every process of a terminal: the parent decides when this one ends.
process.on('SIGINT', () => undefined)
