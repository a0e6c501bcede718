import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { faultsIn } from './world/fault-kinds.ts'

/** What came of some seeds, and how often what happened in them. */
export interface Lived {
  readonly passed: number
  readonly failed: number
  readonly counts: Readonly<Record<string, number>>
}

export function sumOf(a: Lived, b: Lived): Lived {
  const counts: Record<string, number> = { ...a.counts }
  for (const [name, times] of Object.entries(b.counts)) counts[name] = (counts[name] ?? 0) + times
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, counts }
}

/** Runs the seeds in `jobs` processes and passes on what they say. */
export async function shareOut(args: readonly string[], jobs: number): Promise<Lived> {
  const runner = fileURLToPath(new URL('run.ts', import.meta.url))
  let total: Lived = { passed: 0, failed: 0, counts: {} }
  const runs = Array.from({ length: jobs }, async (_, part) => {
    const child = spawn(process.execPath, [...process.execArgv, runner, ...args, '--share', `${part}/${jobs}`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = once(child, 'close') as Promise<[number | null]>
    let hasSummed = false
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('sum ')) {
        hasSummed = true
        total = sumOf(total, JSON.parse(line.slice('sum '.length)) as Lived)
      } else console.log(line)
    }
    await ended
    // A process that broke off has proved nothing about the seeds it had left.
    if (!hasSummed) total = sumOf(total, { passed: 0, failed: 1, counts: {} })
  })
  await Promise.all(runs)
  return total
}

/** How often each kind of fault truly happened. Answers which never did. */
export function printTable({ counts }: Lived): readonly string[] {
  const faults = [...faultsIn(counts)]
  for (const [kind, times] of faults) if (times > 0) console.log(`  ${String(times).padStart(9)}  ${kind}`)
  const missing = faults.filter(([, times]) => times === 0).map(([kind]) => kind)
  const sum = (prefix: string) =>
    Object.entries(counts).reduce((total, [name, times]) => total + (name.startsWith(prefix) ? times : 0), 0)
  console.log(`${sum('ride')} rides, ${sum('command sent')} commands, ${sum('record stored')} records`)
  return missing
}
