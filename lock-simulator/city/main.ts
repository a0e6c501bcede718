import { openCity } from './city.ts'
import { createLog } from './log.ts'
import { readCitySettings } from './settings.ts'

/**
 * The simulated city as a process. Prints `{"ready":true,"controlUrl":…}` when bikes are connected and riders ride;
 * everything else on standard output is a plain line. SIGTERM and SIGINT save where the bikes are, then stop.
 */
const wrongSettingExitCode = 2
const log = createLog((line) => void process.stdout.write(`${line}\n`))
let stopping = false
let stop: () => Promise<void> = async () => undefined

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => {
    if (stopping) return
    stopping = true
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.line(`the city could not stop cleanly: ${String(error)}`)
        process.exit(1)
      },
    )
  })
}

try {
  const settings = readCitySettings(process.env, process.cwd())
  const city = await openCity(settings, log, () => stopping)
  stop = city.stop
  if (!stopping) process.stdout.write(`${JSON.stringify({ ready: true, controlUrl: city.controlUrl })}\n`)
  else {
    await city.stop()
    process.exit(0)
  }
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(wrongSettingExitCode)
}
