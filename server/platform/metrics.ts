import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Prometheus metrics of one server. What has to be asked for (ledger, stuck trips) is asked at the scrape. */
export interface Metrics {
  readonly tripsTotal: Counter<'outcome'>
  readonly unlockSeconds: Histogram
  readonly uplinkRecordsTotal: Counter<'kind'>
  readonly refusedUplinksTotal: Counter
  /** What the broker did and refused, by kind. */
  readonly brokerEventsTotal: Counter<'event'>
  /** Locks without coverage: grants, receipts, keys, forged ones. */
  readonly noCoverageEventsTotal: Counter<'event'>
  readonly paymentEventsTotal: Counter<'event'>
  /** Adds a gauge whose value `read` gives at each scrape. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
  /** The same with one label. */
  gauges(name: string, help: string, label: string, read: () => Promise<ReadonlyMap<string, number>>): void
  text(): Promise<string>
  close(): void
}

export function createMetrics(): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const loop = monitorEventLoopDelay({ resolution: 20 })
  loop.enable()
  const metrics: Metrics = {
    tripsTotal: new Counter({
      name: 'zwerm_trips_total',
      help: 'Trips that came to rest, by outcome',
      labelNames: ['outcome'],
      registers,
    }),
    unlockSeconds: new Histogram({
      name: 'zwerm_unlock_seconds',
      help: 'From the order to the lock reporting open, real seconds',
      buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15],
      registers,
    }),
    uplinkRecordsTotal: new Counter({
      name: 'zwerm_uplink_records_total',
      help: 'Records of locks that were stored',
      labelNames: ['kind'],
      registers,
    }),
    refusedUplinksTotal: new Counter({
      name: 'zwerm_uplinks_refused_total',
      help: 'Messages of locks that could not be read',
      registers,
    }),
    brokerEventsTotal: new Counter({
      name: 'zwerm_broker_events_total',
      help: 'Connections and messages of locks, by what the broker made of them',
      labelNames: ['event'],
      registers,
    }),
    noCoverageEventsTotal: new Counter({
      name: 'zwerm_no_coverage_events_total',
      help: 'Locks opened and heard through phones, by what came of it',
      labelNames: ['event'],
      registers,
    }),
    paymentEventsTotal: new Counter({
      name: 'zwerm_payment_events_total',
      help: 'What became of payments; `suspect` must stay at 0',
      labelNames: ['event'],
      registers,
    }),
    gauge: (name, help, read) => {
      new Gauge({
        name,
        help,
        registers,
        async collect() {
          this.set(await read())
        },
      })
    },
    gauges: (name, help, label, read) => {
      new Gauge({
        name,
        help,
        labelNames: [label],
        registers,
        async collect() {
          this.reset()
          for (const [value, amount] of await read()) this.set({ [label]: value }, amount)
        },
      })
    },
    text: () => registry.metrics(),
    close: () => loop.disable(),
  }
  metrics.paymentEventsTotal.inc({ event: 'suspect' }, 0)
  for (const outcome of ['completed', 'failed', 'cancelled']) metrics.tripsTotal.inc({ outcome }, 0)
  metrics.gauge('zwerm_event_loop_delay_seconds', '99th percentile since the last scrape', () => {
    const p99 = loop.percentile(99) / 1e9
    loop.reset()
    return p99
  })
  return metrics
}
