import { brokerRestart } from './broker-restart.ts'
import { clonedLock } from './cloned-lock.ts'
import { databaseAway } from './database-away.ts'
import { deadZone } from './dead-zone.ts'
import { jammedBolt } from './jammed-bolt.ts'
import { rushHour } from './rush-hour.ts'
import type { Scenario } from './scenario.ts'
import { theftNight } from './theft-night.ts'

export const scenarios = {
  'rush-hour': rushHour,
  'dead-zone': deadZone,
  'jammed-bolt': jammedBolt,
  'cloned-lock': clonedLock,
  'broker-restart': brokerRestart,
  'database-away': databaseAway,
  'theft-night': theftNight,
} as const satisfies Readonly<Record<string, Scenario>>

export type ScenarioName = keyof typeof scenarios

export const isScenarioName = (name: string): name is ScenarioName => Object.hasOwn(scenarios, name)
