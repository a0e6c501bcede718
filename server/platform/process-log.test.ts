import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, describe, expect, it } from 'vitest'

const here = (file: string) => new URL(file, import.meta.url).href
const script = `
  const { openProcessLog } = await import('${here('./process-log.ts')}')
  const { logger, sayLastWords } = openProcessLog('info')
  process.stdin.resume().on('end', async () => {
    for (let n = 0; n < Number(process.env.LINES); n++) logger.error({ n }, 'a last word')
    await sayLastWords()
    process.exit(0)
  })
  process.stderr.write('ready')
`
/** More than a pipe that nobody reads takes. */
const tooMany = 5_000
const children: ChildProcessWithoutNullStreams[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

function start(lines: number): ChildProcessWithoutNullStreams {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    cwd: new URL('../..', import.meta.url),
    env: { ...process.env, LINES: String(lines) },
  })
  children.push(child)
  return child
}

describe('a process that ends', () => {
  it.each([0, 1, 2, 500])('writes what its log still held: %d lines', async (lines) => {
    const child = start(lines)
    await once(child.stderr, 'data')
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => {
      said += String(chunk)
    })
    child.stdin.end()
    expect((await once(child, 'close'))[0]).toBe(0)
    expect(said.split('\n').filter((line) => line.includes('a last word'))).toHaveLength(lines)
  })

  it.each([1, 2, 500])('ends, though the reader of its log is gone: %d lines', async (lines) => {
    const child = start(lines)
    await once(child.stderr, 'data')
    child.stdout.destroy()
    child.stdin.end()
    expect((await once(child, 'exit'))[0]).toBe(0)
  })

  it('ends, though the reader of its log stands still', async () => {
    const child = start(tooMany)
    await once(child.stderr, 'data')
    child.stdin.end()
    expect((await once(child, 'exit'))[0]).toBe(0)
  })
})
