import type { Logger } from 'pino'
import type { Closing } from './closing.ts'
import type { PaymentProvider } from './payments/providers/payment-provider.ts'
import type { Database } from './platform/database.ts'
import type { QueueAddress } from './platform/queue.ts'
import type { Secrets } from './platform/secrets.ts'
import type { Settings } from './settings.ts'

/** What a platform is started with. */
export interface PlatformOrder {
  readonly settings: Settings
  readonly db: Database
  /** Null: no job store; what recurs then runs in this process alone. */
  readonly queue: QueueAddress | null
  readonly logger: Logger
  readonly secrets: Secrets
  /** What is opened here is added; the caller closes it. */
  readonly closing: Closing[]
  readonly isStopping: () => boolean
  readonly isDemo: boolean
  readonly port: number
  readonly root: string
  readonly publicUrl: string
  readonly cityDir: string | null
  readonly provider: PaymentProvider | null
}

/** When the demo's first day begins. */
export const firstMorning = { hour: 9, minute: 20, timeZone: 'Europe/Amsterdam' } as const

/** The made city has a time zone of its own. */
export const timeZoneOf = ({ isDemo, settings }: PlatformOrder): string =>
  isDemo ? firstMorning.timeZone : settings.TIME_ZONE

/** Requests a minute from one caller: a person; and a whole simulated city behind one address. */
export const personPerMinute = 600
export const cityPerMinute = 60_000
