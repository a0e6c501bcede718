import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'zwerm-plan-'))
const path = join(folder, 'four.txt')
writeFileSync(path, '4\n0 2 -2 1\n2\n1e+009 1 5 1\n5 1e+009 1 5\n1 5 1e+009 5\n1 5 5 1e+009\n')
afterAll(() => rmSync(folder, { recursive: true }))

function plan(...args: string[]) {
  const run = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/plan.ts', ...args], { encoding: 'utf8' })
  return { code: run.status, out: run.stdout, said: run.stderr.trim() }
}

describe('npm run plan', () => {
  it('prints one line of JSON with the routes from and to the depot', () => {
    const { code, out } = plan('--brp', path, '--iterations', '60', '--seed', '3')
    expect(code).toBe(0)
    expect(out.trim().split('\n')).toHaveLength(1)
    const answer = JSON.parse(out) as { seconds: number }
    expect(answer).toEqual({ cost: 5, vehicles: 2, feasible: true, seconds: answer.seconds, routes: expect.anything() })
    expect(answer).toMatchObject({
      routes: expect.arrayContaining([
        [0, 1, 2, 0],
        [0, 3, 0],
      ]),
    })
  })

  it.each([
    [[], 'give either --brp FILE or --pdtsp FILE (see --help)'],
    [['--brp', path, '--seconds', '0.4'], '--seconds is "0.4", a number from 0.5 to 3600 was expected'],
    [['--brp', path, '--seconds', '1', '--iterations', '5'], 'give either --seconds or --iterations, not both'],
    [
      ['--brp', path, '--seed', '4294967296'],
      '--seed is "4294967296", a whole number from 0 to 4294967295 was expected',
    ],
    [['--pdtsp', path], 'four.txt: line 1: found "4" where a number of a section or a known header was expected'],
    [['--brp', join(folder, 'none.txt')], 'none.txt: cannot be read'],
    [['--fast'], "Unknown option '--fast'"],
  ])('ends with code 2 and one sentence for %j', (args, sentence) => {
    const { code, out, said } = plan(...args)
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(said).toContain(sentence)
    expect(said.split('\n')).toHaveLength(1)
  })
})
